import type { OperationOf } from "../../sql/operation/index.ts";
import { isOff } from "../postgres/settings.ts";
import { type Membership, setAt } from "../transactions.ts";
import type { MigrationView } from "../step.ts";

/**
 * A setting that a migration leaves behind: Prisma runs all migrations over one connection, and writes to its own table over it too.
 * `untabled` and `readOnly` are what Prisma then fails with (measured with its schema engine 7.10).
 */
export interface LeftSetting {
  readonly set: OperationOf<"set">;
  readonly hazard: "untabled" | "readOnly" | "elsewhere" | "role" | "triggers" | "rowSecurity" | "bodies";
  readonly value: string;
  /** Of a search_path: the schema that unqualified names are made in; "" where there is none. */
  readonly schema: string;
}

/** The gravest first. */
export function leftSettings(migration: MigrationView, members: readonly Membership[]): readonly LeftSetting[] {
  const { statements } = migration;
  return NAMES.flatMap((name): LeftSetting[] => {
    const set = setAt(statements, members, statements.length, name);
    if (set?.value === null || set === undefined) return [];
    const schemas = set.values.filter((schema) => schema !== "" && schema !== "$user");
    const hazard = hazardOf(name, set.value, schemas);
    return hazard ? [{ set, hazard, value: set.value === "" ? "''" : set.value, schema: schemas[0] ?? "" }] : [];
  });
}

const NAMES = [
  "search_path",
  "default_transaction_read_only",
  "session_authorization",
  "role",
  "session_replication_role",
  "row_security",
  "check_function_bodies",
] as const;

function hazardOf(
  name: (typeof NAMES)[number],
  value: string,
  schemas: readonly string[],
): LeftSetting["hazard"] | undefined {
  switch (name) {
    case "search_path":
      if (!schemas.includes(DEFAULT_SCHEMA)) return "untabled";
      return schemas[0] === DEFAULT_SCHEMA ? undefined : "elsewhere";
    case "default_transaction_read_only":
      return isOff(value) ? undefined : "readOnly";
    case "session_authorization":
    case "role":
      return value === "none" ? undefined : "role";
    case "session_replication_role":
      return value.toLowerCase() === "replica" ? "triggers" : undefined;
    case "row_security":
      return isOff(value) ? "rowSecurity" : undefined;
    case "check_function_bodies":
      return isOff(value) ? "bodies" : undefined;
    default:
      return name satisfies never;
  }
}

/** Where Prisma's table is, unless the address of the database names another schema. */
const DEFAULT_SCHEMA = "public";
