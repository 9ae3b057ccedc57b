import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { configValidator } from "./build/validator.mjs";

/** What takes longest. vitest takes the largest files first while it knows no times, and these are small: the last would run alone. */
const FIRST = ["surfaces", "rehearse-cli", "type-changes", "orphan-truth", "conversation", "orphan-fuzz"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = FIRST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place < 0 ? FIRST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  plugins: [configValidator()],
  test: {
    // Many tests start processes or a PostgreSQL: on a busy machine the default of 5 s is over before these have begun.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongestFirst },
    // One less than there are cores is the default; one more leaves none idle: most tests wait for another thread or process.
    maxWorkers: availableParallelism() + 1,
    // What a time limit cannot end.
    setupFiles: ["test/support/watchdog.ts"],
    // Programs that tests start leave no compiled code in the home of whoever runs them.
    env: { NODE_DISABLE_COMPILE_CACHE: "1" },
    // What is in a scratch clone or in installed servers is not ours.
    exclude: ["**/node_modules/**", "dist/**", "test/servers/**"],
  },
});
