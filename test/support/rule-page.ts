import type { JsonSchema } from "../../src/engine/config-schema.ts";
import type { AnyRule } from "../../src/index.ts";

/** The page's hand-written parts, in this order. */
export const HEADINGS = [
  "## What it catches",
  "## Why it hurts",
  "## Do this instead",
  "## When to turn it off",
] as const;

const FIXES = {
  safe: "`--fix` applies one",
  unsafe: "`--fix-unsafe` applies one",
  display: "shown, not applied",
} as const;

/** The part of a page between `<!-- rule -->` and `<!-- /rule -->`, from the rule's own data. */
export function pageHeader(rule: AnyRule): string {
  const rows = [
    ["Hazard", `${rule.title}.`],
    ["Category", rule.category],
    [
      "Severity",
      rule.hotfix !== undefined && rule.hotfix !== rule.severity
        ? `${rule.severity}; ${rule.hotfix} in the preset \`hotfix\``
        : rule.severity,
    ],
    ["Since", rule.since ?? ""],
    ...(rule.postgres ? [["PostgreSQL", versions(rule.postgres)]] : []),
    ...(rule.needs && rule.needs.length > 0 ? [["Needs", rule.needs.join(", ")]] : []),
    ...(rule.dependsOnSize
      ? [
          [
            "Size",
            `${rule.dependsOnSize === true ? "" : "of some findings: "}information on small tables ([stats](../../docs/stats.md))`,
          ],
        ]
      : []),
    ["Fix", rule.fixable === undefined ? "none" : FIXES[rule.fixable]],
    ...Object.entries(rule.options?.schema.properties ?? {}).map(([name, schema]) => [
      `Option \`${name}\``,
      `${schema.description} Default: \`${JSON.stringify((rule.options?.default as Record<string, unknown>)[name])}\`.`,
    ]),
  ];
  return ["| | |", "|---|---|", ...rows.map(([name, value]) => `| ${name ?? ""} | ${cell(value ?? "")} |`)].join("\n");
}

function versions({ from, to }: { readonly from?: number; readonly to?: number }): string {
  if (from !== undefined && to !== undefined) return `${from} to ${to}`;
  return from === undefined ? `up to ${to ?? ""}` : `from ${from}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
}

/** The table of docs/rules.md, between `<!-- rules -->` and `<!-- /rules -->`. */
export function rulesTable(rules: readonly AnyRule[]): string {
  const categories = [...new Set(rules.map(({ category }) => category))];
  const rows = categories.flatMap((category) => [
    `| **${category}** | | | |`,
    ...rules
      .filter((rule) => rule.category === category)
      .map(
        (rule) =>
          `| [${rule.id}](../rules/${rule.category}/${rule.id}.md) | ${cell(rule.title)} | ${rule.severity}${rule.hotfix && rule.hotfix !== rule.severity ? ` (hotfix: ${rule.hotfix})` : ""} | ${rule.fixable ?? ""} |`,
      ),
  ]);
  return ["| rule | hazard | severity | fix |", "|---|---|---|---|", ...rows].join("\n");
}

/** The table of docs/configuration.md, between `<!-- settings -->` and `<!-- /settings -->`: what the schema says of each setting. */
export function settingsTable(schema: JsonSchema): string {
  const rows = Object.entries(schema["properties"] as Readonly<Record<string, JsonSchema>>).flatMap(
    ([name, { description, properties, default: value }]) => [
      row(name, description, value),
      ...(name === "rules"
        ? []
        : Object.entries((properties ?? {}) as Readonly<Record<string, JsonSchema>>).map(([inner, of]) =>
            row(`${name}.${inner}`, of["description"], of["default"]),
          )),
    ],
  );
  return ["| setting | |", "|---|---|", ...rows].join("\n");
}

function row(name: string, description: unknown, value: unknown): string {
  const standard = value === undefined ? "" : ` Default: \`${JSON.stringify(value)}\`.`;
  return `| \`${name}\` | ${cell(String(description))}${standard} |`;
}

export interface Example {
  readonly kind: "invalid" | "valid";
  readonly sql: string;
  /** One-based. */
  readonly line: number;
}

/** Blocks that are marked ```sql invalid or ```sql valid. */
export function examples(page: string): Example[] {
  return [...page.matchAll(/^```sql (invalid|valid)\n([^]*?)^```$/gm)].map((match) => ({
    kind: match[1] as Example["kind"],
    sql: match[2] ?? "",
    line: page.slice(0, match.index).split("\n").length,
  }));
}
