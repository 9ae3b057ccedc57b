import type { Operation } from "../operation/index.ts";
import { LOCK_MODES, type LockMode, sqlMode } from "../lock-modes.ts";
import {
  type Cursor,
  type On,
  ends,
  needs,
  sourceAt,
  takeName,
  takeParts,
  takeRelations,
  takeString,
  takes,
  takesSymbol,
} from "./cursor.ts";
import { gap } from "./parser.ts";
import { wordAt } from "../piece.ts";

export function lock(c: Cursor, on: On): Operation[] {
  takes(c, "table");
  const isOnly = takes(c, "only");
  const names = takeRelations(c);
  if (isOnly && names.length > 1) gap("LOCK ONLY of several");
  let mode: LockMode = "AccessExclusiveLock";
  if (takes(c, "in")) mode = LOCK_MODES.find((each) => takes(c, `${sqlMode(each).toLowerCase()} mode`)) ?? gap("LOCK");
  const nowait = takes(c, "nowait");
  return ends(
    c,
    names.map((table) => ({ kind: "lockTable", ...on, table, mode, nowait, ...(isOnly && { only: true }) })),
  );
}

export function settingName(c: Cursor): string {
  return takeParts(c).join(".").toLowerCase();
}

const PHRASES = new Set(
  "time transaction session constraints role names catalog schema xml characteristics".split(" "),
);

/** SET name TO value, …; the forms that have a grammar of their own are gaps. */
export function set(c: Cursor, on: On): Operation {
  const local = takes(c, "local");
  if (!local) takes(c, "session");
  if (PHRASES.has(wordAt(c.piece, c.at))) return gap("SET");
  const name = settingName(c);
  if (!takesSymbol(c, "=")) needs(c, "to");
  if (takes(c, "default")) return ends(c, { kind: "set", ...on, name, value: null, values: [], local });
  const values: string[] = [];
  do values.push(settingValue(c));
  while (takesSymbol(c, ","));
  return ends(c, { kind: "set", ...on, name, value: values.join(", "), values, local });
}

function settingValue(c: Cursor): string {
  const kind = c.piece.tokens[c.at]?.kind;
  if (kind === "string") return takeString(c);
  if (kind === "word" || kind === "quoted") return takeName(c);
  const minus = takesSymbol(c, "-");
  const source = sourceAt(c);
  if (!/^\d+(\.\d+)?$/.test(source)) return gap("SET");
  c.at++;
  return String(minus ? -Number(source) : Number(source));
}

export function transaction(c: Cursor, on: On): Operation | undefined {
  const block = () => takes(c, "work") || takes(c, "transaction");
  if (takes(c, "begin") || takes(c, "start transaction")) {
    block();
    return ends(c, { kind: "transaction", ...on, action: "begin" });
  }
  if (takes(c, "commit") || takes(c, "end")) {
    block();
    return ends(c, { kind: "transaction", ...on, action: "commit" });
  }
  if (takes(c, "savepoint")) return ends(c, { kind: "transaction", ...on, action: "savepoint", name: takeName(c) });
  if (takes(c, "release")) {
    takes(c, "savepoint");
    return ends(c, { kind: "transaction", ...on, action: "release", name: takeName(c) });
  }
  if (!takes(c, "rollback") && !takes(c, "abort")) return undefined;
  block();
  if (!takes(c, "to")) return ends(c, { kind: "transaction", ...on, action: "rollback" });
  takes(c, "savepoint");
  return ends(c, { kind: "transaction", ...on, action: "rollbackTo", name: takeName(c) });
}
