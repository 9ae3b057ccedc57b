import { commands } from "./command.ts";
import type { PackageManager, ProjectFacts } from "./facts.ts";
import { inProject } from "./packages.ts";
import { shellWord } from "./shell.ts";

interface Base {
  /** What counts as deployed, as git takes it. */
  readonly base?: string;
}

interface Paths extends Base {
  readonly all?: boolean;
  /** "PATH", or one that is there. */
  readonly path?: string;
}

interface Check extends Paths {
  readonly staged?: boolean;
  readonly rehearse?: boolean;
  readonly writeBaseline?: boolean;
  readonly format?: string;
  /** "gitlab=quality.json" */
  readonly outputFiles?: readonly string[];
}

/** lockstep's own commands, as `lockstep help` has them. */
export const lockstep = commands("lockstep", "lockstep", {
  init: ["sets lockstep up in a project", (facts: ProjectFacts) => `${call(facts)} init`],
  doctor: ["says what a check goes by, and what is missing", (facts: ProjectFacts) => `${call(facts)} doctor`],
  check: ["checks what is pending", (facts: ProjectFacts, flags: Check = {}) => `${call(facts)} check${given(flags)}`],
  rehearse: [
    "runs what is pending in a PostgreSQL of its own",
    (facts: ProjectFacts, flags: Paths = {}) => `${call(facts)} rehearse${given(flags)}`,
  ],
  down: [
    "writes down.sql beside what is pending, and proves it",
    (facts: ProjectFacts, flags: Base = {}) => `${call(facts)} down${given(flags)}`,
  ],
  checklist: [
    "fills in the checklist for the deployment",
    (facts: ProjectFacts, flags: Base = {}) => `${call(facts)} checklist${given(flags)}`,
  ],
  stats: ["prints the query for the sizes of tables", (facts: ProjectFacts) => `${call(facts)} stats`],
  branches: ["compares all live branches", (facts: ProjectFacts) => `${call(facts)} branches`],
  rules: ["lists the rules", (facts: ProjectFacts) => `${call(facts)} rules`],
  explain: ["says why a rule is there", (facts: ProjectFacts, rule: string) => `${call(facts)} explain ${rule}`],
  help: ["lists the commands", (facts: ProjectFacts) => `${call(facts)} help`],
  /** For hooks and CI: the project's own, and never one from a registry. */
  installed: [
    "checks with the lockstep that is installed",
    (manager: PackageManager, flags: Check = {}) => `${OWN[manager]} check${given(flags)}`,
  ],
  /** Without the package manager, where the program is certainly beside: at each commit every tenth of a second counts. */
  beside: [
    "checks with the lockstep of this very folder",
    (flags: Check = {}) => `node_modules/.bin/lockstep check${given(flags)}`,
  ],
});

const OWN: Readonly<Record<PackageManager, string>> = {
  npm: "npx --no-install lockstep",
  pnpm: "pnpm exec lockstep",
  yarn: "yarn lockstep",
  bun: "bunx --no-install lockstep",
};

const call = ({ packageManager }: ProjectFacts): string => inProject(packageManager, "lockstep");

function given({ base, all, staged, rehearse, writeBaseline, format, outputFiles = [], path }: Check): string {
  const words = [
    ...(base === undefined ? [] : ["--base", shellWord(base)]),
    ...(all === true ? ["--all"] : []),
    ...(staged === true ? ["--staged"] : []),
    ...(rehearse === true ? ["--rehearse"] : []),
    ...(writeBaseline === true ? ["--write-baseline"] : []),
    ...(format === undefined ? [] : ["--format", format]),
    ...outputFiles.flatMap((file) => ["--output-file", file]),
    ...(path === undefined ? [] : [path]),
  ];
  return words.map((word) => ` ${word}`).join("");
}
