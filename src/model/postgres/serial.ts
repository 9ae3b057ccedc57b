import type { TypeName } from "../../sql/expression.ts";
import { lookup } from "../../words.ts";

/** The types of serial columns: https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL */
export const SERIAL: Readonly<Record<string, string>> = lookup({
  serial: "int4",
  bigserial: "int8",
  smallserial: "int2",
});

/** The type that a column of it has: serial is an integer with a default. */
export const storedType = <T extends Pick<TypeName, "name">>(type: T): T => ({
  ...type,
  name: SERIAL[type.name] ?? type.name,
});
