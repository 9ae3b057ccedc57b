import { isAskable } from "../model/askable.ts";
import type { Catalog } from "../model/catalog.ts";
import type { RelationId } from "../model/effects.ts";
import type { Finding } from "./finding.ts";

type Queries = Finding["queries"];

/** A query of a table's rows, where the table and the columns are there before the deployment, under the names that they have now. */
export const asked = (
  catalog: Catalog,
  table: RelationId,
  columns: readonly string[],
  title: string,
  { text: sql }: { readonly text: string },
): Queries => (isAskable(catalog, table, columns) ? [{ title, sql }] : []);

/** The query that a failure comes with. */
export const counted = ({ countQuery: sql }: { readonly countQuery?: string | undefined }, title: string): Queries =>
  sql === undefined ? [] : [{ title, sql }];
