/** What psql makes of a script before the server sees it: its own commands go, and each statement is one text. */

export interface Sent {
  readonly sql: string;
  /** COPY … FROM STDIN: its rows follow in the script, and are left out. */
  readonly fromStdin: boolean;
}

/** The statements of a script of PostgreSQL's regression suite. Variables (:name) are filled in as far as `variables` has them. */
export function sentByPsql(script: string, variables: Readonly<Record<string, string>> = {}): readonly Sent[] {
  const sent: Sent[] = [];
  const own: Record<string, string> = { ...variables };
  let statement = "";
  let at = 0;
  let depth = 0;
  const finish = (): void => {
    const sql = statement.trim();
    statement = "";
    depth = 0;
    if (sql === "" || withoutComments(sql) === "") return;
    const fromStdin = /^copy\b/i.test(withoutComments(sql)) && /\bfrom\s+stdin\b/i.test(sql);
    sent.push({ sql, fromStdin });
    if (!fromStdin) return;
    // The rows begin on the next line and end with "\." on a line of its own.
    const end = /^\\\.\r?$/m.exec(script.slice(at));
    const rows = script.indexOf("\n", at);
    if (end && rows >= 0) at += end.index + end[0].length;
  };
  while (at < script.length) {
    const rest = script.slice(at, at + 200);
    const quote = quotedAt(script, at);
    if (quote > at) {
      statement += script.slice(at, quote);
      at = quote;
    } else if (rest.startsWith("\\;")) {
      statement += ";";
      at += 2;
    } else if (rest.startsWith("\\")) {
      const end = script.indexOf("\n", at);
      const command = script.slice(at + 1, end < 0 ? script.length : end);
      at = end < 0 ? script.length : end;
      const [, name = "", value] = /^set\s+(\w+)\s*(.*)$/.exec(command) ?? [];
      if (name !== "" && value !== undefined) own[name] = unquotedValue(value, own);
      // \g, \gset, \bind … \g and their like send what was written so far.
      if (/^(?:g\w*|bind\w*|crosstabview|watch|parse|sendpipeline)\b/.test(command)) finish();
    } else if (rest.startsWith(";") && depth === 0) {
      at++;
      finish();
    } else {
      const [, kind = "", name = ""] = /^:(['"]?)([A-Za-z_]\w*)\1/.exec(rest) ?? [];
      if (name !== "" && script[at - 1] !== ":" && Object.hasOwn(own, name)) {
        const value = own[name] ?? "";
        statement += kind === "" ? value : kind + value.replaceAll(kind, kind + kind) + kind;
        at += name.length + 1 + 2 * kind.length;
        continue;
      }
      const word = /^[A-Za-z_]\w*/.exec(rest)?.[0];
      if (word === undefined) {
        if (rest.startsWith("(")) depth++;
        else if (rest.startsWith(")")) depth = Math.max(0, depth - 1);
        statement += script[at] ?? "";
        at++;
      } else {
        // The semicolons of a body of SQL's own form do not end the statement.
        if (/^create\b/i.test(withoutComments(statement))) {
          if (/^begin$/i.test(word) && /^\s+atomic\b/i.test(script.slice(at + 5, at + 30))) depth++;
          else if (depth > 0 && /^case$/i.test(word)) depth++;
          else if (depth > 0 && /^end$/i.test(word)) depth--;
        }
        statement += word;
        at += word.length;
      }
    }
  }
  finish();
  return sent;
}

/** The end of the quoted text or comment that begins at `at`; `at` where there is none. */
function quotedAt(script: string, at: number): number {
  const sticky = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    const found = pattern.exec(script);
    return found ? at + found[0].length : at;
  };
  const first = script[at] ?? "";
  if (first === "'") {
    const escapes = /(?:^|[^\w$])[eE]$/.test(script.slice(Math.max(0, at - 2), at));
    return sticky(escapes ? /'(?:[^'\\]|\\.|'')*(?:'|$)/sy : /'(?:[^']|'')*(?:'|$)/sy);
  }
  if (first === '"') return sticky(/"(?:[^"]|"")*(?:"|$)/sy);
  if (first === "-") return sticky(/--[^\n]*/y);
  if (first === "$") {
    if (/[\w$]/.test(script[at - 1] ?? "")) return at;
    const tag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
    tag.lastIndex = at;
    const [open] = tag.exec(script) ?? [];
    if (open === undefined) return at;
    const end = script.indexOf(open, at + open.length);
    return end < 0 ? script.length : end + open.length;
  }
  if (first !== "/" || script[at + 1] !== "*") return at;
  let depth = 0;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  for (let found = mark.exec(script); found; found = mark.exec(script)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return script.length;
}

const withoutComments = (sql: string): string => sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*.*?\*\/)+/s, "");

/** Pieces of \set's value are joined; each is quoted, a variable or a word. */
function unquotedValue(value: string, own: Readonly<Record<string, string>>): string {
  return [...value.matchAll(/'((?:[^']|'')*)'|:'?(\w+)'?|[^\s']+/g)]
    .map(([whole, quoted, name]) => {
      if (quoted !== undefined) return quoted.replaceAll("''", "'");
      return name === undefined ? whole : (own[name] ?? whole);
    })
    .join("");
}
