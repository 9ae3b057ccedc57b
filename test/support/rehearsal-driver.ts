// A rehearsal on a server that does a bit of everything until it is killed. Bundled and run by server-kill.test.ts.
import { serverStage } from "../../src/rehearsal/stage/server/index.ts";

const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => abort.abort());
const stage = await serverStage({ url: process.argv[2] ?? "", signal: abort.signal });
if (!stage.ok) throw new Error(stage.message);
console.log("ready");
try {
  for (let round = 0; ; round++) {
    const fresh = await stage.value.fresh();
    if (!fresh.ok) throw new Error(fresh.message);
    await fresh.value.run("create table t as select i from generate_series(1, 5000) i");
    const session = await stage.value.keep(fresh.value, `round ${round}`);
    await session.run("select pg_sleep(0.1)");
    const again = await stage.value.restore("round 0");
    await again?.run("do $$ begin for i in 1..1000000 loop null; end loop; end $$", { time: 20 });
    if (process.argv[3] === "hang")
      await again?.run(
        "do $$ begin loop begin perform pg_sleep(1000); exception when query_canceled then null; end; end loop; end $$",
      );
  }
} catch (error) {
  if (!abort.signal.aborted) throw error;
} finally {
  await stage.value.close();
  console.log("closed");
}
