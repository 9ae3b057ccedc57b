import { failure, type Outcome, success } from "../../source/outcome.ts";
import type { ColumnStatistics, Statistics, TableStatistics } from "./statistics.ts";

/** The column that the query of `lockstep stats` gives its one value. */
const COLUMN = "lockstep_stats";

/**
 * Statistics as JSON. Fails with what is wrong and where, as the middle of a sentence: "tables[3].rows is "many", but must be a number
 * from 0".
 */
export function readStatistics(text: string): Outcome<Statistics> {
  const value = parsed(text.replace(/^\uFEFF/, ""));
  return value === undefined ? failure("it is no JSON") : statisticsOf(value);
}

/** What psql and other programs print of the query: the value alone, CSV, psql's table, or JSON with one row. Fails as `readStatistics`. */
export function readOutput(output: string): Outcome<Statistics> {
  const text = output.replace(/^\uFEFF/, "").trim();
  if (text === "") return failure("it is empty");
  const whole = parsed(text);
  if (whole !== undefined) return statisticsOf(inside(whole));
  for (const line of text.split(/\r?\n/)) {
    const value = parsed(unquoted(line.trim())) ?? parsed(line.slice(Math.max(0, line.indexOf("{"))));
    if (isRecord(value)) return statisticsOf(value);
  }
  return failure("it holds no JSON");
}

/** A field of CSV without its quotes. */
const unquoted = (field: string): string => (/^".*"$/s.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field);

/** Of rows as JSON the value in the first one, which may be JSON in a text. */
function inside(value: unknown): unknown {
  const row: unknown = Array.isArray(value) ? value[0] : value;
  const cell: unknown = isRecord(row) && COLUMN in row ? row[COLUMN] : row;
  return typeof cell === "string" ? parsed(cell) : cell;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Thrown and caught here: a text is wrong in one place, and the sentence is about that. */
class Misfit extends Error {}

function statisticsOf(value: unknown): Outcome<Statistics> {
  try {
    const top = record(value, "it");
    if (top.version !== 1) throw new Misfit(`version is ${shown(top.version)}, but must be 1`);
    return success({
      version: 1,
      taken: moment(top.taken, "taken"),
      server: text(top.server, "server"),
      database: text(top.database, "database"),
      replicas: amount(top.replicas, "replicas"),
      tables: list(top.tables, "tables").map((each, index) => tableOf(each, `tables[${index}]`)),
    });
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return failure(error.message);
  }
}

function tableOf(value: unknown, at: string): TableStatistics {
  const table = record(value, at);
  const scans = record(table.scans, `${at}.scans`);
  const writes = record(table.writes, `${at}.writes`);
  return {
    schema: text(table.schema, `${at}.schema`),
    name: text(table.name, `${at}.name`),
    rows: table.rows === null ? null : amount(table.rows, `${at}.rows`),
    heap: amount(table.heap, `${at}.heap`),
    bytes: amount(table.bytes, `${at}.bytes`),
    scans: {
      sequential: amount(scans.sequential, `${at}.scans.sequential`),
      index: amount(scans.index, `${at}.scans.index`),
    },
    writes: {
      inserted: amount(writes.inserted, `${at}.writes.inserted`),
      updated: amount(writes.updated, `${at}.writes.updated`),
      deleted: amount(writes.deleted, `${at}.writes.deleted`),
    },
    columns: Object.fromEntries(
      Object.entries(record(table.columns, `${at}.columns`)).map(([name, each]) => [
        name,
        columnOf(each, `${at}.columns[${JSON.stringify(name)}]`),
      ]),
    ),
  };
}

function columnOf(value: unknown, at: string): ColumnStatistics {
  const { nulls, distinct } = record(value, at);
  if (!isNumber(nulls) || nulls < 0 || nulls > 1)
    throw new Misfit(`${at}.nulls is ${shown(nulls)}, but must be a number from 0 to 1`);
  if (!isNumber(distinct)) throw new Misfit(`${at}.distinct is ${shown(distinct)}, but must be a number`);
  return { nulls, distinct };
}

function record(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new Misfit(`${at} is ${shown(value)}, but must be an object`);
  return value;
}

function list(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Misfit(`${at} is ${shown(value)}, but must be a list`);
  return value;
}

function text(value: unknown, at: string): string {
  if (typeof value !== "string" || value === "") throw new Misfit(`${at} is ${shown(value)}, but must be a text`);
  return value;
}

function moment(value: unknown, at: string): string {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) || Number.isNaN(Date.parse(value)))
    throw new Misfit(`${at} is ${shown(value)}, but must be a time as 2026-07-14T09:30:00Z`);
  return value;
}

function amount(value: unknown, at: string): number {
  if (!isNumber(value) || value < 0) throw new Misfit(`${at} is ${shown(value)}, but must be a number from 0`);
  return value;
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "an object";
  const json = JSON.stringify(value);
  return json.length > 40 ? `${json.slice(0, 39)}…` : json;
}
