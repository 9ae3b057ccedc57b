import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { rolldown, type InputOptions, type OutputOptions } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";

let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "lockstep-embedded-"));
  symlinkSync(resolve("node_modules"), join(scratch, "node_modules"), "junction");
  writeFileSync(join(scratch, "package.json"), `{ "type": "module" }`);
  const entry = join(scratch, "entry.ts");
  // It forgets to close. With a second argument it is still at work when it is killed.
  writeFileSync(
    entry,
    `
    import { diskCache } from ${JSON.stringify(resolve("src/rehearsal/stage/cache.ts"))};
    import { embeddedStage } from ${JSON.stringify(resolve("src/rehearsal/stage/embedded/index.ts"))};
    async function main() {
      const stage = embeddedStage({ extensions: ["citext"], cache: diskCache(process.argv[2]) });
      const opened = await stage.fresh();
      if (!opened.ok) throw new Error(opened.message);
      const [row] = await opened.value.query("create extension citext; select 'A'::citext = 'a' as same");
      console.log(JSON.stringify([row, stage.server.version]));
      if (process.argv[3]) await opened.value.run("select pg_sleep(3600)", { time: 3_600_000 });
    }
    void main();
  `,
  );
  const { started } = (await import(new URL("../rolldown.config.mjs", import.meta.url).href)) as {
    started: readonly (InputOptions & { output: OutputOptions })[];
  };
  const worker = started.find(({ input }) => Object.hasOwn(input as object, "embedded-worker"));
  if (!worker) throw new Error("no worker in the build");
  const { output, ...input } = worker;
  const external = input.external;
  for (const [format, ending] of [
    ["cjs", "cjs"],
    ["esm", "js"],
  ] as const) {
    const dir = join(scratch, format);
    mkdirSync(dir);
    await (await rolldown(input)).write({ ...output, dir });
    await (await rolldown({ input: { program: entry }, platform: "node", ...(external && { external }) })).write({
      dir,
      format,
      entryFileNames: `[name].${ending}`,
    });
  }
}, 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const FOUND = /^\[\{"same":true\},"18\.\d+ \(PGlite [\d.]+\)"\]\n$/;

function start(program: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(scratch, program), join(scratch, "cache"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  let errors = "";
  const said = new Promise<void>((resolve) =>
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      resolve();
    }),
  );
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null; text: string; errors: string }>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, text, errors })),
  );
  return { child, said, ended };
}

test.each(["cjs/program.cjs", "esm/program.js"])(
  "%s finds its thread beside it, and ends by itself",
  async (program) => {
    const { code, text, errors } = await start(program).ended;
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(text).toMatch(FOUND);
  },
  60_000,
);

test("it is ended by a signal in the midst of a statement", async () => {
  const { child, said, ended } = start("esm/program.js", "sleep");
  await said;
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: null, signal: "SIGINT", errors: "" });
}, 60_000);
