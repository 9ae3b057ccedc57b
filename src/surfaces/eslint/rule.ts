import type { RuleDefinition } from "@eslint/core";
import type { Finding, Fix } from "../../engine/finding.ts";
import type { AnyRule } from "../../engine/rule.ts";
import { pageUriOf } from "../../project/pages.ts";
import { isRecord } from "../../engine/config.ts";
import { PostgresSourceCode } from "./source-code.ts";

interface Fixer {
  replaceTextRange(range: [number, number], text: string): unknown;
}

/** What ESLint gives a rule, as far as it is used here. */
interface Context {
  readonly sourceCode: unknown;
  readonly options: readonly unknown[];
  report(descriptor: object): void;
}

/** A rule of lockstep's as one of ESLint's: it says that it is on, and reports what the one run over the whole history found for it. */
export function eslintRule(rule: AnyRule): RuleDefinition {
  const defaults: unknown = rule.options?.default;
  const page = pageUriOf(rule);
  return {
    meta: {
      type: "problem",
      languages: ["lockstep/postgres"],
      docs: {
        description: rule.title,
        ...(page !== undefined && { url: page }),
        recommended: rule.severity !== "off",
      },
      schema: rule.options ? [inDraft4(rule.options.schema)] : [],
      ...(isRecord(defaults) && { defaultOptions: [defaults] }),
      ...(rule.fixable === "safe" && { fixable: "code" as const }),
      ...(rule.fixable && { hasSuggestions: true }),
    },
    create(context: Context) {
      const source = context.sourceCode;
      if (!(source instanceof PostgresSourceCode)) return {};
      const [options] = context.options;
      source.enable(rule.id, isRecord(options) ? options : {});
      return {
        Program() {
          for (const finding of source.findings(rule.id)) context.report(reportOf(finding, source));
        },
      };
    },
  };
}

function reportOf(finding: Finding, source: PostgresSourceCode): object {
  const apply =
    ({ edits }: Fix) =>
    (fixer: Fixer) =>
      edits.map(({ range, text }) =>
        fixer.replaceTextRange([source.fixIndex(range.start), source.fixIndex(range.end)], text),
      );
  const fixes = finding.fixes.filter(({ edits }) => edits.length > 0);
  const safe = source.mayBeFixed ? fixes.find((fix) => fix.safety === "safe") : undefined;
  const others = fixes.filter((fix) => fix !== safe);
  return {
    loc: {
      start: source.getLocFromIndex(source.index(finding.range.start)),
      end: source.getLocFromIndex(source.index(finding.range.end)),
    },
    message: eslintMessage(finding),
    ...(safe && { fix: apply(safe) }),
    ...(others.length > 0 && { suggest: others.map((fix) => ({ desc: fix.title, fix: apply(fix) })) }),
  };
}

/** What happens, and what to do: ESLint has one text for both. */
function eslintMessage({ message, help }: Finding): string {
  return `${message} ${help}`;
}

/** ESLint's own schemas are of draft 4, where an exclusive limit is a mark on the limit. */
function inDraft4(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema), (_name, value: unknown) => {
    if (!isRecord(value)) return value;
    const { exclusiveMinimum: above, exclusiveMaximum: below, ...rest } = value;
    return {
      ...rest,
      ...(typeof above === "number"
        ? { minimum: above, exclusiveMinimum: true }
        : above === undefined
          ? {}
          : { exclusiveMinimum: above }),
      ...(typeof below === "number"
        ? { maximum: below, exclusiveMaximum: true }
        : below === undefined
          ? {}
          : { exclusiveMaximum: below }),
    };
  }) as object;
}
