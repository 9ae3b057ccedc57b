import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { DiffParams, SchemaEngine } from "@prisma/schema-engine-wasm";
import type { SqlResultSet } from "@prisma/driver-adapter-utils";
import { type Outcome, failure, success } from "../../source/outcome.ts";
import { type Ask, type Description, describedDatabases, recording, replaying } from "./engine-adapter.ts";
import type { Session } from "../stage/session.ts";

export type { Description } from "./engine-adapter.ts";

/** What Prisma's schema engine sees of a scratch database as it is now, also inside of an open transaction. */
export async function describeForPrisma(session: Session): Promise<Outcome<Description>> {
  const answers = new Map<string, SqlResultSet>();
  const diff = await askEngine(new Map([["now", recording(session, answers)]]), "now", undefined);
  return diff.ok ? success(answers) : diff;
}

/** The SQL that leads from one schema to the other, as `prisma migrate diff --script` prints it: no more than Prisma sees of them. "" where it sees no difference. */
export async function prismaDiff(from: Description, to: Description): Promise<Outcome<string>> {
  return askEngine(
    new Map([
      ["from", replaying(from)],
      ["to", replaying(to)],
    ]),
    "from",
    "to",
  );
}

async function askEngine(
  databases: ReadonlyMap<string, Ask>,
  from: string,
  to: string | undefined,
): Promise<Outcome<string>> {
  const [{ SchemaEngine: Engine }, { bindMigrationAwareSqlAdapterFactory: bind, DriverAdapterError: AdapterError }] =
    await Promise.all([engineModule(), import("@prisma/driver-adapter-utils")]);
  const errorOf = (message: string): Error =>
    new AdapterError({
      kind: "postgres",
      code: "XX000",
      severity: "ERROR",
      message,
      detail: undefined,
      column: undefined,
      hint: undefined,
    });
  const target = (name: string | undefined): DiffParams["to"] =>
    name === undefined ? { tag: "empty" } : { tag: "migrations", ...databaseAsMigrations(name) };
  let engine: SchemaEngine | undefined;
  try {
    engine = await Engine.new({ datamodels: undefined }, () => undefined, bind(describedDatabases(databases, errorOf)));
    const { exitCode, stdout } = await engine.diff({
      from: target(from),
      to: target(to),
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    return success(exitCode === 0 ? "" : (stdout ?? ""));
  } catch (error) {
    return failure(
      `Prisma's schema engine cannot compare the schemas: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    engine?.free();
  }
}

function databaseAsMigrations(name: string) {
  return {
    baseDir: "/migrations",
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: [
      { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: name } } },
    ],
  };
}

interface Bindings {
  readonly SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: unknown): void;
}

// The library that tsconfig names has no types for it; the DOM's would bring much else.
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly instance: { readonly exports: { readonly __wbindgen_start: () => void } } }>;
};

let loaded: Promise<Bindings> | undefined;

/** A second instance in one process breaks its bindings, so there is one. The package's own entry is for bundlers: Node does not import WebAssembly. */
function engineModule(): Promise<Bindings> {
  loaded ??= (async () => {
    const bindings = (await import("@prisma/schema-engine-wasm/schema_engine_bg")) as unknown as Bindings;
    const folder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
    const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, "schema_engine_bg.wasm")), {
      "./schema_engine_bg.js": bindings,
    });
    bindings.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
    return bindings;
  })();
  return loaded;
}
