import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { postgres } from "../src/advice/programs/postgres.ts";
import { shell } from "../src/advice/programs/shell.ts";
import type { Command } from "../src/advice/programs/command.ts";
import type { ProjectFacts } from "../src/advice/programs/facts.ts";

/** Programs that print how they were called. */
const FAKES = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-")));
afterAll(() => rmSync(FAKES, { recursive: true, force: true }));
for (const program of ["psql", "pg_dump", "prisma"]) {
  writeFileSync(
    join(FAKES, program),
    `#!/bin/sh\nprintf '%s\\n' "${program}" "$@" "url=$POSTGRES_PRISMA_URL" "direct=$DIRECT_URL"\n`,
  );
  chmodSync(join(FAKES, program), 0o755);
}

function run({ text }: Command, environment: Readonly<Record<string, string>>, program = "sh") {
  const { status, stdout } = spawnSync(program, ["-c", text], {
    cwd: FAKES,
    env: { PATH: `${FAKES}:${process.env["PATH"] ?? ""}`, ...environment },
    encoding: "utf8",
  });
  return { ok: status === 0, lines: stdout.split("\n").filter((line) => line !== "") };
}

const STATUS: Command = { kind: "prisma.status", program: "prisma", text: "prisma migrate status", purpose: "" };
const KNOWN: ProjectFacts = { variables: ["DIRECT_URL", "POSTGRES_PRISMA_URL"] };
const STAGING = "postgresql://app@staging/shop?schema=public";

describe.each(["sh", "bash"])("a command against another database, in %s", (program) => {
  test("every variable of the address is set", () => {
    const command = shell.against(KNOWN, "STAGING_DATABASE_URL", STATUS);
    const elsewhere = {
      POSTGRES_PRISMA_URL: "postgresql://production/shop",
      DIRECT_URL: "postgresql://production/shop",
    };
    expect(run(command, { ...elsewhere, STAGING_DATABASE_URL: STAGING }, program)).toEqual({
      ok: true,
      lines: ["prisma", "migrate", "status", `url=${STAGING}`, `direct=${STAGING}`],
    });
    // With no address for it, the one that is set would be production's.
    for (const empty of [{}, { STAGING_DATABASE_URL: "" }])
      expect(run(command, { ...elsewhere, ...empty }, program)).toEqual({ ok: false, lines: [] });
  });

  test("where no variable is known, nothing runs", () => {
    for (const facts of [{}, { variables: [] }])
      expect(
        run(shell.against(facts, "STAGING_DATABASE_URL", STATUS), { STAGING_DATABASE_URL: STAGING }, program),
      ).toEqual({ ok: false, lines: [] });
  });
});

describe("PostgreSQL's programs", () => {
  const dump = (facts: ProjectFacts) =>
    postgres.dump(facts, "before.dump", { schemas: ["audit"], tables: ['public."Post"'] });

  test("take the address that migrations connect by, without Prisma's parameters", () => {
    expect(run(dump(KNOWN), { DIRECT_URL: STAGING }).lines).toEqual([
      "pg_dump",
      "postgresql://app@staging/shop",
      "--format=custom",
      "--schema=audit",
      '--table=public."Post"',
      "--file=before.dump",
      "url=",
      `direct=${STAGING}`,
    ]);
    expect(run(postgres.where(KNOWN), { DIRECT_URL: STAGING }).lines.slice(0, 4)).toEqual([
      "psql",
      "postgresql://app@staging/shop",
      "-c",
      "\\conninfo",
    ]);
  });

  test("do not run without an address: they would take a database of this machine", () => {
    for (const facts of [KNOWN, {}, { variables: [] }])
      for (const command of [dump(facts), postgres.where(facts)])
        expect(run(command, { POSTGRES_PRISMA_URL: STAGING })).toEqual({ ok: false, lines: [] });
  });
});
