import type { ColumnStatistics, KnownStatistics, TableStatistics } from "../evidence/statistics/statistics.ts";
import type { Effects, Work } from "../model/effects.ts";
import { secondsOf } from "../model/postgres/durations.ts";
import { type RelationId, relationId, relationName, relationOf } from "../sql/names.ts";
import { bytesInWords, durationInWords, listed, roughly } from "../words.ts";
import type { SmallTables } from "./config.ts";
import type { Finding, FindingSize } from "./finding.ts";
import type { Reported } from "./report.ts";

/** How big the tables are, as far as anything says so. */
export interface Sizes {
  /** Said by a file or by name: what is neither is not small. */
  isSmall(relation: RelationId): boolean;
  tableOf(relation: RelationId): TableStatistics | undefined;
  column(relation: RelationId, name: string): ColumnStatistics | undefined;
  /** Roughly how long work takes; undefined where the table is not known, or nothing is done. */
  seconds(relation: RelationId, works: readonly Work[]): number | undefined;
}

/** Undefined where nothing is known of any. */
export function sizesOf(
  { rows, megabytes, tables: named }: SmallTables,
  statistics: KnownStatistics | undefined,
): Sizes | undefined {
  if (!statistics && named.length === 0) return undefined;
  const names = new Set(named);
  const tables = new Map(statistics?.tables.map((table) => [relationId(table.schema, table.name), table]));
  const tableOf = (relation: RelationId): TableStatistics | undefined => tables.get(relation);
  return {
    tableOf,
    isSmall(relation) {
      if (names.has(relation) || names.has(relationName(relation))) return true;
      const table = tables.get(relation);
      return table !== undefined && mostRows(table) <= rows && table.bytes <= megabytes * 1024 * 1024;
    },
    column(relation, name) {
      const columns = tables.get(relation)?.columns;
      return columns && Object.hasOwn(columns, name) ? columns[name] : undefined;
    },
    seconds(relation, works) {
      const table = tables.get(relation);
      const own = works.filter((work) => work.relation === relation);
      if (!table || own.length === 0) return undefined;
      const weight = { rows: mostRows(table), heap: table.heap, bytes: table.bytes };
      // The rewrite builds the indexes too.
      const rewrite = own.find(({ kind }) => kind === "rewrite");
      const apart = new Map((rewrite ? [rewrite] : own).map((work) => [`${work.kind} ${work.reason}`, work]));
      return [...apart.values()].reduce((sum, { kind }) => sum + secondsOf(kind, weight), 0);
    },
  };
}

/** A row takes 24 bytes of header and 4 for its place in the page: https://www.postgresql.org/docs/current/storage-page-layout.html */
const LEAST = 28;

/** What was not counted is not more than there is room for. */
const mostRows = ({ rows, heap }: TableStatistics): number => rows ?? Math.floor(heap / LEAST);

/** What is done to tables, and takes as long as they are big. */
export const worksOf = ({ rewrites, scans }: Pick<Effects, "rewrites" | "scans">): readonly Work[] =>
  [...rewrites, ...scans].filter(({ lookedUp }) => lookedUp === undefined);

/** A finding with what is known of its tables: small ones make it information, others are told with their size. */
export function sized(finding: Finding, { rule, explicit, report, effects }: Reported, sizes: Sizes): Finding {
  const message = [finding.message, ...sharesInWords(finding, rule.failsOn, effects, sizes)].join(" ");
  const { dependsOnSize } = rule;
  const depends = dependsOnSize === true || dependsOnSize?.includes(report.message) === true;
  const size = depends ? sizeOf(finding, report.sizes, effects, sizes) : undefined;
  if (!size) return message === finding.message ? finding : { ...finding, message };
  return {
    ...finding,
    message: `${message} ${sizeInWords(size)}`,
    size: size.size,
    // What somebody has set by hand stays.
    ...(size.size.small && !explicit && { severity: "info" as const }),
  };
}

interface Judged {
  readonly relations: readonly RelationId[];
  readonly size: FindingSize;
}

function sizeOf(
  { objects }: Finding,
  deciding: readonly RelationId[] | undefined,
  effects: Reported["effects"],
  sizes: Sizes,
): Judged | undefined {
  const named = new Set(objects.map(relationOf));
  const works = effects ? worksOf(effects) : [];
  const own = works.filter(({ relation }) => named.has(relation));
  const relations = [...new Set(deciding ?? (own.length > 0 ? own.map(({ relation }) => relation) : named))];
  if (relations.length === 0) return undefined;
  const small = relations.every((relation) => sizes.isSmall(relation));
  const tables = relations
    .flatMap((relation) => {
      const table = sizes.tableOf(relation);
      return table ? [{ relation, rows: table.rows, bytes: table.bytes }] : [];
    })
    .sort((a, b) => b.bytes - a.bytes);
  if (!small && tables.length === 0) return undefined;
  // Of a partitioned table the partitions are read.
  const read = own.length > 0 || deciding ? relations : [...new Set(works.map(({ relation }) => relation))];
  const times = read.flatMap((relation) => sizes.seconds(relation, works) ?? []);
  const seconds = times.length > 0 ? times.reduce((sum, each) => sum + each, 0) : undefined;
  return { relations, size: { tables, small, ...(seconds !== undefined && { seconds }) } };
}

const SHOWN = 3;

function sizeInWords({ relations, size: { tables, small, seconds } }: Judged): string {
  const told = tables.map(({ relation, rows, bytes }) => `${relationName(relation)} (${amount(rows, bytes)})`);
  const untold = relations.filter((id) => !tables.some(({ relation }) => relation === id)).map(relationName);
  if (small) return `Small${untold.length > 0 ? " by the configuration" : ""}: ${listed([...told, ...untold], SHOWN)}.`;
  const time = seconds === undefined ? "" : `: it takes roughly ${durationInWords(seconds)}`;
  return `How big: ${listed(told, SHOWN)}${time}.`;
}

export const amount = (rows: number | null, bytes: number): string =>
  `${rows === null ? "rows not counted" : `${roughly(rows)} ${rows === 1 ? "row" : "rows"}`}, ${bytesInWords(bytes)}`;

/** What pg_stats has of the rows that the statement would fail on. It goes by a sample, so that none in it are no proof. */
function sharesInWords(
  { objects }: Finding,
  kind: "nulls" | "duplicates" | undefined,
  effects: Reported["effects"],
  sizes: Sizes,
): readonly string[] {
  if (!kind || !effects) return [];
  const relations = new Set(objects.map(relationOf));
  return effects.failures
    .filter((failure) => failure.kind === kind && relations.has(failure.relation))
    .flatMap(({ relation, columns }) => {
      const rows = sizes.tableOf(relation)?.rows ?? undefined;
      const known = columns.flatMap((name) => {
        const column = sizes.column(relation, name);
        return column ? [{ name, ...column }] : [];
      });
      return kind === "nulls"
        ? known.map(({ name, nulls }) => nullsInWords(name, nulls, rows))
        : duplicatesInWords(known, columns, rows);
    });
}

const NO_PROOF = "which is no proof, since it goes by a sample";

function nullsInWords(name: string, nulls: number, rows: number | undefined): string {
  if (nulls === 0) return `pg_stats knows no NULL in ${name}, ${NO_PROOF}.`;
  return `By pg_stats ${percent(nulls)} of ${name} is NULL${rows === undefined ? "" : `: roughly ${roughly(nulls * rows)} of ${roughly(rows)} rows`}.`;
}

function duplicatesInWords(
  known: readonly (ColumnStatistics & { readonly name: string })[],
  columns: readonly string[],
  rows: number | undefined,
): readonly string[] {
  // Of n_distinct a negative number counts for each row, and NULLs are no value.
  const unique = known.find(({ distinct, nulls }) => distinct < 0 && -distinct >= 1 - nulls - 1e-6);
  if (unique) return [`pg_stats knows no value twice in ${unique.name}, ${NO_PROOF}.`];
  const [column] = known;
  if (!column || columns.length > 1 || rows === undefined) return [];
  const { name, distinct, nulls } = column;
  const values = distinct < 0 ? -distinct * rows : distinct;
  return [
    `By pg_stats ${name} has roughly ${roughly(values)} different values in ${roughly((1 - nulls) * rows)} rows.`,
  ];
}

const percent = (share: number): string => (share < 0.01 ? "less than 1 %" : `${Math.round(share * 100)} %`);
