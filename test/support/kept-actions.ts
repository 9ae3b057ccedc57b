import type { Finding } from "../../src/index.ts";
import type { Operation } from "../../src/sql/operation/index.ts";
import type { Reader } from "../../src/sql/statement.ts";

/** What operations do, without where they are written. */
const meaning = (operation: Operation): string =>
  JSON.stringify(operation, (key, value: unknown) => (key === "range" ? undefined : value));

/** The actions of the finding's statement beside those that the finding is about: a rename takes the place of a DROP and of the ADD that it names. */
export function actionsBeside(reader: Reader, { file: { text }, range, related, statement: index }: Finding): string[] {
  const statement = reader.read(text).statements.find((each) => each.index === index);
  if (!statement || statement.operations.length < 2) return [];
  return statement.operations
    .filter((operation) =>
      [range, ...related.map((place) => place.range)].every(
        (place) => operation.range.end <= place.start || place.end <= operation.range.start,
      ),
    )
    .map(meaning);
}

/** Those that the file does no more once it is `fixed`. A fix may leave a value to whoever writes it. */
export function actionsLost(reader: Reader, finding: Finding, fixed: string): string[] {
  const after = reader
    .read(fixed.replaceAll("…", "NULL"))
    .statements.flatMap(({ operations }) => operations)
    .map(meaning);
  return actionsBeside(reader, finding).filter((each) => {
    const at = after.indexOf(each);
    if (at >= 0) after.splice(at, 1);
    return at < 0;
  });
}
