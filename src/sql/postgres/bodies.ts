import { parsePlPgSQLSync, parseSync } from "libpg-query";
import type { Range } from "../../source/text.ts";
import type { Expression } from "../expression.ts";
import type { Body } from "../operation/place.ts";
import type { FunctionForm, Operation } from "../operation/index.ts";
import { identifier, literal, unquoted } from "../names.ts";
import { expression } from "./expressions.ts";
import { type Raw, list, opened, text, texts } from "./node.ts";
import { type Span, inBody, rangeOf } from "../piece.ts";
import { type ParsedPiece as Piece, type ReadStatement, piece as pieceOf } from "./piece.ts";
import { nameOf } from "./names.ts";
import { optionText } from "./tables.ts";
import { rightsOf } from "./types.ts";

/** Bodies of DO blocks and functions: static SQL in them is read as if it were in the file. */

interface BodyText {
  readonly text: string;
  /** Where it begins in the file; absent where quotes are doubled in it, so that offsets do not match. */
  readonly shift?: number;
  /** The string literal in the file. */
  readonly literal: Range;
  /** Reads its statements: a body holds statements, and a statement a body. */
  readonly read: ReadStatement;
}

export function doBlock(piece: Piece, raw: Raw, span: Span, read: ReadStatement): Operation[] {
  const range = rangeOf(piece, span);
  const args = list(raw.args).map((node) => node.DefElem ?? {});
  const language = text(args.find((arg) => arg.defname === "language")?.arg).toLowerCase() || "plpgsql";
  if (language !== "plpgsql")
    return [{ kind: "opaque", range, body: piece.body, reason: "language", what: `DO in ${language}` }];
  const body = bodyText(piece, span, text(args.find((arg) => arg.defname === "as")?.arg), read);
  return (
    plpgsql(sourceOf(piece, span), body, { ...FLAT, ...piece.body, in: piece.body?.in ?? "do" }, range) ?? [
      { kind: "opaque", range, reason: "unsupported", what: "DO block" },
    ]
  );
}

const FLAT: Body = { in: "do", conditional: false, loop: false, guarded: false };

/** What a function's body would do when it is called; empty for languages that are not read. */
function functionBody(piece: Piece, raw: Raw, span: Span, language: string, read: ReadStatement): Operation[] {
  const inside: Body = { ...FLAT, in: "function" };
  const range = rangeOf(piece, span);
  if (raw.sql_body) {
    const nodes = list(raw.sql_body.List?.items).flatMap((item) => list(item.List?.items ?? [item]));
    return (nodes.length > 0 ? nodes : [raw.sql_body]).flatMap((node) =>
      node.ReturnStmt ? [] : read({ ...piece, fixed: range, body: inside }, node, span),
    );
  }
  const as = list(raw.options).find((node) => node.DefElem?.defname === "as")?.DefElem?.arg;
  const source = text(list(as?.List?.items)[0]);
  if (source === "") return [];
  const body = bodyText(piece, span, source, read);
  if (language === "sql") return sql(source, body, 0, inside);
  if (language === "plpgsql") return plpgsql(sourceOf(piece, span), body, inside, range) ?? [];
  return [];
}

/** A handler for OTHERS that raises nothing. */
function swallows(block: Raw): boolean {
  return list(block.PLpgSQL_exception_block?.exc_list).some(({ PLpgSQL_exception: handler }) => {
    const others = list(handler?.conditions).some((each) => each.PLpgSQL_condition?.condname === "others");
    const raises = list(handler?.action).some(
      ({ PLpgSQL_stmt_raise: raise }) => raise && (raise.elog_level === undefined || raise.elog_level >= ERROR),
    );
    return others && !raises;
  });
}

/** Of elog: RAISE EXCEPTION, and RAISE alone. */
const ERROR = 21;

const sourceOf = (piece: Piece, span: Span): string => {
  const first = piece.tokens[span.from];
  const last = piece.tokens[span.to - 1];
  return first && last ? piece.text.slice(first.start, last.end) : "";
};

/** The literal that holds the body, found by its content. */
function bodyText(piece: Piece, span: Span, content: string, read: ReadStatement): BodyText {
  const whole = rangeOf(piece, span);
  for (let i = span.from; i < span.to; i++) {
    const token = piece.tokens[i];
    if (token?.kind !== "string") continue;
    const place = piece.fixed ?? { start: token.start + piece.shift, end: token.end + piece.shift };
    const written = piece.text.slice(token.start, token.end);
    if (content.includes("'") && written.startsWith("'") && unquoted(written) === content)
      return { text: content, literal: place, read };
    const at = piece.text.indexOf(content, token.start);
    if (
      at >= token.start &&
      at + content.length <= token.end &&
      content.length >= token.end - token.start - 2 * (at - token.start)
    ) {
      return piece.fixed
        ? { text: content, literal: place, read }
        : { text: content, shift: at + piece.shift, literal: place, read };
    }
  }
  return { text: content, literal: whole, read };
}

/** Operations of SQL text in a body. What cannot be parsed there is PostgreSQL's affair at run time: opaque. */
function sql(source: string, body: BodyText, at: number, context: Body): Operation[] {
  try {
    const inner = pieceOf(source, (body.shift ?? 0) + at, {
      body: context,
      ...(body.shift === undefined || at < 0 ? { fixed: body.literal } : {}),
    });
    return list(parseSync(source).stmts).flatMap((statement) => {
      const from = inner.tokens.findIndex((token) => token.start >= inner.units(statement.stmt_location ?? 0));
      const end =
        statement.stmt_len === undefined
          ? source.length
          : inner.units((statement.stmt_location ?? 0) + statement.stmt_len);
      let to = inner.tokens.findIndex((token) => token.start >= end);
      if (to < 0) to = inner.tokens.length;
      return body.read(inner, statement.stmt, { from: Math.max(0, from), to });
    });
  } catch {
    return [{ kind: "opaque", range: body.literal, body: context, reason: "unsupported", what: "SQL in a body" }];
  }
}

/** Undefined where PostgreSQL's PL/pgSQL parser refuses the text. */
function plpgsql(statement: string, body: BodyText, context: Body, range: Range): Operation[] | undefined {
  let parsed: Raw;
  try {
    parsed = parsePlPgSQLSync(statement);
  } catch {
    return undefined;
  }
  const found: Operation[] = [];
  const { read } = body;
  /** Bodies are walked in the order of the text, so each query is looked for behind the one before it. */
  let cursor = 0;
  const locate = (query: string): number => {
    const at = body.text.indexOf(query, cursor);
    if (at >= 0) cursor = at + query.length;
    return at;
  };
  const run = (query: string, inside: Body) => found.push(...sql(query, body, locate(query), inside));
  const dynamic = (node: Raw, inside: Body) => {
    const source: string = node?.PLpgSQL_expr?.query ?? "";
    const at = locate(source);
    const constant = constantText(source);
    const place =
      at >= 0 && body.shift !== undefined ? { start: body.shift + at, end: body.shift + at + source.length } : range;
    if (constant === undefined)
      found.push({ kind: "opaque", range: place, body: inside, reason: "dynamic", what: "EXECUTE" });
    else found.push(...sql(constant, { read, text: constant, literal: place }, -1, inside));
  };
  /** IF (SELECT …) reads tables too; a plain expression reads none. */
  const condition = (node: Raw, inside: Body) => {
    const source: string = node?.PLpgSQL_expr?.query ?? "";
    if (!/\bselect\b/i.test(source)) return;
    const at = locate(source);
    const place =
      at >= 0 && body.shift !== undefined ? { start: body.shift + at, end: body.shift + at + source.length } : range;
    found.push(
      ...sql(
        `SELECT ${source.replace(/^\s*[\w.$"[\]]+\s*:?=(?!=)/, "")}`,
        { read, text: source, literal: place },
        -1,
        inside,
      ),
    );
  };
  const walk = (nodes: Raw, inside: Body): void => {
    for (const node of list(nodes)) {
      const [type, raw] = opened(node);
      const branch: Body = { ...inside, conditional: true };
      const { bounded: _, over: _over, ...unbounded } = inside;
      const loop: Body = { ...unbounded, loop: true };
      const each: Body = { ...unbounded, loop: true, bounded: true };
      switch (type) {
        case "PLpgSQL_stmt_block": {
          const guarded: Body = raw.exceptions
            ? { ...inside, guarded: true, ...(swallows(raw.exceptions) && { swallows: true }) }
            : inside;
          walk(raw.body, guarded);
          for (const handler of list(raw.exceptions?.PLpgSQL_exception_block?.exc_list))
            walk(handler.PLpgSQL_exception?.action, branch);
          break;
        }
        case "PLpgSQL_stmt_if":
          condition(raw.cond, inside);
          walk(raw.then_body, branch);
          for (const other of list(raw.elsif_list)) walk(other.PLpgSQL_if_elsif?.stmts, branch);
          walk(raw.else_body, branch);
          break;
        case "PLpgSQL_stmt_case":
          for (const when of list(raw.case_when_list)) walk(when.PLpgSQL_case_when?.stmts, branch);
          walk(raw.else_stmts, branch);
          break;
        case "PLpgSQL_stmt_assign":
          condition(raw.expr, inside);
          break;
        case "PLpgSQL_stmt_fors":
          run(raw.query?.PLpgSQL_expr?.query ?? "", inside);
          walk(raw.body, { ...each, ...loopRows(raw.var, found.at(-1)) });
          break;
        case "PLpgSQL_stmt_while":
          condition(raw.cond, loop);
          walk(raw.body, loop);
          break;
        case "PLpgSQL_stmt_loop":
          walk(raw.body, loop);
          break;
        case "PLpgSQL_stmt_fori":
        case "PLpgSQL_stmt_forc":
        case "PLpgSQL_stmt_foreach_a":
          walk(raw.body, each);
          break;
        case "PLpgSQL_stmt_dynfors":
          dynamic(raw.query, inside);
          walk(raw.body, each);
          break;
        case "PLpgSQL_stmt_execsql":
          run(raw.sqlstmt?.PLpgSQL_expr?.query ?? "", inside);
          break;
        case "PLpgSQL_stmt_perform":
        case "PLpgSQL_stmt_call": {
          // PERFORM f() arrives as SELECT f(): only what follows the key word is in the text.
          const query: string = raw.expr?.PLpgSQL_expr?.query ?? "";
          const at = locate(query.replace(/^select\s+/i, ""));
          found.push(
            ...sql(
              query,
              at >= 0 && type === "PLpgSQL_stmt_call"
                ? body
                : { read, text: query, literal: placed(body, at, query, range) },
              type === "PLpgSQL_stmt_call" ? at : -1,
              inside,
            ),
          );
          break;
        }
        case "PLpgSQL_stmt_dynexecute":
          dynamic(raw.query, inside);
          break;
        case "PLpgSQL_stmt_return_query":
          if (raw.dynquery) dynamic(raw.dynquery, inside);
          else if (raw.query) run(raw.query.PLpgSQL_expr?.query ?? "", inside);
          break;
        case "PLpgSQL_stmt_commit":
          found.push({ kind: "transaction", range, body: inside, action: "commit" });
          break;
        case "PLpgSQL_stmt_rollback":
          found.push({ kind: "transaction", range, body: inside, action: "rollback" });
          break;
      }
    }
  };
  for (const wrapper of list(parsed.plpgsql_funcs)) walk([wrapper.PLpgSQL_function?.action ?? {}], context);
  return found;
}

/** The row of a FOR loop over a query. */
function loopRows(variable: Raw, read: Operation | undefined): Pick<Body, "over"> {
  if (read?.kind !== "select") return {};
  const record = variable?.PLpgSQL_rec?.refname as string | undefined;
  const variables = list(variable?.PLpgSQL_row?.fields).map(({ name }) => String(name));
  const { query } = read;
  return record === undefined
    ? variables.length > 0
      ? { over: { query, variables } }
      : {}
    : { over: { query, record } };
}

function placed(body: BodyText, at: number, query: string, range: Range): Range {
  if (at < 0 || body.shift === undefined) return range;
  return { start: body.shift + at, end: body.shift + at + query.replace(/^select\s+/i, "").length };
}

/** The text of an EXECUTE that is the same at every run: a literal, a concatenation of literals, format() of literals. */
function constantText(source: string): string | undefined {
  try {
    const statement: Raw = parseSync(`SELECT ${source}`).stmts?.[0]?.stmt;
    return constant(expression(statement?.SelectStmt?.targetList?.[0]?.ResTarget?.val));
  } catch {
    return undefined;
  }
}

function constant(value: Expression): string | undefined {
  if (value.kind === "literal") return value.value === null ? undefined : String(value.value);
  if (value.kind === "cast") return constant(value.arg);
  if (value.kind === "operator" && value.operator === "||") {
    const parts = value.args.map(constant);
    return parts.includes(undefined) ? undefined : parts.join("");
  }
  if (value.kind !== "call" || value.name !== "format") return undefined;
  const [format, ...args] = value.args.map(constant);
  if (format === undefined || args.includes(undefined) || /%\d|%-|%\*/.test(format)) return undefined;
  let next = 0;
  return format.replace(/%([sIL%])/g, (_, kind: string) => {
    if (kind === "%") return "%";
    const arg = args[next++] ?? "";
    return kind === "I" ? identifier(arg) : kind === "L" ? literal(arg) : arg;
  });
}

export function createFunction(piece: Piece, raw: Raw, span: Span, read: ReadStatement): Operation {
  const options = new Map<string, Raw>(list(raw.options).map((node) => [node.DefElem?.defname ?? "", node.DefElem]));
  const option = (name: string) => (options.has(name) ? optionText(options.get(name)) : undefined);
  const language = (option("language") ?? "sql").toLowerCase();
  const volatility = option("volatility")?.toLowerCase();
  return {
    kind: "createFunction",
    range: rangeOf(piece, span),
    ...inBody(piece),
    function: nameOf(texts(raw.funcname)),
    procedure: raw.is_procedure ?? false,
    replace: raw.replace ?? false,
    language,
    volatility: volatility === "immutable" || volatility === "stable" ? volatility : "volatile",
    operations: functionBody(piece, raw, span, language, read),
    ...(raw.sql_body !== undefined && { bound: true as const }),
    returnsTrigger: texts(raw.returnType?.names).at(-1) === "trigger",
    ...rightsOf(raw),
    form: formOf(raw),
  };
}

/** By what PostgreSQL compares: names and dimensions of types, without their modifiers. */
function formOf(raw: Raw): FunctionForm {
  const type = (node: Raw): string =>
    `${node?.setof ? "setof " : ""}${texts(node?.names)
      .filter((name) => name !== "pg_catalog")
      .join(".")}${"[]".repeat(list(node?.arrayBounds).length)}${node?.pct_type ? "%" : ""}`;
  const parameters = list(raw.parameters).map(({ FunctionParameter: each }) => each);
  const takes = parameters.filter(({ mode }) => !/OUT$|TABLE$/.test(mode as string) || mode === "FUNC_PARAM_INOUT");
  const gives = parameters.filter(({ mode }) => /OUT$|TABLE$/.test(mode as string));
  return {
    takes: takes.map(({ argType }) => type(argType)).join(", "),
    parameters: takes.map(({ name }) => (name as string | undefined) ?? ""),
    // What OUT and TABLE give is the result, whether or not RETURNS says it again.
    returns:
      gives.length === 1
        ? type(gives[0]?.argType)
        : gives.length > 0
          ? gives.map(({ name, argType }) => `${name ?? ""} ${type(argType)}`).join(", ")
          : type(raw.returnType),
  };
}
