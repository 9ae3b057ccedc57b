import { fingerprint, compareFingerprints, type Fingerprint } from "../../src/rehearsal/schema/fingerprint.ts";
import type { Session } from "../../src/rehearsal/stage/session.ts";

/** What PostgreSQL leaves when two scripts run in one order. */
interface End {
  readonly schema?: Fingerprint;
  readonly rows?: string;
  readonly refused?: string;
}

export interface OrderTruth {
  /** Whether the orders leave the same schema and refuse the same. */
  readonly schema: boolean;
  readonly rows: boolean;
  readonly says: string;
}

/** Runs both orders in the session's database, which is as before at the end. */
export async function bothOrders(
  session: Session,
  one: string,
  other: string,
  tables: readonly string[],
): Promise<OrderTruth> {
  const ends = [await run(session, [one, other], tables), await run(session, [other, one], tables)] as const;
  const [first, second] = ends;
  if (first.refused !== undefined || second.refused !== undefined) {
    return {
      schema: false,
      rows: false,
      says: `one first: ${first.refused ?? "runs"}; other first: ${second.refused ?? "runs"}`,
    };
  }
  const differences = first.schema && second.schema ? compareFingerprints(first.schema, second.schema) : [];
  return {
    schema: differences.length === 0,
    rows: first.rows === second.rows,
    says: [
      ...differences.map(({ object, was, is }) => `${object}: ${was ?? "absent"} / ${is ?? "absent"}`),
      ...(first.rows === second.rows ? [] : [`rows: ${first.rows ?? ""} / ${second.rows ?? ""}`]),
    ].join("; "),
  };
}

async function run(session: Session, scripts: readonly string[], tables: readonly string[]): Promise<End> {
  // What a sequence gave out stays given out, whatever is rolled back.
  await session.run("SELECT setval('author_id_seq', 3), setval('post_id_seq', 3)");
  await session.run("BEGIN");
  try {
    for (const [at, script] of scripts.entries()) {
      const ran = await session.run(script);
      if (!ran.ok)
        return { refused: `${at === 0 ? "the first" : "the second"} by ${ran.error.sqlstate} ${ran.error.message}` };
    }
    const schema = await fingerprint(session);
    const rows: string[] = [];
    for (const table of tables) {
      if (!schema.objects.has(`table public.${table}`)) continue;
      const [found] = await session.query<{ rows: string | null }>(
        `SELECT jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text)::text AS rows FROM public."${table}" t`,
      );
      rows.push(`${table} ${found?.rows ?? ""}`);
    }
    return { schema, rows: rows.join("\n") };
  } finally {
    await session.run("ROLLBACK");
  }
}
