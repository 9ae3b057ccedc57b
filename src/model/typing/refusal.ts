/** Why PostgreSQL refuses an expression, a query or a whole statement, whatever the rows are. */
export interface Refusal {
  /** https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlstate: string;
  /** PostgreSQL's own sentence, without a full stop: `column "nick" does not exist`. */
  readonly message: string;
  /** What it is about, for help that fits: the name or type that is not there. */
  readonly about:
    | "relation"
    | "column"
    | "function"
    | "operator"
    | "type"
    | "schema"
    | "enum label"
    | "value"
    | "assignment"
    | "volatility"
    | "version"
    | "command"
    | "dependents";
  /** A name that is there and may be meant. */
  readonly meant?: string | undefined;
  /** Of a label used in the transaction that adds it: the enum's id and name, and the statement of the migration that adds it. */
  readonly fresh?:
    | { readonly type: string; readonly name: string; readonly label: string; readonly statement: number }
    | undefined;
  /** The first major version that has it. */
  readonly since?: number | undefined;
}
