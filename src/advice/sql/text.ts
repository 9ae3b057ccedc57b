/** A text as a literal. */
export const sqlString = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The tables as a list of their oids. A table that is gone is NULL there, where a cast would fail. */
export const oids = (tables: readonly string[]): string =>
  tables.map((table) => `to_regclass(${sqlString(table)})`).join(", ");
