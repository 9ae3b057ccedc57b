import type { OperationOf } from "../../sql/operation/index.ts";
import { partsOf, sibling } from "../../sql/names.ts";
import { objectName } from "../object-names.ts";
import { bound, boundCheck, boundType } from "./bindings.ts";
import { dropType } from "./cascades.ts";
import { doubtDependents } from "./doubts.ts";
import { moveType } from "./relations.ts";
import { type Birth, createdAs, resolveType } from "../catalog.ts";
import type { MutableCatalog } from "./catalog.ts";

/** Enums, domains and other types. */

type TypeOperation = OperationOf<
  | "createEnum"
  | "createDomain"
  | "createType"
  | "addEnumValue"
  | "renameEnumValue"
  | "alterDomain"
  | "dropType"
  | "renameType"
  | "setTypeSchema"
>;

export function applyType(catalog: MutableCatalog, operation: TypeOperation, birth: Birth): void {
  if (operation.kind === "createEnum" || operation.kind === "createDomain" || operation.kind === "createType") {
    const id = createdAs(catalog, operation.type);
    if (catalog.types.get(id)?.shell !== true && catalog.types.has(id)) return;
    const { schema, name } = partsOf(id);
    const base = {
      id,
      schema,
      name,
      values: [] as string[],
      notNull: false,
      checks: new Map(),
      birth,
      added: new Map(),
    };
    if (operation.kind === "createEnum")
      catalog.types.set(id, { ...base, kind: "enum", values: [...operation.values] });
    else if (operation.kind === "createType") {
      catalog.types.set(id, { ...base, kind: operation.form, ...(operation.shell && { shell: true as const }) });
      if (operation.form !== "range") return;
      const multirange = operation.multirange
        ? createdAs(catalog, operation.multirange)
        : sibling(id, multirangeName(name));
      if (catalog.types.has(multirange)) return;
      const own = { ...base, id: multirange, ...partsOf(multirange), rangeOf: id };
      catalog.types.set(multirange, { ...own, kind: "range", values: [], checks: new Map(), added: new Map() });
    } else {
      const checks = new Map(
        operation.checks.map((check, i) => [
          check.name ?? `${name}_check${i === 0 ? "" : i}`,
          { validated: true, check: boundCheck(catalog, check) },
        ]),
      );
      catalog.types.set(id, {
        ...base,
        kind: "domain",
        base: boundType(catalog, operation.base),
        notNull: operation.notNull,
        checks,
        default: operation.default && bound(catalog, operation.default),
      });
    }
    return;
  }
  const id = resolveType(catalog, operation.type);
  const type = catalog.types.get(id);
  if (!type) {
    if (operation.kind === "dropType") {
      // DROP TYPE also names the row type of nothing else; DROP DOMAIN comes here too.
      catalog.dropped.add(id);
    }
    return;
  }
  switch (operation.kind) {
    case "addEnumValue": {
      if (type.values.includes(operation.value)) return;
      const next =
        operation.before !== undefined
          ? type.values.indexOf(operation.before)
          : operation.after !== undefined
            ? type.values.indexOf(operation.after) + 1
            : type.values.length;
      type.values.splice(next < 0 ? type.values.length : next, 0, operation.value);
      type.added.set(operation.value, birth);
      return;
    }
    case "renameEnumValue":
      type.values = type.values.map((value) => (value === operation.value ? operation.to : value));
      return;
    case "alterDomain": {
      const name = operation.constraint ?? `${type.name}_check`;
      if (operation.action === "addCheck" && operation.check)
        type.checks.set(name, {
          validated: !operation.check.notValid,
          check: boundCheck(catalog, operation.check),
        });
      else if (operation.action === "dropConstraint") type.checks.delete(name);
      else if (operation.action === "renameConstraint" && operation.to !== undefined) {
        const known = type.checks.get(name);
        type.checks.delete(name);
        if (known) type.checks.set(operation.to, known);
      } else if (operation.action === "validate") {
        const known = type.checks.get(name);
        if (known) type.checks.set(name, { ...known, validated: true });
      } else if (operation.action === "setNotNull" || operation.action === "dropNotNull")
        type.notNull = operation.action === "setNotNull";
      return;
    }
    case "dropType":
      if (operation.cascade) {
        doubtDependents(catalog, {
          part: (each) => each.kind === "cast" && resolveType(catalog, each.type) === id,
        });
        dropType(catalog, id);
      }
      catalog.types.delete(id);
      catalog.dropped.add(id);
      for (const other of [...catalog.types.values()]) if (other.rangeOf === id) catalog.types.delete(other.id);
      return;
    case "renameType":
    case "setTypeSchema": {
      const schema = operation.kind === "setTypeSchema" ? operation.schema : type.schema;
      const name = operation.kind === "renameType" ? operation.to : type.name;
      moveType(catalog, type, schema, name);
      return;
    }
    default:
      operation satisfies never;
  }
}

/** What PostgreSQL calls the multirange of a range, where nobody says it: https://www.postgresql.org/docs/current/sql-createtype.html */
const multirangeName = (range: string): string =>
  range.includes("range") ? range.replace("range", "multirange") : objectName(range, "", "multirange");
