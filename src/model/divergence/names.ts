/** The digits in front of a folder's name. */
export const timestampOf = (id: string): string => /^\d+/.exec(id)?.[0] ?? "";
/** A folder's name without its timestamp. */
export const nameOf = (id: string): string => id.replace(/^\d+[_-]?/, "");
