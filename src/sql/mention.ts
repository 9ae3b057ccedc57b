/**
 * What a statement, and the bodies in it that can be read, say in words that no operation has: for those who have to
 * know whether it stays inside of the database.
 */
export type Mention =
  /** A command by its name in the manual, with what kind of object it is about: "ALTER SYSTEM", "COPY PROGRAM", "COPY FILE", "COMMENT ON ROLE", "RENAME SERVER". */
  | { readonly kind: "command"; readonly name: string }
  /** A function that is called, or made part of a trigger, an aggregate or an operator. In lower case where it was not quoted; pg_catalog counts as no schema. */
  | { readonly kind: "function"; readonly schema?: string | undefined; readonly name: string }
  /** The language of a function or a DO block. */
  | { readonly kind: "language"; readonly name: string }
  | { readonly kind: "extension"; readonly name: string }
  /** A table that is written to. */
  | { readonly kind: "write"; readonly schema?: string | undefined; readonly name: string }
  /** SQL that is run as a text, of which something is only known when it runs: the command or function that runs it. */
  | { readonly kind: "text"; readonly by: string }
  /** A table that a view is over and can be written through: it has no other, and no grouping. */
  | { readonly kind: "view"; readonly schema?: string | undefined; readonly name: string }
  /** A part that this reader cannot look into, as a phrase: "a DO block". */
  | { readonly kind: "unread"; readonly what: string };
