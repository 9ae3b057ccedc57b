import type { Statement } from "../sql/statement.ts";

/** Names of the extensions that a script creates, DO blocks included, each once, in the order of the text. */
export function extensionsOf(statements: readonly Statement[]): readonly string[] {
  return [
    ...new Set(
      statements.flatMap(({ operations }) =>
        operations.flatMap((operation) => (operation.kind === "createExtension" ? [operation.name] : [])),
      ),
    ),
  ];
}
