import { commands } from "./command.ts";
import type { PackageFacts, PackageManager } from "./facts.ts";

const RUN: Readonly<Record<PackageManager, string>> = {
  npm: "npx",
  pnpm: "pnpm exec",
  yarn: "yarn",
  bun: "bunx",
};

/** "npx prisma", "pnpm exec prisma" … By itself where there is no package manager to call it. */
export function inProject(manager: PackageManager | undefined, program: string): string {
  return manager === undefined ? program : `${RUN[manager]} ${program}`;
}

const ADD: Readonly<Record<PackageManager, string>> = {
  npm: "npm install --save-dev",
  pnpm: "pnpm add --save-dev",
  yarn: "yarn add --dev",
  bun: "bun add --dev",
};

/** What the package manager does. */
export const packages = commands("packages", "package manager", {
  run: ["runs a program of the project", (manager: PackageManager, command: string) => inProject(manager, command)],
  locked: [
    "installs exactly what is locked",
    ({ manager, berry, lock }: PackageFacts) => {
      if (manager === "npm") return lock === undefined ? "npm install" : "npm ci";
      if (manager === "yarn") return berry ? "yarn install --immutable" : "yarn install --frozen-lockfile";
      return `${manager} install --frozen-lockfile`;
    },
  ],
  corepack: ["makes the package manager that package.json names available", () => "corepack enable"],
  bun: ["brings bun where only Node is", () => "npm install --global bun"],
  addLockstep: [
    "makes lockstep a dependency of the project",
    // A workspace's root has to be named as such.
    ({ manager }: PackageFacts, isWorkspaceRoot: boolean) => {
      const root = { pnpm: " --workspace-root", yarn: " --ignore-workspace-root-check", npm: "", bun: "" }[manager];
      return `${ADD[manager]}${isWorkspaceRoot ? root : ""} lockstep`;
    },
  ],
});
