import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { git } from "../../../source/git/repository.ts";
import { callsLockstep } from "../hooks/index.ts";
import { read, readManifest, scriptsOf } from "../package-manager.ts";

export type CiName = "github" | "gitlab";

/** The CI of a work tree. */
export interface FoundCi {
  /** Known kinds by their files, else by the address of the remote. */
  readonly kinds: readonly CiName[];
  /** From the git root: files that say what CI does. */
  readonly files: readonly string[];
  /** Those that call lockstep. */
  readonly calling: readonly string[];
}

export const WORKFLOW = ".github/workflows/lockstep.yml";
export const GITLAB = ".gitlab-ci.yml";
const OTHERS = [
  "bitbucket-pipelines.yml",
  "azure-pipelines.yml",
  "Jenkinsfile",
  ".circleci/config.yml",
  ".woodpecker.yml",
  ".drone.yml",
  "buildkite/pipeline.yml",
  ".buildkite/pipeline.yml",
];

/** What runs the CI of the work tree `root`; `home` (in it) is the package whose scripts may call lockstep. */
export function findCi(root: string, home: string): FoundCi {
  const workflows = entries(join(root, ".github", "workflows"))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `.github/workflows/${name}`);
  const files = [...workflows, ...[GITLAB, ...OTHERS].filter((name) => existsSync(join(root, name)))];
  const scripts = new Map([root, home].flatMap((directory) => [...scriptsOf(readManifest(directory))]));
  const calling = files.filter((name) => callsLockstep(read(join(root, name)) ?? "", scripts));
  const kinds: CiName[] = [];
  if (workflows.length > 0) kinds.push("github");
  if (files.includes(GITLAB)) kinds.push("gitlab");
  if (files.length === 0) {
    const remote = remoteHost(root);
    if (/github/.test(remote)) kinds.push("github");
    else if (/gitlab/.test(remote)) kinds.push("gitlab");
  }
  return { kinds, files, calling };
}

/** The host of origin, else of any remote; "" without one. */
function remoteHost(root: string): string {
  const run = git(root, ["config", "--get-regexp", String.raw`^remote\..*\.url$`]);
  const lines = run.ok ? run.value.toString("utf8").split("\n") : [];
  const url = (lines.find((line) => line.startsWith("remote.origin.url ")) ?? lines[0] ?? "").replace(/^\S+ /, "");
  return (/^(?:\w+:\/\/)?(?:[^@/]*@)?([^:/]+)/.exec(url)?.[1] ?? "").toLowerCase();
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
