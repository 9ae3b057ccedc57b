import type { Query } from "./expression.ts";
import type { Body } from "./operation/place.ts";
import type { Operation } from "./operation/index.ts";

/** A SELECT by itself: SELECT … INTO makes a table, `SELECT set_config('x', 'y', local)` is how pg_dump writes SET. */
export function selectOperation(
  read: Query,
  on: { readonly range: Operation["range"]; readonly body?: Body },
): Operation {
  if (read.into) {
    return {
      kind: "createTable",
      ...on,
      table: read.into,
      columns: [],
      constraints: [],
      ifNotExists: false,
      persistence: "permanent",
      foreign: false,
      partitionDefault: false,
      inherits: [],
      like: [],
      as: read,
    };
  }
  const call = read.targets.length === 1 && read.from.length === 0 ? read.targets[0]?.value : undefined;
  if (call?.kind === "call" && call.name === "set_config") {
    const [name, value, local] = call.args.map((arg) => (arg.kind === "literal" ? arg.value : undefined));
    if (typeof name === "string" && typeof value === "string") {
      return {
        kind: "set",
        ...on,
        name: name.toLowerCase(),
        value,
        values: value.split(",").map((part) => part.trim().replace(/^"(.*)"$/, "$1")),
        local: local === true,
      };
    }
  }
  return { kind: "select", ...on, query: read };
}
