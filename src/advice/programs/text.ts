/** A text as SQL has it, in single quotes. */
export const sqlString = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as SQL has it, always in double quotes. */
export const sqlWord = (name: string): string => `"${name.replaceAll('"', '""')}"`;
