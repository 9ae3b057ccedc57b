// The pieces of a new rule: what CONTRIBUTING.md says a rule is. Texts in, texts out.

const ID = /^[a-z]+(?:-[a-z]+)*$/;
const COMMAND = /^(?:no|ban|disallow|prefer|require|use)-/;

/** Which rule the word after `npm run rule --` means, "drop-sequence" or "destructive/drop-sequence", or what is wrong with it. */
export function named(word, paths, categories) {
  const [id, given] = (word ?? "").split("/").reverse();
  if (!id)
    return {
      problem:
        "Name a rule: npm run rule -- drop-column. A new one may need its category too: npm run rule -- destructive/drop-sequence.",
    };
  if (!ID.test(id) || COMMAND.test(id))
    return {
      problem: `${id} does not name a hazard in small letters and hyphens, so that it reads after "ignore": drop-column, not no-drop-column.`,
    };
  const known = paths.find((path) => path.endsWith(`/${id}`))?.split("/")[0];
  if (known !== undefined)
    return given === undefined || given === known ? { id, category: known } : { problem: `${id} is in ${known}.` };
  const category = given ?? categoryOf(id, paths);
  if (!categories.includes(category))
    return {
      problem: `There is no rule ${id}. To make it, name its category: ${categories.map((each) => `${each}/${id}`).join(", ")}.`,
    };
  return { id, category };
}

/** The one category of all rules with the same first word, "drop". */
function categoryOf(id, paths) {
  const word = `/${id.split("-")[0]}-`;
  const found = new Set(paths.filter((path) => path.includes(word)).map((path) => path.split("/")[0]));
  return found.size === 1 ? [...found][0] : undefined;
}

/** Texts by path of what is missing of a rule; `read` gives undefined for what is not there. */
export function missingPieces({ id, category }, since, fixtures, read) {
  const pieces = {
    [`rules/${category}/${id}.ts`]: constant(id, category, since),
    [`rules/${category}/${id}.md`]: page(id),
    ...(fixtures.some((file) => file.startsWith("invalid-"))
      ? {}
      : { [`fixtures/rules/${category}/${id}/invalid-plain.sql`]: INVALID }),
    ...(fixtures.some((file) => file.startsWith("valid-"))
      ? {}
      : { [`fixtures/rules/${category}/${id}/valid-new-table.sql`]: VALID }),
  };
  const missing = Object.entries(pieces).filter(([path]) => read(path) === undefined);
  const list = read("rules/index.ts");
  const extended = listed(list, id, category);
  return Object.fromEntries(extended === list ? missing : [...missing, ["rules/index.ts", extended]]);
}

/** rules/index.ts with the rule in its place, in both lists. */
function listed(text, id, category) {
  const name = id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const isAfter = (other) => other > id;
  return inserted(
    inserted(
      text,
      /^import \w+ from "\.\/[a-z]+\/([a-z-]+)\.ts";\n/gm,
      isAfter,
      `import ${name} from "./${category}/${id}.ts";\n`,
      id,
    ),
    /^ {2}(\w+),\n/gm,
    (other) => isAfter(other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
    `  ${name},\n`,
    name,
  );
}

function inserted(text, pattern, isAfter, line, own) {
  const lines = [...text.matchAll(pattern)];
  if (lines.some(([, other]) => other === own)) return text;
  const next = lines.find(([, other]) => isAfter(other));
  const last = lines.at(-1);
  const at = next ? next.index : last.index + last[0].length;
  return text.slice(0, at) + line + text.slice(at);
}

const constant = (id, category, since) => `import { defineRule, relationName, resolve } from "../../src/index.ts";

export default defineRule({
  id: "${id}",
  title: "TODO: what happens, in a line without a full stop",
  category: "${category}",
  severity: "warning",
  since: "${since}",
  messages: {
    happens: "TODO: what happens to {table}.",
  },
  help: "TODO: what to do.",
  on: {
    dropTable(operation, context) {
      const id = resolve(context.catalog, operation.table);
      if (!context.deployed(id)) return;
      context.report({ at: operation, message: "happens", data: { table: relationName(id) }, objects: [id] });
    },
  },
});
`;

const INVALID = `-- migration: 0001_init
CREATE TABLE t (id int);
-- migration: 0002_change
DROP TABLE t; -- want \`DROP TABLE t\`: what happens to t
`;

const VALID = `-- migration: 0001_init
CREATE TABLE other (id int);
-- migration: 0002_change
CREATE TABLE t (id int);
DROP TABLE t;
`;

const page = (id) => `# ${id}

<!-- rule -->
<!-- /rule -->

## What it catches

TODO: the statement, and which forms of it.

\`\`\`sql invalid
DROP TABLE t;
\`\`\`

## Why it hurts

TODO: what PostgreSQL does, with a link to its manual.

## Do this instead

TODO: the way that does not hurt.

\`\`\`sql valid
CREATE TABLE t (id int);
\`\`\`

## When to turn it off

TODO: where it is no hazard.
`;
