import { git } from "../../../advice/programs/git.ts";
import { lockstep } from "../../../advice/programs/lockstep.ts";
import { packages as install } from "../../../advice/programs/packages.ts";
import { shell } from "../../../advice/programs/shell.ts";
import type { Packages } from "../package-manager.ts";
import { addToYaml, readYaml } from "../yaml-edit.ts";
import { isRecord } from "../../../engine/config.ts";
import { IN_WORDS } from "../../../advice/programs/facts.ts";

export interface CiProject {
  readonly packages: Packages;
  /** From the git root to the package that lockstep belongs to; "" where they are the same. */
  readonly home: string;
  /** What pull requests are checked out with: "22", or the file that says it. */
  readonly node: { readonly version: string } | { readonly file: string };
}

/** A GitHub workflow that checks each pull request with the project's own lockstep. */
export function workflowText({ packages, home, node }: CiProject): string {
  const inHome = (path: string): string => (home === "" ? path : `${home}/${path}`);
  const { manager, lock } = packages;
  const check = lockstep.installed(manager, {
    format: "github",
    outputFiles: ["sarif=lockstep.sarif", "checklist=lockstep-checklist.md"],
  });
  const setup = [
    ...(manager === "pnpm"
      ? [
          "      - uses: pnpm/action-setup@v4",
          ...(packages.pinned ? [] : ["        with:", "          version: latest"]),
        ]
      : []),
    ...(manager === "bun" ? ["      - uses: oven-sh/setup-bun@v2"] : []),
    ...(packages.berry ? [`      - run: ${install.corepack().text}`] : []),
    "      - uses: actions/setup-node@v4",
    "        with:",
    "file" in node ? `          node-version-file: ${node.file}` : `          node-version: ${node.version}`,
    ...(manager !== "bun" && lock !== undefined
      ? [`          cache: ${manager}`, ...(home === "" ? [] : [`          cache-dependency-path: "**/${lock}"`])]
      : []),
  ];
  return `# Checks the migrations of a pull request. Made by "${lockstep.init(IN_WORDS).text}"; change it as you like.
name: lockstep

on: pull_request

permissions:
  contents: read
  security-events: write # for upload-sarif

jobs:
  migrations:
    runs-on: ubuntu-latest
${home === "" ? "" : `    defaults:\n      run:\n        working-directory: ${home}\n`}    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the base branch has to be there
${setup.join("\n")}
      - run: ${install.locked(packages).text}
      - run: ${check.text}
      - name: The checklist of the deployment, on the page of the run
        if: \${{ !cancelled() && hashFiles('${inHome("lockstep-checklist.md")}') != '' }}
        run: cat lockstep-checklist.md >> "$GITHUB_STEP_SUMMARY"
      # Code scanning is free for public repositories. Forks have no right to upload.
      - uses: github/codeql-action/upload-sarif@v3
        if: \${{ !cancelled() && !github.event.repository.private && !github.event.pull_request.head.repo.fork && hashFiles('${inHome("lockstep.sarif")}') != '' }}
        with:
          sarif_file: ${inHome("lockstep.sarif")}
`;
}

/** The job for .gitlab-ci.yml, as lines and as the data that they stand for. `stage` where the pipeline's stages leave out the default one. */
export function gitlabJob(
  { packages, home, node }: CiProject,
  stage?: string,
): { readonly lines: readonly string[]; readonly value: unknown } {
  const inHome = (path: string): string => (home === "" ? path : `${home}/${path}`);
  const script = [
    git.fetchMergeTarget(),
    ...(home === "" ? [] : [shell.go(home)]),
    ...(packages.manager === "pnpm" || packages.berry
      ? [install.corepack()]
      : packages.manager === "bun"
        ? [install.bun()]
        : []),
    install.locked(packages),
    lockstep.installed(packages.manager, {
      outputFiles: ["gitlab=lockstep-quality.json", "junit=lockstep-junit.xml"],
    }),
  ].map(({ text }) => text);
  const image = `node:${"version" in node ? node.version : "22"}`;
  const rule = '$CI_PIPELINE_SOURCE == "merge_request_event"';
  const reports = { codequality: inHome("lockstep-quality.json"), junit: inHome("lockstep-junit.xml") };
  const lines = [
    "lockstep:",
    ...(stage === undefined ? [] : [`  stage: ${stage}`]),
    `  image: ${image}`,
    "  variables:",
    "    GIT_DEPTH: 0 # the base branch has to be there, with its history",
    "  rules:",
    `    - if: ${rule}`,
    "  script:",
    ...script.map((line) => `    - ${/["':]/.test(line) ? `'${line.replaceAll("'", "''")}'` : line}`),
    "  artifacts:",
    "    when: always",
    "    reports:",
    `      codequality: ${reports.codequality}`,
    `      junit: ${reports.junit}`,
  ];
  return {
    lines,
    value: {
      ...(stage !== undefined && { stage }),
      image,
      variables: { GIT_DEPTH: 0 },
      rules: [{ if: rule }],
      script,
      artifacts: { when: "always", reports },
    },
  };
}

/** .gitlab-ci.yml with the job at its end; undefined where that is not done line by line. */
export function withGitlabJob(before: string, project: CiProject): string | undefined {
  const data = readYaml(before)?.value ?? {};
  const stages =
    isRecord(data) && Array.isArray(data["stages"])
      ? data["stages"].filter((stage): stage is string => typeof stage === "string")
      : ["test"];
  const stage = stages.includes("test")
    ? undefined
    : (stages.find((each) => /^(lint|check|verify|quality)/.test(each)) ?? stages[0]);
  const { lines, value } = gitlabJob(project, stage);
  return addToYaml(before, { path: [], key: "lockstep", lines: before.trim() === "" ? lines : ["", ...lines], value });
}
