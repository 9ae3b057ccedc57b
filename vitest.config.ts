import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Many tests start processes or a PostgreSQL: on a busy machine the default of 5 s is over before these have begun.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One less than there are is the default. One more than there are leaves none idle: most tests wait for another thread or process.
    maxWorkers: availableParallelism() + 1,
    // What a time limit cannot end.
    setupFiles: ["test/support/watchdog.ts"],
    // Programs that tests start leave no compiled code in the home of whoever runs them.
    env: { NODE_DISABLE_COMPILE_CACHE: "1" },
    // What stands in a scratch clone or in installed servers is not ours.
    exclude: ["**/node_modules/**", "dist/**", "test/servers/**"],
  },
});
