import { type Word, nameAt, signatureAt, wordsOf } from "./clauses.ts";

/** What GRANT, REVOKE or ALTER DEFAULT PRIVILEGES is about. */
export interface Privileges {
  readonly grant: boolean;
  /** "table", "sequence", "function", "schema", "type" …; "role" for membership. */
  readonly kind: string;
  /** Ids, with the signature where it is a function; empty for all of a schema. */
  readonly objects: readonly string[];
  /** ON ALL … IN SCHEMA, and IN SCHEMA of default privileges; empty there for every schema. */
  readonly schemas: readonly string[];
  readonly all: boolean;
  /** "select", "all" … */
  readonly privileges: readonly string[];
  readonly roles: readonly string[];
  /** Columns that are named. */
  readonly columns: readonly string[];
}

const KINDS: Readonly<Record<string, string>> = {
  tables: "table",
  sequences: "sequence",
  functions: "function",
  procedures: "function",
  routines: "function",
  routine: "function",
  procedure: "function",
  types: "type",
  domain: "type",
  schemas: "schema",
};
const kindOf = (word: string): string => KINDS[word] ?? word;
const OBJECTS =
  /^(table|sequence|function|procedure|routine|schema|type|domain|database|language|tablespace|parameter)$/;

/** Reads a GRANT or REVOKE; undefined where it cannot be read. */
export function privilegesOf(text: string): Privileges | undefined {
  const words = wordsOf(text);
  let at = words.findIndex(({ kind, text: word }) => kind === "word" && (word === "grant" || word === "revoke"));
  if (at < 0) return undefined;
  const grant = words[at]?.text === "grant";
  const byDefault = words[0]?.text === "alter";
  const to = words.findIndex(
    ({ kind, text: word }, i) => i > at && kind === "word" && word === (grant ? "to" : "from"),
  );
  const on = words.findIndex(({ kind, text: word }, i) => i > at && kind === "word" && word === "on");
  if (to < 0) return undefined;
  const end = words.findIndex(
    ({ kind, text: word }, i) => i > to && kind === "word" && /^(with|granted|cascade|restrict)$/.test(word),
  );
  const roles = names(words.slice(to + 1, end < 0 ? undefined : end)).filter((name) => name !== "group");
  if (words[at + 1]?.text === "grant" || words[at + 1]?.text === "admin") at += 3;
  const isRole = on < 0 || on > to;
  const head = words.slice(at + 1, isRole ? to : on);
  const { privileges, columns } = listed(head);
  const shared = { grant, roles, columns, privileges };
  if (isRole) return { ...shared, kind: "role", objects: privileges, schemas: [], all: false };
  if (byDefault) {
    const schema = words.findIndex(({ text: word }, i) => i < at && word === "schema");
    const until = words.findIndex(
      ({ text: word }, i) => i > schema && i <= at && (word === "grant" || word === "revoke" || word === "for"),
    );
    return {
      ...shared,
      kind: kindOf(words[on + 1]?.text ?? ""),
      objects: [],
      schemas: schema < 0 ? [] : names(words.slice(schema + 1, until)),
      all: true,
    };
  }
  let next = on + 1;
  if (words[next]?.kind === "word" && words[next]?.text === "all" && words[next + 2]?.text === "in")
    return {
      ...shared,
      kind: kindOf(words[next + 1]?.text ?? ""),
      objects: [],
      schemas: names(words.slice(next + 4, to)),
      all: true,
    };
  let kind = "table";
  if (words[next]?.kind === "word" && OBJECTS.test(words[next]?.text ?? "")) kind = kindOf(words[next++]?.text ?? "");
  const objects: string[] = [];
  while (next < to) {
    const named = nameAt(words, next);
    if (!named) return undefined;
    const { schema, name } = named.name;
    const signature = kind === "function" ? signatureAt(words, named.next) : undefined;
    objects.push(
      kind === "schema" || kind === "database"
        ? name
        : `${schema ?? "public"}.${name}${signature === undefined ? "" : `(${signature})`}`,
    );
    next = named.next;
    let depth = 0;
    while (next < to && (depth > 0 || words[next]?.text !== ",")) {
      if (words[next]?.text === "(") depth++;
      if (words[next]?.text === ")") depth--;
      next++;
    }
    next++;
  }
  return { ...shared, kind, objects, schemas: [], all: false };
}

const names = (words: readonly Word[]): string[] =>
  words.flatMap(({ kind, text }) => (kind === "word" || kind === "quoted" ? [text] : []));

/** "SELECT (a), INSERT" is select and insert, of column a. */
function listed(words: readonly Word[]): {
  readonly privileges: readonly string[];
  readonly columns: readonly string[];
} {
  const privileges: string[] = [];
  const columns: string[] = [];
  let depth = 0;
  for (const { kind, text } of words) {
    if (text === "(") depth++;
    else if (text === ")") depth--;
    else if (kind === "word" || kind === "quoted") (depth > 0 ? columns : privileges).push(text);
  }
  return { privileges: privileges.filter((each) => each !== "privileges"), columns };
}

/** Whether the later of the two decides who may do something. */
export function opposed(one: Privileges, other: Privileges): boolean {
  const meet = (a: readonly string[], b: readonly string[]): boolean => a.some((each) => b.includes(each));
  return (
    one.grant !== other.grant &&
    meet(one.roles, other.roles) &&
    (one.privileges.includes("all") || other.privileges.includes("all") || meet(one.privileges, other.privileges))
  );
}
