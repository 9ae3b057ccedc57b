import { lookup } from "../../words.ts";
import type { YoungSyntax } from "../young.ts";
import { type Raw, list } from "./node.ts";

/** A word that each of them needs: most statements have none, and their trees are not gone through. */
const HINT =
  /\b(?:merge|distinct|set\s+(?:null|default)|json|json_\w+|security_invoker|storage|expression|generated|not\s+null|enforced|overlaps|period|returning)\b/i;

/** The young syntax in a statement. */
export function youngSyntax(node: Raw, source: string): readonly YoungSyntax[] {
  if (!HINT.test(source)) return [];
  const found = new Set<YoungSyntax>();
  visit(node, found);
  return [...found];
}

function visit(node: Raw, found: Set<YoungSyntax>): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, found);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node as Record<string, Raw>)) {
    for (const each of LOOKS[key]?.(value) ?? []) if (each) found.add(each);
    visit(value, found);
  }
}

type Found = YoungSyntax | false | undefined;

/** By the name of a node, what of it is young. */
const LOOKS: Readonly<Record<string, ((node: Raw) => readonly Found[]) | undefined>> = lookup({
  MergeStmt: (node) => [
    "merge",
    node.returningClause && "mergeReturning",
    list(node.mergeWhenClauses).some(
      ({ MergeWhenClause: when }) => when?.matchKind === "MERGE_WHEN_NOT_MATCHED_BY_SOURCE",
    ) && "mergeBySource",
  ],
  IndexStmt: (node) => [node.nulls_not_distinct && "nullsNotDistinct"],
  Constraint: constraint,
  ATAlterConstraint: (node) => [node.alterEnforceability && "enforced"],
  AlterTableCmd: ({ subtype, def }) => [
    subtype === "AT_SetExpression" && "setExpression",
    // Without a name a table constraint cannot be NOT NULL before either.
    subtype === "AT_AddConstraint" && isNotNull(def) && "tableNotNull",
  ],
  CreateStmt: (node) => [list(node.tableElts).some(isNotNull) && "tableNotNull"],
  ColumnDef: (node) => [node.storage_name !== undefined && "columnStorage"],
  JsonIsPredicate: () => ["isJson"],
  JsonFuncExpr: () => ["jsonFunctions"],
  ViewStmt: (node) => [
    list(node.options).some(({ DefElem: option }) => option?.defname === "security_invoker") && "securityInvoker",
  ],
  JsonTable: () => ["jsonTable"],
  returningClause: (node) => [(node.options || list(node.exprs).some(namesOldOrNew)) && "returningOldNew"],
});

const isNotNull = (node: Raw): boolean => node?.Constraint?.contype === "CONSTR_NOTNULL";

function constraint(node: Raw): readonly Found[] {
  const checks = node.contype === "CONSTR_CHECK" || node.contype === "CONSTR_FOREIGN";
  return [
    node.nulls_not_distinct && "nullsNotDistinct",
    list(node.fk_del_set_cols).length > 0 && "setNullColumns",
    node.without_overlaps && "withoutOverlaps",
    (node.fk_with_period || node.pk_with_period) && "period",
    node.contype === "CONSTR_GENERATED" && node.generated_kind === "v" && "virtualColumn",
    ((checks && !node.is_enforced) || /ENFORCED/.test(node.contype as string)) && "enforced",
  ];
}

const namesOldOrNew = ({ ResTarget: target }: Raw): boolean =>
  ["old", "new"].includes(target?.val?.ColumnRef?.fields?.[0]?.String?.sval as string) &&
  list(target?.val?.ColumnRef?.fields).length === 2;
