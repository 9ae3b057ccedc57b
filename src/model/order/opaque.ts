import { relationOf, undotted } from "../../sql/names.ts";
import type { Statement } from "../../sql/statement.ts";
import { tokenize } from "../../sql/tokens.ts";
import type { CommutingMigration, OrderConflict, OrderedStatement, Footprint } from "./commutation.ts";

/** Words that say that a statement goes through the catalog itself: it may touch anything. */
const CATALOG =
  /\b(pg_(class|tables|attribute|constraint|index|indexes|namespace|type|enum|proc|trigger|views|policies|matviews|sequences|depend)|information_schema)\b/i;

/**
 * Statements that could not be read, against what the other side touches: unknown where one names an object of it or goes through the
 * catalog. What names nothing of the other side touches, by all that can be read, nothing of it.
 */
export function opaqueConflicts(
  a: Footprint,
  b: Footprint,
  one: readonly CommutingMigration[],
  other: readonly CommutingMigration[],
): OrderConflict[] {
  return [
    ...conflicts(one, b, (opaque, touched) => ({ one: opaque, other: touched })),
    ...conflicts(other, a, (opaque, touched) => ({ one: touched, other: opaque })),
  ];
}

function conflicts(
  migrations: readonly CommutingMigration[],
  side: Footprint,
  pair: (opaque: OrderedStatement, touched: OrderedStatement) => Pick<OrderConflict, "one" | "other">,
): OrderConflict[] {
  const found: OrderConflict[] = [];
  let names: Map<string, OrderedStatement> | undefined;
  for (const migration of migrations) {
    for (const statement of migration.statements) {
      if (!isOpaque(statement)) continue;
      names ??= namesOf(side);
      const text = migration.file.text.slice(statement.range.start, statement.range.end);
      const first = side.steps.find(({ operation }) => operation.kind !== "set" && operation.kind !== "transaction");
      const named = CATALOG.test(text) ? undefined : [...names].find(([name]) => mentionedIn(text, name));
      const touched = named?.[1] ?? (CATALOG.test(text) ? first : undefined);
      if (!touched) continue;
      const operation = statement.operations.find((each) => each.kind === "opaque") ?? {
        kind: "opaque" as const,
        range: statement.range,
        reason: "unsupported" as const,
        what: "a statement that could not be read",
      };
      found.push({
        verdict: "unknown",
        why: "opaque",
        object: { kind: "other", name: named?.[0] ?? "the catalog" },
        ...pair({ migration: migration.id, file: migration.file, statement, operation }, touched),
        leaves: [{ is: "unknown" }, { is: "unknown" }],
      });
    }
  }
  return found;
}

const isOpaque = (statement: Statement): boolean =>
  statement.broken ||
  statement.operations.some((operation) => operation.kind === "opaque" && operation.body?.in !== "function");

/** Names of tables, types, functions and the like that a side touches, without their schemas. */
function namesOf(side: Footprint): Map<string, OrderedStatement> {
  const names = new Map<string, OrderedStatement>();
  for (const accesses of side.objects.values()) {
    for (const { access, at } of accesses) {
      if ((access.mode === "needs" && access.object.kind === "schema") || access.unlisted) continue;
      const [relation = ""] = access.object.name.split(": ");
      const { name } = undotted(relationOf(relation));
      if (name !== "") names.set(name.split(" ")[0] ?? name, at);
    }
  }
  return names;
}

/** As a word anywhere, in strings too. */
function mentionedIn(text: string, name: string): boolean {
  const at = text.toLowerCase().indexOf(name.toLowerCase());
  if (at < 0) return false;
  return tokenize(text).some(
    ({ start, end, kind }) =>
      kind !== "comment" &&
      new RegExp(`(^|[^\\w])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}($|[^\\w])`, "i").test(
        text.slice(start, end),
      ),
  );
}
