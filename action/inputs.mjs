import { failure, success } from "./outcome.mjs";

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

/**
 * @typedef {object} Inputs
 * @property {readonly string[]} paths
 * @property {string} base "" where none is given; so with the other texts
 * @property {string} version
 * @property {string} preset
 * @property {string} failOn
 * @property {string} sarifFile
 * @property {boolean} checklist
 * @property {boolean} comment
 * @property {boolean} rehearse
 * @property {string} workingDirectory
 * @property {string} token
 */

/**
 * The action's inputs, which action.yml hands over as LOCKSTEP_ACTION_*.
 * @param {Environment} env
 * @returns {import("./outcome.mjs").Outcome<Inputs>}
 */
export function readInputs(env) {
  const text = (name) => (env[`LOCKSTEP_ACTION_${name}`] ?? "").trim();
  const flags = {};
  for (const name of ["checklist", "comment", "rehearse"]) {
    const value = text(name.toUpperCase()) || "false";
    if (value !== "true" && value !== "false")
      return failure(`The input ${name} is ${JSON.stringify(value)}: give true or false.`);
    flags[name] = value === "true";
  }
  const version = text("VERSION");
  // It becomes part of a package's name for npm: a version, a range or a tag, and nothing that is a path or an option.
  if (!/^([\^~]?[0-9A-Za-z][0-9A-Za-z.+-]*)?$/.test(version))
    return failure(
      `The input version is ${JSON.stringify(version)}: give a version of lockstep, as 0.1.0, or leave it out for the one that the project has installed.`,
    );
  return success({
    paths: text("PATHS")
      .split(/\r?\n/)
      .map((path) => path.trim())
      .filter((path) => path !== ""),
    base: text("BASE"),
    version,
    preset: text("PRESET"),
    failOn: text("FAIL_ON"),
    sarifFile: text("SARIF_FILE"),
    checklist: flags.checklist,
    comment: flags.comment,
    rehearse: flags.rehearse,
    workingDirectory: text("WORKING_DIRECTORY") || ".",
    token: text("TOKEN"),
  });
}
