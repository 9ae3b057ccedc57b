// `npm run rule -- drop-column` runs the tests of one rule; what is missing of it is made first. UPDATE=1 before it writes what is generated.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { missingPieces, named } from "./skeleton.mjs";

const home = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => (existsSync(join(home, path)) ? readFileSync(join(home, path), "utf8") : undefined);
const list = (path) => (existsSync(join(home, path)) ? readdirSync(join(home, path), { recursive: true }) : []);

const paths = list("rules")
  .filter((path) => path.endsWith(".ts") && path !== "index.ts")
  .map((path) => path.replaceAll("\\", "/").slice(0, -3));
const categories = [
  .../export const CATEGORIES = \[([^\]]+)\]/.exec(read("src/engine/rule.ts"))[1].matchAll(/"(\w+)"/g),
].map(([, name]) => name);

const rule = named(process.argv[2], paths, categories);
if (rule.problem) {
  console.error(rule.problem);
  process.exitCode = 2;
} else {
  const pieces = missingPieces(rule, nextVersion(), list(`fixtures/rules/${rule.category}/${rule.id}`), read);
  for (const [path, text] of Object.entries(pieces)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
    console.log(`made ${path}`);
  }
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const files = ["fixtures", "rules", "docs"].map((name) => `test/${name}.test.ts`);
  const only = ["--testNamePattern", `^(?:rules/)?${rule.id}(?:\\.md)? `, "--hideSkippedTests"];
  // What the three of them import is half of the time: it is loaded once.
  const once = ["--isolate=false", "--maxWorkers=1"];
  // To compile it is half of the rest: from the second run on only what was changed is.
  const kept = ["--experimental.fsModuleCache"];
  const { status } = spawnSync(process.execPath, [vitest, "run", ...files, ...only, ...once, ...kept], {
    cwd: home,
    stdio: "inherit",
    env: { ...process.env, ...(Object.keys(pieces).length > 0 && { UPDATE: "1" }) },
  });
  process.exitCode = status ?? 1;
}

/** The one that comes: a rule says since when it is there. */
function nextVersion() {
  const { version } = JSON.parse(read("package.json"));
  if (!read("CHANGELOG.md").includes(`## [${version}]`)) return version;
  const [major, minor] = version.split(".");
  return `${major}.${Number(minor) + 1}.0`;
}
