import type { Operation } from "../../sql/operation/index.ts";
import { canonical } from "./canonical.ts";
import { certain } from "./certainty.ts";
import type { Access, OrderConflict, OrderResult, Footprint } from "./commutation.ts";
import type { ObjectAccess, ObjectKind, SchemaObject } from "./objects.ts";
import { specialConflict } from "./special.ts";

/** What the catalog keeps of an object is compared when both orders are folded; of these it keeps the name alone, or less. */
const UNFOLDED: ReadonlySet<ObjectKind> = new Set([
  "function",
  "policy",
  "trigger",
  "rule",
  "sequence",
  "publication",
  "comment",
  "options",
  "other",
  "domain",
  "statistics",
  "extension",
  "schema",
  "replaced",
  "publication table",
  "storage",
]);

const NUMBERS: ReadonlySet<string> = new Set(["int2", "int4", "int8", "numeric", "float4", "float8"]);

/** What one side does to an object in the end. */
interface Net {
  readonly needs?: Access<ObjectAccess>;
  readonly reads?: Access<ObjectAccess>;
  readonly changes?: Access<ObjectAccess>;
  readonly makes?: Access<ObjectAccess>;
  readonly unmakes?: Access<ObjectAccess>;
  /** Made or there at the end; undefined where the side leaves it as it was. */
  readonly ends?: "made" | "unmade";
}

/** Conflicts over objects that both sides touch, and whether the catalogs have to be folded to know. */
export function objectConflicts(
  a: Footprint,
  b: Footprint,
): { readonly conflicts: OrderConflict[]; readonly fold: boolean; readonly columnOrder: string[] } {
  const conflicts: OrderConflict[] = [];
  const columnOrder: string[] = [];
  let fold = false;
  for (const [key, ones] of a.objects) {
    const others = b.objects.get(key);
    if (!others) continue;
    const object = (ones[0] as Access<ObjectAccess>).access.object;
    const [one, other] = object.kind === "function" ? overloads(ones, others) : [net(ones), net(others)];
    if (object.kind === "columns") {
      if (one.changes && other.changes && adds(one.changes) && adds(other.changes)) columnOrder.push(object.name);
      if ((one.reads && other.changes) || (other.reads && one.changes)) {
        fold = true;
        const [x, y] = one.reads && other.changes ? [one.reads, other.changes] : [one.changes, other.reads];
        // A view's columns are compared; an INSERT without a list of columns takes them as they come.
        if (x && y) conflicts.push(conflict(object, x, y, "unknown", "schema", [{ is: "unknown" }, { is: "unknown" }]));
      }
      continue;
    }
    const special = specialConflict(object, ones, others);
    if (special !== undefined) {
      conflicts.push(...special);
      continue;
    }
    if (isQuiet(one) && isQuiet(other)) continue;
    fold = true;
    const seen = judge(object, one, other);
    if (seen)
      conflicts.push({
        ...seen,
        object: seen.why === "rows" && object.kind === "relation" ? { ...object, kind: "rows" } : object,
      });
  }
  return { conflicts, fold, columnOrder };
}

/** What goes with a table that is dropped and created again; the catalog keeps triggers and policies by name, and nothing of these. */
const HANGS_ON: ReadonlySet<Operation["kind"]> = new Set([
  "comment",
  "grant",
  "alterPolicy",
  "createRule",
  "createStatistics",
  "alterTable",
  "publication",
]);

/** Accesses to functions that may be the same one: those that name other arguments are left out. */
function overloads(
  ones: readonly Access<ObjectAccess>[],
  others: readonly Access<ObjectAccess>[],
): readonly [Net, Net] {
  const meets = (list: readonly Access<ObjectAccess>[]) => (each: Access<ObjectAccess>) =>
    list.some(
      ({ access: { signature } }) =>
        signature === undefined || each.access.signature === undefined || signature === each.access.signature,
    );
  return [net(ones.filter(meets(others))), net(others.filter(meets(ones)))];
}

/** Which views go with a column is not known. */
function isGuess(kind: ObjectKind, operation: Operation): boolean {
  return kind === "relation" && operation.kind === "dropColumn" && operation.cascade;
}

const adds = ({ at }: Access<ObjectAccess>): boolean => at.operation.kind === "addColumn";

function net(accesses: readonly Access<ObjectAccess>[]): Net {
  const found: { -readonly [K in keyof Net]: Net[K] } = {};
  const names = accesses.filter(({ access: { mode } }) => mode === "makes" || mode === "unmakes");
  // Made and gone again within the side: the other side never sees it.
  if (names[0]?.access.mode === "makes" && !names[0].access.optional && names.at(-1)?.access.mode === "unmakes")
    return found;
  for (const each of accesses) {
    const { mode } = each.access;
    // A strict one says more than one that may find nothing.
    if (!found[mode] || (found[mode].access.optional && !each.access.optional) || mode === "makes") found[mode] = each;
    if (mode === "makes") found.ends = "made";
    if (mode === "unmakes") found.ends = "unmade";
  }
  return found;
}

/** Made by one side where nothing was: whoever needs it runs only after it. */
const isMissing = (user: Net, maker: Net): user is Net & { needs: Access<ObjectAccess> } =>
  user.needs !== undefined &&
  !user.makes &&
  !user.unmakes &&
  !user.needs.access.unsure &&
  maker.makes !== undefined &&
  maker.ends === "made" &&
  !maker.unmakes &&
  (maker.makes.access.fresh === true || !maker.makes.access.optional);

const isQuiet = ({ changes, makes, unmakes }: Net): boolean => !changes && !makes && !unmakes;

function judge({ kind, name }: SchemaObject, one: Net, other: Net): Omit<OrderConflict, "object"> | undefined {
  const parts = (
    x: Access<ObjectAccess>,
    y: Access<ObjectAccess>,
    why: OrderConflict["why"],
    leaves: readonly [OrderResult, OrderResult],
  ): Omit<OrderConflict, "object"> => ({
    verdict:
      isGuess(kind, x.at.operation) || isGuess(kind, y.at.operation) || x.access.unsure || y.access.unsure
        ? "unknown"
        : certain(x.at, y.at),
    why,
    one: x.at,
    other: y.at,
    leaves,
  });
  const refused = (by: Access<ObjectAccess>): OrderResult => ({ is: "refused", statement: by.at });
  const isPrimaryKey = kind === "constraint" && name.endsWith(": PRIMARY KEY");

  if (one.makes && other.makes && one.ends === "made" && other.ends === "made") {
    if (kind === "label") return undefined;
    const [x, y] = [one.makes, other.makes];
    if (isPrimaryKey) return parts(x, y, "refused", [refused(y), refused(x)]);
    if (canonical(x.at.operation, x.at.file) !== canonical(y.at.operation, y.at.file))
      return parts(x, y, "definition", definitions(x, y));
    const again = (each: Net): boolean => each.makes?.access.optional === true || each.unmakes !== undefined;
    if (again(one) && again(other)) return undefined;
    if (kind === "key") return undefined;
    return parts(x, y, "refused", [refused(y), refused(x)]);
  }
  if (one.ends === "unmade" && other.ends === "unmade" && one.unmakes && other.unmakes) {
    if (one.unmakes.access.optional && other.unmakes.access.optional) return undefined;
    return parts(one.unmakes, other.unmakes, "refused", [
      other.unmakes.access.optional ? { is: "state" } : refused(other.unmakes),
      one.unmakes.access.optional ? { is: "state" } : refused(one.unmakes),
    ]);
  }
  if (one.ends && other.ends && one.ends !== other.ends) {
    // One key may be made while another of the same columns goes.
    if (kind === "key") return undefined;
    const [x, y] = [one[one.ends === "made" ? "makes" : "unmakes"], other[other.ends === "made" ? "makes" : "unmakes"]];
    if (x && y)
      return parts(
        x,
        y,
        "schema",
        one.ends === "made"
          ? [{ is: "state" }, { is: "definition", of: x.at }]
          : [{ is: "definition", of: y.at }, { is: "state" }],
      );
  }
  if (isMissing(one, other) && other.makes)
    return parts(one.needs, other.makes, "refused", [refused(one.needs), { is: "unknown" }]);
  if (isMissing(other, one) && one.makes)
    return parts(one.makes, other.needs, "refused", [{ is: "unknown" }, refused(other.needs)]);
  const lasting =
    kind === "label" ||
    kind === "function" ||
    kind === "type" ||
    kind === "key" ||
    kind === "extension" ||
    kind === "schema";
  for (const [user, breaker, first] of [
    [one, other, true],
    [other, one, false],
  ] as const) {
    const use = user.needs ?? user.reads ?? user.changes;
    if (!use || !breaker.unmakes || breaker.unmakes === use) continue;
    if (use.access.optional && use.access.mode === "needs" && breaker.ends === "unmade") continue;
    if (breaker.ends === "made" && HANGS_ON.has(use.at.operation.kind)) {
      const kept: OrderResult = { is: "definition", of: use.at };
      return first
        ? parts(use, breaker.unmakes, "schema", [{ is: "state" }, kept])
        : parts(breaker.unmakes, use, "schema", [kept, { is: "state" }]);
    }
    if (breaker.ends === "unmade" || lasting || use.at.operation.kind === "createView") {
      const gone = refused(use);
      return first
        ? parts(use, breaker.unmakes, "refused", [{ is: "unknown" }, gone])
        : parts(breaker.unmakes, use, "refused", [gone, { is: "unknown" }]);
    }
    // Another one of its name is there afterwards: what is done goes to the one or to the other.
    if (breaker.ends === "made" && kind !== "constraint" && use.at.operation !== breaker.unmakes.at.operation) {
      const [x, y] = first ? [use, breaker.unmakes] : [breaker.unmakes, use];
      return parts(x, y, isRowChange(use.at.operation) ? "rows" : "schema", [
        { is: "last", statement: y.at },
        { is: "last", statement: x.at },
      ]);
    }
  }
  if (one.changes && other.changes && UNFOLDED.has(kind)) {
    const [x, y] = [one.changes, other.changes];
    if (!isSameChange(x, y)) return parts(x, y, "definition", definitions(x, y));
    return undefined;
  }
  const read =
    (one.reads && other.changes && ([one.reads, other.changes] as const)) ||
    (other.reads && one.changes && ([one.changes, other.reads] as const));
  if (!read) return undefined;
  const [x, y] = read;
  const how = READ[kind];
  if (how !== undefined) {
    const [left, right] = definitions(x, y);
    return parts(
      x,
      y,
      how,
      how === "rows"
        ? [
            { is: "last", statement: y.at },
            { is: "last", statement: x.at },
          ]
        : [left, right],
    );
  }
  if (kind === "persistence") {
    const seen = parts(x, y, "refused", [refused(y), refused(x)]);
    const changer = one.reads && other.changes ? y : x;
    return changer.at.operation.kind === "alterTable" && changer.at.operation.action === "setUnlogged"
      ? seen
      : { ...seen, verdict: "unknown" };
  }
  if (kind === "truncation") {
    const [foreignKey, truncate] = one.reads && other.changes ? [x, y] : [y, x];
    const leaves: [OrderResult, OrderResult] =
      one.reads && other.changes ? [refused(truncate), { is: "state" }] : [{ is: "state" }, refused(truncate)];
    // A child that was there before may be emptied in the same statement.
    const seen = parts(x, y, "refused", leaves);
    return foreignKey.at.operation.kind === "createTable" || foreignKey.at.operation.kind === "dropConstraint"
      ? seen
      : { ...seen, verdict: "unknown" };
  }
  // A column that a view, a policy or a trigger reads keeps its type; a default counts for rows that are inserted after it; a trigger fires from then on.
  if (kind === "column type") {
    const [reader, changer] = one.reads && other.changes ? [x, y] : [y, x];
    if (
      reader.at.operation.kind === "addCheck" ||
      reader.at.operation.kind === "addForeignKey" ||
      (reader.at.operation.kind === "createTable" && !reader.at.operation.as) ||
      (reader.at.operation.kind === "addColumn" && !reader.at.operation.column.generated) ||
      reader.at.operation.kind === "createIndex"
    ) {
      // Operators that a number has they all have; for other types nobody says.
      if (changer.at.operation.kind === "alterColumnType" && NUMBERS.has(changer.at.operation.type.name))
        return undefined;
      return { ...parts(x, y, "refused", [{ is: "unknown" }, { is: "unknown" }]), verdict: "unknown" };
    }
  }
  if (kind === "column type")
    return one.reads && other.changes
      ? parts(x, y, "refused", [refused(y), { is: "state" }])
      : parts(x, y, "refused", [{ is: "state" }, refused(x)]);
  if (kind === "column default")
    return parts(x, y, "rows", [
      { is: "last", statement: y.at },
      { is: "last", statement: x.at },
    ]);
  return {
    ...parts(x, y, "rows", [
      { is: "last", statement: y.at },
      { is: "last", statement: x.at },
    ]),
    verdict: "unknown",
  };
}

/** What one side reads of it and the other changes comes out otherwise in each order. */
const READ: Readonly<Partial<Record<ObjectKind, "rows" | "schema">>> = {
  body: "rows",
  definition: "rows",
  numbers: "rows",
  contents: "schema",
  alone: "schema",
  copied: "schema",
  options: "schema",
};

const isRowChange = ({ kind }: Operation): boolean =>
  kind === "insertRows" ||
  kind === "updateRows" ||
  kind === "deleteRows" ||
  kind === "mergeRows" ||
  kind === "truncate";

function isSameChange(x: Access<ObjectAccess>, y: Access<ObjectAccess>): boolean {
  return (
    x.at.operation.kind === y.at.operation.kind &&
    canonical(x.at.operation, x.at.file) === canonical(y.at.operation, y.at.file)
  );
}

const definitions = (x: Access<ObjectAccess>, y: Access<ObjectAccess>): readonly [OrderResult, OrderResult] => [
  { is: "definition", of: y.at },
  { is: "definition", of: x.at },
];

function conflict(
  object: OrderConflict["object"],
  x: Access<ObjectAccess>,
  y: Access<ObjectAccess>,
  verdict: OrderConflict["verdict"],
  why: OrderConflict["why"],
  leaves: OrderConflict["leaves"],
): OrderConflict {
  return { verdict, why, object, one: x.at, other: y.at, leaves };
}
