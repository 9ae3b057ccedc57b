import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { putComment } from "./comment.mjs";
import { cut } from "./cut.mjs";
import { baseOf, pullRequestOf, readEvent } from "./event.mjs";
import { readInputs } from "./inputs.mjs";
import { findProgram } from "./program.mjs";

/** Of the summary of a step; what is larger is not shown at all. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits */
const SUMMARY_BYTES = 1024 * 1024;

/**
 * The whole action: one run of lockstep, its reports to where GitHub shows them, its exit code.
 * @param {import("./inputs.mjs").Environment} env the environment of the step
 * @param {(text: string) => void} say writes to the log, in which GitHub finds annotations
 * @returns {Promise<number>} the exit code of the step
 */
export async function runAction(env, say) {
  const scratch = mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), "lockstep-action-"));
  try {
    return await attempt(env, say, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function attempt(env, say, scratch) {
  const fail = (message) => {
    say(`::error title=lockstep::${data(message)}\n`);
    output(env, { "exit-code": "2" });
    return 2;
  };
  const inputs = readInputs(env);
  if (!inputs.ok) return fail(inputs.message);
  const { comment, checklist, sarifFile, workingDirectory } = inputs.value;
  const workspace = env.GITHUB_WORKSPACE || process.cwd();
  const directory = resolve(workspace, workingDirectory);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    return fail(
      `The input working-directory is ${JSON.stringify(workingDirectory)}, and there is no such folder in ${workspace}: check its spelling, and that actions/checkout runs before.`,
    );
  const program = findProgram({ version: inputs.value.version, directory, scratch: env.RUNNER_TEMP || scratch });
  if (!program.ok) return fail(program.message);

  const payload = readEvent(env.GITHUB_EVENT_PATH);
  const base =
    inputs.value.base ||
    (env.LOCKSTEP_BASE ? undefined : baseOf(env.GITHUB_EVENT_NAME ?? "", payload, (ref) => hasCommit(directory, ref)));
  const sarif = sarifFile && resolve(workspace, sarifFile);
  const files = {
    json: join(scratch, "report.json"),
    checklist: join(scratch, "checklist.md"),
    ...(sarif && { sarif }),
  };
  const run = spawnSync(process.execPath, [program.value, ...argumentsFor(inputs.value, base, files)], {
    cwd: directory,
    stdio: ["ignore", "inherit", "pipe"],
    encoding: "utf8",
    env: withoutToken(env),
    maxBuffer: 1 << 28,
  });
  if (run.error) return fail(`lockstep could not be started (${run.error.code}).`);
  if (run.status !== 0 && run.status !== 1)
    return fail(
      run.stderr.trim().replace(/^lockstep: /, "") ||
        `lockstep was ended by ${run.signal ?? `exit code ${run.status}`}.`,
    );
  if (run.stderr !== "") say(run.stderr);

  // A program that breaks off ends with 1 too. Where paths match nothing there is no report, and 0.
  const report = existsSync(files.json) ? JSON.parse(readFileSync(files.json, "utf8")).summary : undefined;
  if (report === undefined && run.status !== 0)
    return fail("lockstep broke off without a report: what it said is in the log. Please report it.");
  const { pending, findings } = report ?? { pending: 0, findings: { error: 0, warning: 0, info: 0 } };
  output(env, {
    "exit-code": String(run.status),
    errors: String(findings.error),
    warnings: String(findings.warning),
    infos: String(findings.info),
    "sarif-file": report && sarif ? relative(workspace, sarif).replaceAll("\\", "/") : "",
  });
  const markdown =
    pending === 0
      ? "## Production safety checklist\n\nNo migration is pending.\n"
      : readFileSync(files.checklist, "utf8");
  if (checklist && env.GITHUB_STEP_SUMMARY) summarize(env.GITHUB_STEP_SUMMARY, markdown, say);
  if (comment)
    await leaveComment(env, payload, { markdown, pending, workingDirectory, token: inputs.value.token }, say);
  return run.status;
}

function argumentsFor({ paths, preset, failOn, rehearse }, base, files) {
  return [
    "check",
    "--format",
    "github",
    ...Object.entries(files).map(([format, file]) => `--output-file=${format}=${file}`),
    ...(base ? [`--base=${base}`] : []),
    ...(preset ? [`--preset=${preset}`] : []),
    ...(failOn ? [`--fail-on=${failOn}`] : []),
    ...(rehearse ? ["--rehearse"] : []),
    ...(paths.length > 0 ? ["--", ...paths] : []),
  ];
}

/** A configuration may be a program, and has no use for the token. */
function withoutToken({ LOCKSTEP_ACTION_TOKEN: _, ...env }) {
  return env;
}

function hasCommit(directory, ref) {
  return spawnSync("git", ["cat-file", "-e", `${ref}^{commit}`], { cwd: directory, stdio: "ignore" }).status === 0;
}

function summarize(file, markdown, say) {
  const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const text = cut(
    markdown,
    SUMMARY_BYTES - before,
    "The rest is left out: a summary holds 1 MiB. `lockstep checklist` prints all of it.",
    (part) => Buffer.byteLength(part),
  );
  try {
    appendFileSync(file, text);
  } catch (error) {
    if (!("code" in error)) throw error;
    say(`::warning title=lockstep::${data(`The summary could not be written (${error.code}).`)}\n`);
  }
}

/** A comment that cannot be written does not fail the gate: why is said. */
async function leaveComment(env, payload, { markdown, pending, workingDirectory, token }, say) {
  const number = pullRequestOf(payload);
  const repository = env.GITHUB_REPOSITORY;
  const note = (message) => say(`::notice title=lockstep::${data(message)}\n`);
  if (number === undefined || !repository)
    return note(`There is no comment: the event ${env.GITHUB_EVENT_NAME ?? ""} is about no pull request.`);
  if (token === "") return note("There is no comment: the input token is empty.");
  const url = `${env.GITHUB_SERVER_URL ?? "https://github.com"}/${repository}/actions/runs/${env.GITHUB_RUN_ID ?? ""}`;
  const put = await putComment(
    { api: env.GITHUB_API_URL || "https://api.github.com", repository, number, token, key: workingDirectory },
    markdown,
    {
      rest: `The rest is left out, since a comment holds no more: [it is in the summary](${url}).`,
      onlyUpdate: pending === 0,
    },
  );
  if (!put.ok) note(`There is no comment: ${put.message}`);
  else if (put.value !== "none") say(`The comment on pull request ${number} was ${put.value}.\n`);
}

function output({ GITHUB_OUTPUT: file }, values) {
  if (file)
    appendFileSync(
      file,
      Object.entries(values)
        .map(([name, value]) => `${name}=${value.replace(/[\r\n]/g, " ")}\n`)
        .join(""),
    );
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
function data(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
