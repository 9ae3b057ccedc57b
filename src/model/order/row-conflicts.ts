import type { RowAccess } from "./objects.ts";

/** What two ways of touching rows of one relation have to do with each other; undefined where the order cannot matter. */
export function rowConflict(
  one: RowAccess,
  other: RowAccess,
): { readonly verdict: "no" | "unknown"; readonly columns: readonly string[] } | undefined {
  const order: readonly RowAccess["mode"][] = [
    "insert",
    "update",
    "delete",
    "read",
    "validate",
    "guard",
    "parent",
    "rewrite",
    "release",
  ];
  const [a, b] = order.indexOf(one.mode) <= order.indexOf(other.mode) ? [one, other] : [other, one];
  if (disjoint(a, b)) return undefined;
  // What held until it was created again holds for any rows; only what happens to children of deleted rows may be another.
  if (b.held && !(b.mode === "parent" && a.mode === "delete")) return undefined;
  const no = (columns: readonly string[] = []): { readonly verdict: "no"; readonly columns: readonly string[] } => ({
    verdict: "no",
    columns,
  });
  const unknown = (
    columns: readonly string[] = [],
  ): { readonly verdict: "unknown"; readonly columns: readonly string[] } => ({ verdict: "unknown", columns });
  const shared = common(a.columns, b.columns);
  if (a.mode === "insert") {
    switch (b.mode) {
      case "insert": {
        const numbered = common(a.numbered, b.numbered);
        if (a.numbered && b.numbered && numbered.length > 0) return no(numbered);
        return a.upsert || b.upsert ? unknown() : undefined;
      }
      case "update":
        return no(b.columns);
      case "delete":
      case "read":
        return no(b.by ?? []);
      case "parent":
        return no(b.columns);
      case "guard":
      case "rewrite":
        return unknown(b.columns);
      case "release":
        return undefined;
      default:
        // A constraint that looks refuses the rows in either order.
        return a.upsert ? unknown(b.columns) : undefined;
    }
  }
  if (a.mode === "update") {
    const written = a.columns ?? [];
    switch (b.mode) {
      case "update": {
        const decides = [...common(written, b.by), ...common(a.by, b.columns)];
        if (shared.length > 0) return no(shared);
        return decides.length > 0 ? no(decides) : undefined;
      }
      case "delete":
        return common(written, b.by).length > 0 ? no(common(written, b.by)) : undefined;
      case "read":
        return b.columns === undefined || shared.length > 0 ? no(shared) : undefined;
      case "rewrite":
        if (b.computed && shared.length > 0) return no(shared);
        return shared.length > 0 || common(a.by, b.columns).length > 0 ? unknown(shared) : undefined;
      case "release":
        return shared.length > 0 ? no(shared) : undefined;
      default:
        return b.columns === undefined || shared.length > 0 ? no(shared) : undefined;
    }
  }
  if (a.mode === "delete") {
    switch (b.mode) {
      case "read":
      case "parent":
        return no(b.columns);
      case "release":
        return b.by ? no(b.by) : undefined;
      case "validate": {
        const about = common(a.by, b.columns);
        return a.by === undefined || a.by.length === 0 || about.length > 0 ? no(about) : unknown(b.columns);
      }
      case "rewrite":
        return common(a.by, b.columns).length > 0 ? unknown(b.columns) : undefined;
      default:
        return undefined;
    }
  }
  // A comparison that the old type has, the new one may lack.
  if (a.mode === "read" && b.mode === "rewrite")
    return a.columns === undefined || shared.length > 0 ? unknown(shared) : undefined;
  return undefined;
}

const common = (one: readonly string[] | undefined, other: readonly string[] | undefined): string[] =>
  one && other ? one.filter((name) => other.includes(name)) : [];

/** Fixed values show that no row is touched by both: each pair of rows differs in a column that neither changes. */
function disjoint(one: RowAccess, other: RowAccess): boolean {
  if (!one.values || !other.values || one.values.length === 0 || other.values.length === 0) return false;
  const inserts = [one, other].filter((each) => each.mode === "insert").length;
  // Two inserts conflict by their numbers, whatever the values.
  if (inserts === 2) return false;
  // What one change writes the other may then find; a row that is inserted is as it is.
  const changed = new Set(
    inserts === 1 ? [] : [one, other].flatMap((each) => (each.mode === "update" ? (each.columns ?? []) : [])),
  );
  return one.values.every((row) =>
    (other.values ?? []).every((next) =>
      row.some(
        ([column, value]) => !changed.has(column) && next.some(([name, its]) => name === column && its !== value),
      ),
    ),
  );
}
