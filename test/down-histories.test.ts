import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeDownIn } from "../src/rehearsal/down/index.ts";
import { embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import { EXTENSIONS } from "../src/rehearsal/stage/extensions.ts";
import { whatIsHeldBack } from "../src/rehearsal/outside.ts";
import { freshState } from "../src/rehearsal/replay.ts";
import type { Session } from "../src/rehearsal/stage/session.ts";
import { readMigration } from "../src/model/walk.ts";
import { postgresReader as reader } from "../src/sql/postgres/read.ts";

/**
 * Writes a down.sql for each of the last migrations of whole histories, and counts those that restore the schema: LOCKSTEP_HISTORIES
 * names migrations folders (name=path, comma separated), LOCKSTEP_DOWN_OUT a folder for what is written, LOCKSTEP_DOWN_LAST how many (50).
 */
const histories = (process.env["LOCKSTEP_HISTORIES"] ?? "").split(",").filter((entry) => entry.includes("="));
const out = process.env["LOCKSTEP_DOWN_OUT"];
const last = Number(process.env["LOCKSTEP_DOWN_LAST"] ?? 50);

test.skipIf(histories.length === 0 || out === undefined).each(histories.length === 0 ? ["none="] : histories)(
  "%s",
  async (entry) => {
    await reader.load();
    const [name = "", folder = ""] = entry.split("=");
    const migrations = readdirSync(folder)
      .filter((id) => existsSync(join(folder, id, "migration.sql")))
      .sort((a, b) => a.localeCompare(b))
      .map((id) => ({ id, text: readFileSync(join(folder, id, "migration.sql"), "utf8") }));
    const stage = embeddedStage({
      extensions: [...EXTENSIONS.keys()].filter((extension) =>
        migrations.some(({ text }) => new RegExp(`extension[^;]*\\b${extension}\\b`, "i").test(text)),
      ),
    });
    const to = join(out ?? "", name);
    mkdirSync(to, { recursive: true });
    const first = Math.max(0, migrations.length - last);
    const lines: string[] = [];
    const count = { restored: 0, statements: 0, milliseconds: 0 };
    let session: Session | undefined;
    for (let i = first; i < migrations.length; i++) {
      session ??= await replayed(migrations.slice(0, i));
      const { id, text } = migrations[i] ?? { id: "", text: "" };
      const started = performance.now();
      const migration = readMigration(
        {
          id,
          path: `prisma/migrations/${id}`,
          up: { path: `prisma/migrations/${id}/migration.sql`, text },
          state: "pending",
        },
        reader,
        "batch",
      )!;
      const down = await writeDownIn(session, {
        migration,
        path: `${migration.path}/down.sql`,
        reader,
        heldBack: await whatIsHeldBack(session, false),
        limit: { time: 60_000 },
      });
      count.milliseconds += performance.now() - started;
      if (!down.ok) {
        lines.push(`${id}: ${down.message}`);
        session = undefined;
        continue;
      }
      writeFileSync(join(to, `${id}.sql`), down.value.text);
      if (down.value.differences.length === 0) {
        count.restored++;
        await runUp(session, text);
      } else {
        lines.push(
          `${id}:\n${down.value.differences.map((difference) => `  ${JSON.stringify(difference)}`).join("\n")}`,
        );
        session = undefined;
      }
      count.statements += down.value.statements.length;
    }
    await stage.close();
    const written = migrations.length - first;
    writeFileSync(
      join(to, "result.txt"),
      `${name}: ${count.restored} of ${written} restored, ${count.statements} statements, ${Math.round(count.milliseconds / written)} ms each\n${lines.join("\n")}\n`,
    );
    expect(count.restored / written).toBeGreaterThanOrEqual(0.9);

    async function replayed(earlier: typeof migrations): Promise<Session> {
      const fresh = await stage.fresh();
      if (!fresh.ok) throw new Error(fresh.message);
      for (const { text } of earlier) await runUp(fresh.value, text);
      await freshState(fresh.value);
      return fresh.value;
    }
  },
  1_800_000,
);

async function runUp(session: Session, text: string): Promise<void> {
  if ((await session.run(text)).ok) return;
  await session.run("ROLLBACK");
  for (const { range } of reader.read(text).statements) await session.run(text.slice(range.start, range.end));
}
