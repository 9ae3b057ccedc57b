import { lookup } from "../../words.ts";
import type { Name } from "../names.ts";
import { type Raw, list, texts } from "./node.ts";
import type { TypeName } from "../expression.ts";

/** Names: `[schema, name]` or `[name]`; pg_catalog is left out, a database in front too. */
export function nameOf(parts: readonly string[]): Name {
  const name = parts.at(-1) ?? "";
  const schema = parts.at(-2);
  return schema === undefined || schema === "pg_catalog" ? { name } : { schema, name };
}

export function relationName(range: Raw): Name {
  return range?.schemaname === undefined
    ? { name: range?.relname ?? "" }
    : { schema: range.schemaname, name: range.relname ?? "" };
}

const SERIALS: Readonly<Record<string, string>> = lookup({
  serial2: "smallserial",
  serial4: "serial",
  serial8: "bigserial",
});
/** What typmod 0x7FFF means for interval: all fields. */
const FULL_INTERVAL = 0x7fff;

export function typeName(raw: Raw): TypeName {
  const named = nameOf(texts(raw?.names));
  const name = SERIALS[named.name] ?? named.name;
  let modifiers = list(raw?.typmods).map((mod) => Number(mod?.A_Const?.ival?.ival ?? 0));
  if (name === "interval" && modifiers[0] === FULL_INTERVAL) modifiers = modifiers.slice(1);
  const array = list(raw?.arrayBounds).length;
  return named.schema === undefined ? { name, modifiers, array } : { schema: named.schema, name, modifiers, array };
}

/** ONLY before the name. */
export const onlyOf = (relation: Raw): { only?: true } => (relation?.inh === true ? {} : { only: true });

export function aliasOf(relation: Raw): { alias?: string } {
  const alias = relation?.alias?.aliasname;
  return alias === undefined ? {} : { alias };
}
