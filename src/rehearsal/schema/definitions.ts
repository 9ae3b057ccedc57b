import type { Session } from "../stage/session.ts";
import { literal } from "../../sql/names.ts";
import { DEFINITIONS } from "./query.ts";

/** What a database defines, as PostgreSQL prints it: expressions and names in `public` bare, all others qualified. */
export interface Definitions {
  readonly schemas: readonly (Owned & { readonly oid: number; readonly name: string })[];
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  readonly relations: readonly RelationDefinition[];
  readonly columns: readonly CatalogColumn[];
  readonly constraints: readonly ConstraintDefinition[];
  readonly indexes: readonly IndexDefinition[];
  readonly sequences: readonly SequenceDefinition[];
  readonly types: readonly TypeDefinition[];
  readonly functions: readonly FunctionDefinition[];
  readonly triggers: readonly TriggerDefinition[];
  readonly policies: readonly PolicyDefinition[];
  readonly rules: readonly RuleDefinition[];
  readonly statistics: readonly StatisticsDefinition[];
  readonly eventTriggers: readonly {
    readonly name: string;
    readonly event: string;
    readonly enabled: string;
    readonly tags: readonly string[] | null;
    readonly function: string;
  }[];
  readonly publications: readonly {
    readonly name: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly tables: readonly string[] | null;
  }[];
  readonly others: readonly { readonly kind: string; readonly name: string; readonly definition: string }[];
}

export interface Owned {
  /** Null: the user who asks. */
  readonly owner: string | null;
  /** Null: nothing was granted or revoked. */
  readonly acl: { readonly is: readonly string[]; readonly default: readonly string[] } | null;
  readonly comment: string | null;
}

export interface RelationDefinition extends Owned {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind: r table, p partitioned table, v view, m materialized view, f foreign table. */
  readonly kind: "r" | "p" | "v" | "m" | "f";
  readonly persistence: "p" | "u";
  readonly replicaIdentity: "d" | "n" | "f" | "i";
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly options: readonly string[] | null;
  readonly toastOptions: readonly string[] | null;
  readonly method: string | null;
  readonly tablespace: string | null;
  readonly partitionKey: string | null;
  readonly partitionBound: string | null;
  readonly parents: readonly string[] | null;
  readonly ofType: string | null;
  readonly query: string | null;
  readonly populated: boolean;
  readonly foreign: { readonly server: string; readonly options: readonly string[] | null } | null;
  readonly clusteredOn: string | null;
  readonly replicaIndex: string | null;
}

/** The numbers as text: they may be beyond what a JavaScript number holds. */
export interface SequenceOptions {
  readonly start: string;
  readonly min: string;
  readonly max: string;
  readonly increment: string;
  readonly cache: string;
  readonly cycle: boolean;
}

export interface CatalogColumn {
  /** OID of the relation. */
  readonly relation: number;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly notNullNotValid: boolean;
  /** Of a generated column its expression. */
  readonly default: string | null;
  readonly generated: "" | "s" | "v";
  readonly identity: "" | "a" | "d";
  readonly sequence: (SequenceOptions & { readonly schema: string; readonly name: string }) | null;
  /** Where it is not that of the type. */
  readonly collation: string | null;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statistics: number | null;
  readonly options: readonly string[] | null;
  readonly inherited: boolean;
  /** pg_type.typtype of its type: b base, e enum, d domain, c composite, r range, m multirange. */
  readonly typeKind: string;
  readonly acl: readonly string[] | null;
  readonly comment: string | null;
}

export interface ConstraintDefinition {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  /** pg_constraint.contype: p, u, f, c, x. */
  readonly type: "p" | "u" | "f" | "c" | "x";
  readonly definition: string;
  readonly validated: boolean;
  /** It comes from a partitioned table or an inheritance parent. */
  readonly inherited: boolean;
  /** Of a foreign key: OID of the referenced relation. */
  readonly parent: number | null;
  readonly columns: readonly string[] | null;
  readonly comment: string | null;
}

export interface IndexDefinition {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  readonly definition: string;
  readonly unique: boolean;
  readonly valid: boolean;
  readonly inherited: boolean;
  readonly ofConstraint: boolean;
  readonly method: string;
  /** Neither expressions nor a predicate. */
  readonly plain: boolean;
  readonly columns: readonly string[] | null;
  readonly comment: string | null;
}

export interface SequenceDefinition extends Owned, SequenceOptions {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly persistence: string;
  readonly type: string;
  readonly ownedBy: { readonly relation: number; readonly column: string } | null;
}

export interface TypeDefinition extends Owned {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype: e enum, d domain, c composite, r range, b base. */
  readonly kind: "e" | "d" | "c" | "r" | "b";
  readonly values: readonly string[] | null;
  readonly valueOids: readonly number[] | null;
  readonly base: string | null;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly collation: string | null;
  readonly checks: readonly { readonly name: string; readonly definition: string }[] | null;
  readonly attributes: readonly string[] | null;
  readonly range: { readonly subtype: string; readonly canonical: string | null; readonly diff: string | null } | null;
}

export interface FunctionDefinition extends Owned {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly arguments: string;
  /** pg_proc.prokind: f function, p procedure, a aggregate, w window function. */
  readonly kind: "f" | "p" | "a" | "w";
  readonly definition: string | null;
  readonly aggregate: {
    readonly step: string;
    readonly state: string;
    readonly final: string | null;
    readonly initial: string | null;
    readonly combine: string | null;
    readonly parallel: string;
    readonly kind: string;
  } | null;
}

export interface TriggerDefinition {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  readonly definition: string;
  /** pg_trigger.tgenabled: O enabled, D disabled, R replica, A always. */
  readonly enabled: "O" | "D" | "R" | "A";
  readonly inherited: boolean;
  readonly comment: string | null;
}

export interface PolicyDefinition {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  /** pg_policy.polcmd. */
  readonly command: "r" | "a" | "w" | "d" | "*";
  readonly permissive: boolean;
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
  readonly comment: string | null;
}

export interface RuleDefinition {
  readonly relation: number;
  readonly name: string;
  readonly definition: string;
  readonly enabled: "O" | "D" | "R" | "A";
  readonly comment: string | null;
}

export interface StatisticsDefinition {
  readonly schema: string;
  readonly name: string;
  readonly relation: number;
  readonly definition: string;
  readonly target: number | null;
  readonly comment: string | null;
}

/** How PostgreSQL prints names and constants depends on these. */
const PRINTING: readonly (readonly [setting: string, value: string])[] = [
  ["search_path", "public, pg_temp"],
  ["timezone", "UTC"],
  ["datestyle", "ISO, MDY"],
  ["intervalstyle", "postgres"],
  ["extra_float_digits", "1"],
  ["bytea_output", "hex"],
  ["quote_all_identifiers", "off"],
];

/**
 * Reads all definitions of a scratch database. What the session has set, also inside of a transaction, is as it was afterwards; in an
 * aborted transaction it throws, as any query does.
 */
export async function readDefinitions(session: Session): Promise<Definitions> {
  const set = (values: readonly (readonly [string, string])[]): string =>
    values.map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, true)`).join(", ");
  const [before] = await session.query<Record<string, string>>(
    `select ${PRINTING.map(([name]) => `current_setting('${name}') as ${name}`).join(", ")}`,
  );
  const [row] = await session.query<{ catalog: Definitions }>(`select ${set(PRINTING)};\n${DEFINITIONS}`);
  // Outside of a transaction the settings ended with the query, and this one does nothing.
  await session.query(`select ${set(Object.entries(before ?? {}))}`);
  if (row === undefined) throw new Error("The catalog query gave no row.");
  return row.catalog;
}
