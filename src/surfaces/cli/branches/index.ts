import { judgeBranches, type BranchesResult } from "../../../engine/branches.ts";
import { fails } from "../../../engine/config.ts";
import type { Divergence } from "../../../model/divergence/viewpoint.ts";
import { type BranchReading, comparedBranches, openBranches } from "../../../project/branches.ts";
import { version } from "../../../project/product.ts";
import { branchesJson } from "../../../report/branches/json.ts";
import { branchesMermaid } from "../../../report/branches/mermaid.ts";
import { branchesText } from "../../../report/branches/text.ts";
import type { Outcome } from "../../../source/outcome.ts";
import { success } from "../../../source/outcome.ts";
import { loadReader } from "../../../sql/readers.ts";
import { type Io, lookOf } from "../../../project/io.ts";
import { overridesOf, worldOf } from "../place.ts";
import { writeReport } from "../reports.ts";
import { type BranchesFlags, type BranchesFormat, namesOf } from "./flags.ts";

/** Compares the branches of a repository and prints what they are to each other. Returns the exit code. */
export async function runBranches(paths: readonly string[], flags: BranchesFlags, io: Io): Promise<number> {
  const code = await attempt(paths, flags, io);
  if (code.ok) return code.value;
  await io.stderr.write(`lockstep: ${code.message.trimEnd()}\n`);
  return 2;
}

async function attempt(paths: readonly string[], flags: BranchesFlags, io: Io): Promise<Outcome<number>> {
  const { format = "text", outputFile = [] } = flags;
  const { cwd } = io;
  const opened = await openBranches({ cwd, paths }, readingOf(flags), overridesOf(flags), worldOf(flags, io));
  if (!opened.ok) return opened;
  const input = comparedBranches(opened.value);
  if (!input.ok) return input;
  const { viewpoints, config, evidence } = input.value;
  const judge = (orders?: Divergence["orders"]): BranchesResult =>
    judgeBranches({ ...input.value, ...(orders && { orders }) });
  const modelled = judge();
  if (flags.fix || flags.dryRun) {
    const { fixBranches } = await import("./fixes.ts");
    return fixBranches(modelled, viewpoints, flags, io);
  }
  const rehearsed = flags.rehearse
    ? await (await import("./rehearsal.ts")).rehearseOrders(modelled, flags, await loadReader("postgres"), io)
    : success(undefined);
  if (!rehearsed.ok) return rehearsed;
  const result = rehearsed.value ? judge(rehearsed.value) : modelled;
  const look = lookOf(flags.color, io.env, io.stdout);
  const render = (name: BranchesFormat, toTerminal: boolean): string => {
    if (name === "json") return branchesJson(result, { tool: { name: "lockstep", version: version() }, ...evidence });
    if (name === "mermaid") return branchesMermaid(result);
    return branchesText(result, {
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
  return success(result.findings.some(({ severity }) => fails(severity, config.failOn)) ? 1 : 0);
}

/** Which branches are read, and how many. */
function readingOf(flags: BranchesFlags): BranchReading {
  const { allBranches, also, limit, days } = flags;
  const [most, oldest] = allBranches ? [limit ?? Number.MAX_SAFE_INTEGER, days ?? 36_500] : [limit, days];
  return { names: namesOf(flags), also, limit: most, days: oldest };
}

/** A terminal whose locale says that it knows no UTF-8. */
function isAscii({ env, stdout }: Io): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== "");
  return stdout.isTTY && locale !== undefined && !/utf-?8/i.test(locale);
}
