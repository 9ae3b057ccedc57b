import { capital, counted, listed } from "../../../words.ts";
import type { Refused } from "../../order/answers.ts";
import { ordersOf } from "./orders.ts";
import type { Judgement } from "./terms.ts";

/** Differences that are told one by one. */
const TOLD = 5;

/** What PostgreSQL said of the order that a judgement is about, sentence by sentence; none where it was not asked. */
export function answerInWords(judgement: Judgement): readonly string[] {
  const rehearsed = judgement.order?.rehearsed;
  if (!rehearsed) return [];
  if (!rehearsed.asked) return [`PostgreSQL could not be asked: ${rehearsed.why}`];
  const { server, refused, schema, rows, hurt, perTable, leftOut, matters, why } = rehearsed;
  const orders = ordersOf(judgement);
  const [oneFirst, otherFirst] = orders;
  const lines: string[] = [];
  const withRows =
    perTable === 0
      ? "without rows"
      : `with ${counted(perTable, "row")} in each table${hurt ? " and rows made to hurt" : ""}`;
  const head = `Both orders were run in PostgreSQL ${server}, ${withRows}`;
  if (matters === "no") lines.push(`${head}: they come to the same schema and the same rows.`);
  else lines.push(`${head}${matters === "unknown" && why !== undefined ? `: ${why}` : ""}.`);
  orders.forEach((order, at) => {
    const end = refused[at as 0 | 1];
    const when = `${judgement.kind === "conflict" ? "With" : "In"} ${order}`;
    if (end) lines.push(`${when}, ${refusalInWords(end)}`);
    else if (refused[0] || refused[1]) lines.push(`${when}, everything runs.`);
  });
  for (const { kind, object, was, is } of schema.slice(0, TOLD))
    lines.push(`${capital(kind)} ${object}: ${oneFirst} has ${was ?? "none"}, ${otherFirst} has ${is ?? "none"}.`);
  if (schema.length > TOLD) lines.push(`And ${counted(schema.length - TOLD, "more difference")} of the schema.`);
  for (const { relation, columns, counts } of rows.slice(0, TOLD)) {
    const what =
      counts[0] !== counts[1]
        ? `${counted(counts[0], "row")} in ${oneFirst}, ${counts[1]} in ${otherFirst}`
        : columns.length > 0
          ? `other values in ${listed(columns)}`
          : "other rows";
    lines.push(`Rows of ${relation}: ${what}.`);
  }
  if (rows.length > TOLD) lines.push(`And ${counted(rows.length - TOLD, "more table")} with other rows.`);
  if (judgement.order?.matters === "unknown" && matters === "no")
    lines.push("The SQL says that rows may differ; the rows that were made do not show it.");
  for (const { migration, why: reason } of leftOut) lines.push(`Left out of ${migration}: ${reason}.`);
  if (judgement.order?.mistake !== undefined) lines.push(judgement.order.mistake);
  return lines;
}

const refusalInWords = ({ migration, text, error }: Refused): string =>
  `${migration} fails with ${error.sqlstate}, ${error.message.replace(/\.$/, "")}${text === "" ? "" : `, at ${text.replace(/\s+/g, " ").slice(0, 120)}`}.`;
