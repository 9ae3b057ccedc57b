import { type BranchesResult, compareAll } from "../../../advice/branches/comparison.ts";
import { inProject } from "../../../advice/programs/packages.ts";
import { loadReader } from "../../../sql/readers.ts";
import type { ReadStatements } from "../../../model/divergence/facts.ts";
import { branchesJson } from "../../../report/branches/json.ts";
import { branchesMermaid } from "../../../report/branches/mermaid.ts";
import { branchesText } from "../../../report/branches/text.ts";
import type { Outcome } from "../../../source/outcome.ts";
import { failure, success } from "../../../source/outcome.ts";
import type { SourceFile } from "../../../source/text.ts";
import type { Reader, Statement } from "../../../sql/statement.ts";
import { readBranchInputs } from "./inputs.ts";
import type { BranchesFlags, BranchesFormat } from "./flags.ts";
import { type Io, lookOf } from "../../../project/io.ts";
import { version } from "../../../project/product.ts";
import { writeReport } from "../reports.ts";
import { overridesOf, worldOf } from "../place.ts";
import { readSettings } from "../../../project/settings.ts";

/** Compares the branches of a repository and prints what they are to each other. Returns the exit code. */
export async function runBranches(paths: readonly string[], flags: BranchesFlags, io: Io): Promise<number> {
  const code = await attempt(paths, flags, io);
  if (code.ok) return code.value;
  await io.stderr.write(`lockstep: ${code.message.trimEnd()}\n`);
  return 2;
}

async function attempt(paths: readonly string[], flags: BranchesFlags, io: Io): Promise<Outcome<number>> {
  const { format = "text", outputFile = [] } = flags;
  const [settings, reader] = await Promise.all([
    readSettings(io.cwd, overridesOf(flags), worldOf(flags, io)),
    loadReader("postgres"),
  ]);
  if (!settings.ok) return settings;
  const inputs = await readBranchInputs(paths, flags, readingOf(flags), settings.value, io);
  if (!inputs.ok) return inputs;
  const { set, prisma } = inputs.value;
  const modelled = compareAll(set, {
    read: readOnce(reader),
    advice: { prisma: inProject(prisma?.packageManager ?? "npm", "prisma") },
  });
  const shallow = modelled.problems.find((problem) => problem.includes("shallow clone"));
  if (shallow !== undefined) return failure(shallow);
  if (flags.fix || flags.dryRun) {
    const { fixBranches } = await import("./fixes.ts");
    return fixBranches(set, flags, io);
  }
  const rehearsed = flags.rehearse
    ? await (await import("./rehearsal.ts")).rehearseOrders(modelled, flags, reader, io)
    : success(modelled);
  if (!rehearsed.ok) return rehearsed;
  const comparison = rehearsed.value;
  const look = lookOf(flags.color, io.env, io.stdout);
  const render = (name: BranchesFormat, toTerminal: boolean): string => {
    if (name === "json")
      return branchesJson(comparison, { tool: { name: "lockstep", version: version() }, ...inputs.value });
    if (name === "mermaid") return branchesMermaid(comparison);
    return branchesText(comparison, {
      color: toTerminal && look.color,
      columns: toTerminal ? look.columns : 100,
      ascii: flags.ascii ?? isAscii(io),
    });
  };
  for (const [name, file] of outputFile) {
    const written = writeReport(file, render(name, false), io);
    if (!written.ok) return written;
  }
  await io.stdout.write(render(format, true));
  return success(exitCodeOf(comparison));
}

const exitCodeOf = ({ findings }: BranchesResult): number =>
  findings.some(({ severity }) => severity === "error") ? 1 : 0;

/** The limits of what is read. */
function readingOf({ allBranches, also, limit, days }: BranchesFlags): {
  readonly also?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly days?: number | undefined;
} {
  const [most, oldest] = allBranches ? [limit ?? Number.MAX_SAFE_INTEGER, days ?? 36_500] : [limit, days];
  return {
    also,
    limit: most,
    days: oldest,
  };
}

/** Each text is parsed once, on however many branches it is. */
export function readOnce(reader: Reader): ReadStatements {
  const known = new WeakMap<SourceFile, readonly Statement[]>();
  return (file) => {
    let statements = known.get(file);
    if (!statements) known.set(file, (statements = reader.read(file.text).statements));
    return statements;
  };
}

/** A terminal whose locale says that it knows no UTF-8. */
function isAscii({ env, stdout }: Io): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== "");
  return stdout.isTTY && locale !== undefined && !/utf-?8/i.test(locale);
}
