/**
 * Reads what matters of a prisma.config file without running it: the literals of its object. What is computed
 * at run time stays unknown. Field names and meaning: https://www.prisma.io/docs/orm/reference/prisma-config-reference
 */
export interface PrismaConfig {
  /** `migrations.path`, as written. */
  readonly migrationsPath?: string | undefined;
  /** `schema`: a file, or a folder of .prisma files. */
  readonly schema?: string | undefined;
  /** `datasource`; absent where there is none. */
  readonly datasource?: {
    /** The variable that `url` is read from; undefined where that is not plain to see. */ readonly url:
      | string
      | undefined;
  };
}

export const PRISMA_CONFIG_EXTENSIONS = ["ts", "js", "mjs", "cjs", "mts", "cts"] as const;

interface Token {
  readonly kind: "word" | "string" | "punctuation";
  readonly text: string;
}

/** Never throws, whatever the text. */
export function readPrismaConfig(text: string): PrismaConfig {
  const tokens = tokenize(text);
  const constants = constantStrings(tokens);
  let migrationsPath: string | undefined;
  let schema: string | undefined;
  let datasource: PrismaConfig["datasource"];
  for (let i = 0; i < tokens.length; i++) {
    if (schema === undefined && isKey(tokens, i, "schema")) schema = pathValue(tokens, i + 2, constants);
    if (migrationsPath === undefined && isKey(tokens, i, "migrations")) {
      const path = fieldOf(tokens, i + 2, "path");
      if (path !== undefined) migrationsPath = pathValue(tokens, path, constants);
    }
    if (datasource === undefined && isKey(tokens, i, "datasource")) {
      const url = fieldOf(tokens, i + 2, "url");
      datasource = { url: url === undefined ? undefined : variableAt(tokens, url) };
    }
  }
  return { migrationsPath, schema, ...(datasource && { datasource }) };
}

/** Where the value of a field begins, in the object that begins at `at`; undefined where there is no object, or no such field. */
function fieldOf(tokens: readonly Token[], at: number, name: string): number | undefined {
  if (tokens[at]?.text !== "{") return undefined;
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (token.kind === "punctuation" && "{[(".includes(token.text)) depth++;
    if (token.kind === "punctuation" && "}])".includes(token.text) && --depth === 0) return undefined;
    if (depth === 1 && isKey(tokens, i, name)) return i + 2;
  }
  return undefined;
}

/**
 * The variable of `env("X")`, `env<Env>("X")`, `process.env.X` and `process.env["X"]`. What stands in for it where it is not set
 * (`?? "…"`) does not matter: whoever sets it has its value.
 */
function variableAt(tokens: readonly Token[], at: number): string | undefined {
  const text = (offset: number): string | undefined => tokens[at + offset]?.text;
  let name: Token | undefined;
  let end = at;
  if (text(0) === "env") {
    let open = at + 1;
    if (tokens[open]?.text === "<") while (open < tokens.length && tokens[open++]?.text !== ">");
    if (tokens[open]?.text !== "(" || tokens[open + 2]?.text !== ")") return undefined;
    name = tokens[open + 1];
    if (name?.kind !== "string") return undefined;
    end = open + 3;
  } else if (text(0) === "process" && text(1) === "." && text(2) === "env") {
    const dotted = text(3) === ".";
    if (!dotted && (text(3) !== "[" || text(5) !== "]")) return undefined;
    name = tokens[at + 4];
    if (name?.kind !== (dotted ? "word" : "string")) return undefined;
    end = at + (dotted ? 5 : 6);
  }
  if (name === undefined || !/^[A-Za-z_]\w*$/.test(name.text)) return undefined;
  if (tokens[end]?.text === "!") end++;
  const instead = tokens[end]?.text === tokens[end + 1]?.text && /^[?|]$/.test(tokens[end]?.text ?? "");
  return endsValue(tokens[end]) || instead ? name.text : undefined;
}

function isKey(tokens: readonly Token[], at: number, name: string): boolean {
  const token = tokens[at];
  return (
    token !== undefined &&
    token.kind !== "punctuation" &&
    token.text === name &&
    tokens[at + 1]?.text === ":" &&
    tokens[at + 1]?.kind === "punctuation"
  );
}

/** A string, a constant that holds one, or path.join / resolve over strings, where the first argument may be the file's own directory. */
function pathValue(tokens: readonly Token[], at: number, constants: ReadonlyMap<string, string>): string | undefined {
  const first = tokens[at];
  if (!first || first.kind === "punctuation") return undefined;
  let next = at + 1;
  if (first.kind === "string") return endsValue(tokens[next]) ? first.text : undefined;
  if (endsValue(tokens[next])) return constants.get(first.text);
  let call = first.text;
  while (tokens[next]?.text === "." && tokens[next + 1]?.kind === "word") {
    call = (tokens[next + 1] as Token).text;
    next += 2;
  }
  if (!/^(join|resolve)$/.test(call) || tokens[next]?.text !== "(") return undefined;
  const parts: string[] = [];
  for (let i = next + 1; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (token.kind === "punctuation" && token.text === ")") return parts.length > 0 ? parts.join("/") : undefined;
    if (token.kind === "string") parts.push(token.text);
    else if (token.kind === "word") {
      const constant = constants.get(token.text);
      if (constant !== undefined) parts.push(constant);
      else if (!/^(__dirname|import|meta|dirname|process|cwd)$/.test(token.text)) return undefined;
      // process.cwd() brings brackets of its own.
      if (token.text === "cwd" && tokens[i + 1]?.text === "(" && tokens[i + 2]?.text === ")") i += 2;
    } else if (token.text !== "," && token.text !== ".") return undefined;
  }
  return undefined;
}

function endsValue(token: Token | undefined): boolean {
  return (
    token === undefined ||
    (token.kind === "punctuation" && ",})];".includes(token.text)) ||
    (token.kind === "word" && /^(as|satisfies)$/.test(token.text))
  );
}

/** `const name = "text"`. */
function constantStrings(tokens: readonly Token[]): Map<string, string> {
  const found = new Map<string, string>();
  for (let i = 0; i + 3 < tokens.length; i++) {
    const [keyword, name, equals, value] = tokens.slice(i, i + 4) as [Token, Token, Token, Token];
    if (
      keyword.kind === "word" &&
      keyword.text === "const" &&
      name.kind === "word" &&
      equals.text === "=" &&
      value.kind === "string" &&
      !/^[+.]$/.test(tokens[i + 4]?.text ?? "")
    ) {
      found.set(name.text, value.text);
    }
  }
  return found;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text[i] as string;
    if (c === "/" && text[i + 1] === "/") i = lineEnd(text, i);
    else if (c === "/" && text[i + 1] === "*") {
      const end = text.indexOf("*/", i + 2);
      i = end < 0 ? text.length : end + 2;
    } else if (c === '"' || c === "'" || c === "`") {
      const [value, end] = quoted(text, i, c);
      // A template with a hole is no literal: it becomes a mark that no value begins with.
      tokens.push(value === undefined ? { kind: "punctuation", text: "`" } : { kind: "string", text: value });
      i = end;
    } else if (c === "/" && startsRegularExpression(tokens.at(-1))) i = regularExpressionEnd(text, i);
    else if (/[\p{ID_Start}$_]/u.test(c)) {
      let end = i + 1;
      while (end < text.length && /[\p{ID_Continue}$]/u.test(text[end] as string)) end++;
      tokens.push({ kind: "word", text: text.slice(i, end) });
      i = end;
    } else {
      if (!/\s/.test(c)) tokens.push({ kind: "punctuation", text: c });
      i++;
    }
  }
  return tokens;
}

function quoted(text: string, at: number, quote: string): [string | undefined, number] {
  let value = "";
  let hole = false;
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i] as string;
    if (c === quote) return [hole ? undefined : value, i + 1];
    if (c === "\n" && quote !== "`") return [value, i];
    if (c === "$" && quote === "`" && text[i + 1] === "{") hole = true;
    if (c === "\\") {
      i++;
      const escaped = text[i] ?? "";
      value += escaped === "n" ? "\n" : escaped === "t" ? "\t" : escaped;
    } else value += c;
  }
  return [undefined, text.length];
}

function startsRegularExpression(before: Token | undefined): boolean {
  return (
    before === undefined ||
    (before.kind === "punctuation" && !")]}`".includes(before.text)) ||
    (before.kind === "word" && before.text === "return")
  );
}

function regularExpressionEnd(text: string, at: number): number {
  let inClass = false;
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i];
    if (c === "\n") return at + 1;
    if (c === "\\") i++;
    else if (c === "[") inClass = true;
    else if (c === "]") inClass = false;
    else if (c === "/" && !inClass) return i + 1;
  }
  return at + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
