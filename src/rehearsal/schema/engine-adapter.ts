import type {
  ColumnType,
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  SqlResultSet,
} from "@prisma/driver-adapter-utils";
import type { Session } from "../stage/session.ts";
import { identifier, literal } from "../../sql/names.ts";

/** All that the schema engine asked of a database, with the answers. */
export type Description = ReadonlyMap<string, SqlResultSet>;

export type Ask = (query: SqlQuery) => Promise<SqlResultSet>;

/**
 * The engine's databases. A "migration" is no SQL here but the name of the database that the engine shall find when it looks: all
 * have been made, by what is under test, before the engine is asked.
 */
export function describedDatabases(
  databases: ReadonlyMap<string, Ask>,
  errorOf: (message: string) => Error,
): SqlMigrationAwareDriverAdapterFactory {
  const info = { provider: "postgres", adapterName: "lockstep" } as const;
  const connection = (first?: Ask): SqlDriverAdapter => {
    let ask = first;
    return {
      ...info,
      async queryRaw(query) {
        if (ask === undefined) throw errorOf("no database was chosen");
        return ask(query);
      },
      executeRaw: () => Promise.reject(errorOf("the schema engine writes nothing")),
      executeScript(name) {
        ask = databases.get(name);
        return Promise.resolve();
      },
      startTransaction: () => Promise.reject(errorOf("the schema engine needs no transaction")),
      getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: true }),
      dispose: () => Promise.resolve(),
    };
  };
  const first = [...databases.values()][0];
  return {
    ...info,
    connect: () => Promise.resolve(connection(first)),
    connectToShadowDb: () => Promise.resolve(connection(first)),
  };
}

/** Asks a live session; answers are kept in `into`. */
export function recording(session: Session, into: Map<string, SqlResultSet>): Ask {
  return async (query) => {
    const answer = await answerOf(session, query);
    into.set(key(query), answer);
    return answer;
  };
}

/** Answers what was recorded; another question is a bug. */
export function replaying(description: Description): Ask {
  return (query) => {
    const answer = description.get(key(query));
    return answer === undefined
      ? Promise.reject(new Error(`The schema engine asks something new: ${query.sql}`))
      : Promise.resolve(answer);
  };
}

const key = ({ sql, args }: SqlQuery): string => JSON.stringify([sql, args]);

interface Shape {
  readonly names: readonly string[];
  readonly oids: readonly number[];
}

const shapes = new Map<string, Shape>();

/** A session gives rows without the types of their columns, so they are asked for, once for each text. */
async function answerOf(session: Session, query: SqlQuery): Promise<SqlResultSet> {
  const sql = withArguments(query).trim().replace(/;$/, "");
  const known = `${session.server.major} ${query.sql}`;
  const shape = shapes.get(known) ?? (await shapeOf(session, sql));
  shapes.set(known, shape);
  const values = shape.names.map((name, i) =>
    AS_TEXT.has(shape.oids[i] ?? 0) ? `q.${identifier(name)}::text` : `q.${identifier(name)}`,
  );
  const [row] = await session.query<{ rows: unknown[][] }>(
    `select coalesce(json_agg(json_build_array(${values.join(", ")})), '[]') as rows from (${sql}\n) q`,
  );
  return {
    columnNames: [...shape.names],
    columnTypes: shape.oids.map((oid) => TYPES.get(oid) ?? TEXT),
    rows: row?.rows ?? [],
  };
}

async function shapeOf(session: Session, sql: string): Promise<Shape> {
  const none = (values: string): string => `select ${values} from (values (1)) one left join (${sql}\n) q on false`;
  const [empty] = await session.query<Record<string, unknown>>(none("q.*"));
  const names = Object.keys(empty ?? {});
  // Of a domain, as those of information_schema are, its base type: that is what a driver sees.
  const types = names.map(
    (name) =>
      `(select coalesce(nullif(t.typbasetype, 0), t.oid)::int4 from pg_catalog.pg_type t where t.oid = pg_typeof(q.${identifier(name)}))`,
  );
  const [row] = await session.query<{ oids: number[] }>(none(`json_build_array(${types.join(", ")}) as oids`));
  return { names, oids: row?.oids ?? [] };
}

function withArguments({ sql, args }: SqlQuery): string {
  return sql.replace(/\$(\d+)\b/g, (_, number: string) => valueSql(args[Number(number) - 1]));
}

function valueSql(value: unknown): string {
  if (Array.isArray(value)) return `array[${value.map(valueSql).join(", ")}]::text[]`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return literal(value);
  throw new Error(`The schema engine gives a parameter of a kind that is not known: ${typeof value}`);
}

// ColumnTypeEnum of @prisma/driver-adapter-utils, by the OIDs of pg_type.
const TEXT: ColumnType = 7;
const TYPES = new Map<number, ColumnType>([
  ...([
    [16, 5],
    [18, 6],
    [20, 1],
    [21, 0],
    [23, 0],
    [26, 1],
    [700, 2],
    [701, 3],
    [1700, 4],
  ] as const),
  ...([
    [1000, 69],
    [1002, 70],
    [1003, 71],
    [1005, 64],
    [1007, 64],
    [1009, 71],
    [1015, 71],
    [1016, 65],
    [1028, 65],
  ] as const),
]);
/** Numbers that JSON would round. */
const AS_TEXT = new Set([18, 20, 26, 1700]);
