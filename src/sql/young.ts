/** Syntax that not every supported version of PostgreSQL reads: src/model/postgres/versions.ts says since when. */
export const YOUNG_SYNTAX = [
  "merge",
  "nullsNotDistinct",
  "setNullColumns",
  "securityInvoker",
  "isJson",
  "columnStorage",
  "mergeBySource",
  "mergeReturning",
  "setExpression",
  "jsonTable",
  "jsonFunctions",
  "virtualColumn",
  "tableNotNull",
  "enforced",
  "withoutOverlaps",
  "period",
  "returningOldNew",
] as const;

export type YoungSyntax = (typeof YOUNG_SYNTAX)[number];
