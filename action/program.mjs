import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { failure, success } from "./outcome.mjs";

/**
 * The program to start with Node: that of the project, found from `directory` upward, or `version` from the registry, installed in a folder of its own.
 * @param {{ readonly version: string, readonly directory: string, readonly scratch: string }} options `scratch`: a folder that ends with the job
 * @returns {import("./outcome.mjs").Outcome<string>}
 */
export function findProgram({ version, directory, scratch }) {
  if (version === "") {
    for (let place = directory; ; place = dirname(place)) {
      const program = programIn(join(place, "node_modules/lockstep"));
      if (program !== undefined) return success(program);
      if (dirname(place) === place)
        return failure(
          `lockstep is not installed in ${directory}: run "npm ci" in a step before this one, or name a version with the input version.`,
        );
    }
  }
  const home = join(scratch, `lockstep-${version.replace(/[^0-9A-Za-z.+-]/g, "_")}`);
  const installed = join(home, "node_modules/lockstep");
  if (programIn(installed) === undefined) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), '{ "private": true }\n');
    // npm is a batch file on Windows, which only a shell starts: nothing but the version, which was looked at, is handed to it.
    const run = spawnSync(
      "npm",
      ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", `lockstep@${version}`],
      { cwd: home, encoding: "utf8", shell: process.platform === "win32" },
    );
    if (run.error)
      return failure(
        `npm could not be started (${run.error.code}), which installs lockstep ${version}: set up Node.js in a step before this one.`,
      );
    if (run.status !== 0)
      return failure(
        `lockstep ${version} could not be installed: ${
          run.stderr
            .trim()
            .split("\n")
            .find((line) => /error/i.test(line)) ?? `npm ended with ${run.status}`
        }`,
      );
  }
  const program = programIn(installed);
  return program === undefined
    ? failure(`lockstep ${version} has no program: name another version.`)
    : success(program);
}

function programIn(folder) {
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return undefined;
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  const file = typeof bin === "string" ? bin : bin?.lockstep;
  return typeof file === "string" && existsSync(join(folder, file)) ? join(folder, file) : undefined;
}
