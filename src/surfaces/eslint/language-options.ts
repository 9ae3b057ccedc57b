import { EXECUTIONS, isRecord, PARSERS, POSTGRES_VERSIONS } from "../../engine/config.ts";
import { didYouMean } from "../../engine/nearest.ts";

/** `languageOptions` of the language lockstep/postgres. What is left out comes from lockstep's own configuration, then from what is found. */
export interface PostgresLanguageOptions {
  /** The branch, tag or commit that is deployed: migrations that are not on it are pending. `false`: every migration is, as with `lockstep check --all`. */
  readonly base?: string | false;
  /** Major version of the PostgreSQL that the migrations run on. */
  readonly postgres?: (typeof POSTGRES_VERSIONS)[number];
  /** How the migrations are sent: a file in one transaction (Prisma up to 7.3), or statement by statement (from 7.4). */
  readonly execution?: (typeof EXECUTIONS)[number];
  /** PostgreSQL's own grammar, or the portable one, which needs no WebAssembly and understands less. */
  readonly parser?: (typeof PARSERS)[number];
}

const NAMES = ["base", "postgres", "execution", "parser"] as const;

/** Of the language JavaScript: they come from configuration objects without `files`, which ESLint applies to every file. */
const OF_JAVASCRIPT: readonly string[] = ["ecmaVersion", "sourceType", "globals", "parserOptions"];

/** Throws an Error whose message is one sentence, as ESLint asks of a language. */
export function validateLanguageOptions(options: unknown): void {
  const problem = problemOf(options);
  if (problem !== undefined) throw new TypeError(problem);
}

function problemOf(options: unknown): string | undefined {
  if (options === undefined) return undefined;
  if (!isRecord(options)) return "languageOptions of lockstep/postgres must be an object.";
  for (const name of Object.keys(options)) {
    if (!(NAMES as readonly string[]).includes(name) && !OF_JAVASCRIPT.includes(name)) {
      return `languageOptions of lockstep/postgres has no ${JSON.stringify(name)}: its names are ${NAMES.join(", ")}.${didYouMean(name, NAMES)}`;
    }
  }
  const { base, postgres, execution, parser } = options;
  if (base !== undefined && base !== false && (typeof base !== "string" || base.trim() === ""))
    return wrong("base", base, "the name of a branch, a tag or a commit, or false to check every migration");
  if (postgres !== undefined && !includes(POSTGRES_VERSIONS, postgres))
    return wrong("postgres", postgres, `one of the numbers ${POSTGRES_VERSIONS.join(", ")}`);
  if (execution !== undefined && !includes(EXECUTIONS, execution))
    return wrong("execution", execution, choices(EXECUTIONS));
  if (parser !== undefined && !isParserOfJavaScript(parser) && !includes(PARSERS, parser))
    return wrong("parser", parser, choices(PARSERS));
  return undefined;
}

/** The options that are ours, of options that were validated. */
export function ownLanguageOptions(options: unknown): PostgresLanguageOptions {
  if (!isRecord(options)) return {};
  return Object.fromEntries(
    NAMES.flatMap((name) =>
      options[name] === undefined || isParserOfJavaScript(options[name]) ? [] : [[name, options[name]]],
    ),
  );
}

function isParserOfJavaScript(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("parse" in value || "parseForESLint" in value);
}

function includes(values: readonly unknown[], value: unknown): boolean {
  return values.includes(value);
}

function choices(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}

function wrong(name: string, value: unknown, wanted: string): string {
  return `languageOptions.${name} of lockstep/postgres is ${JSON.stringify(value) ?? typeof value}, but must be ${wanted}.`;
}
