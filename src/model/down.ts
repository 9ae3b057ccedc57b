import type { SourceFile } from "../source/text.ts";
import type { Reader, Script } from "../sql/statement.ts";
import { apply } from "./apply/index.ts";
import type { Birth, Catalog } from "./catalog.ts";
import { assumed, copyCatalog } from "./apply/catalog.ts";
import { type Crashed, guarded } from "./crash.ts";
import { type Difference, differences } from "./differences.ts";
import { type PredictContext, predict } from "./predict/index.ts";
import type { MigrationView, Step } from "./step.ts";
import { readWhole } from "./walk.ts";

/** What a down.sql does, run right after its migration. */
export interface DownResult {
  readonly file: SourceFile;
  readonly script: Script;
  readonly steps: readonly Step[];
  /** How the schema that it leaves differs from the one before the migration; empty where it restores it. */
  readonly differences: readonly Difference[];
  /** Something in up or down could not be read: `differences` is then no proof either way. */
  readonly unsure: boolean;
}

/** Runs down.sql over a copy of the catalog that the migration left, and compares with the one before it. */
export function runDown(
  migration: MigrationView,
  file: SourceFile,
  reader: Reader,
  before: Catalog,
  after: Catalog,
  postgres: number,
  crashed?: Crashed,
): DownResult {
  const script = readWhole(reader, file.text);
  const catalog = copyCatalog(after);
  catalog.searchPath = before.searchPath;
  const context: PredictContext = {
    catalog,
    assume: (id, kind) => assumed(catalog, id, kind),
    postgres,
    timeZoneUtc: "unknown",
    together: new Set(),
  };
  const steps: Step[] = [];
  let whole = true;
  for (const statement of script.statements) {
    const birth: Birth = {
      deployment: catalog.deployment,
      migration: `${migration.id}/down`,
      statement: statement.index,
    };
    const ran = guarded(crashed, catalog, { id: migration.id, file }, statement, () => {
      for (const operation of statement.operations) {
        const effects = predict(operation, context);
        steps.push({ migration, statement, operation, effects, deployed: new Set() });
        apply(catalog, operation, birth);
      }
    });
    whole &&= ran;
  }
  const opaque = (operations: Script["statements"]) =>
    operations.some(
      (statement) => statement.broken || statement.operations.some((operation) => operation.kind === "opaque"),
    );
  return {
    file,
    script,
    steps,
    differences: differences(before, catalog),
    unsure: !whole || opaque(script.statements) || opaque(migration.statements),
  };
}
