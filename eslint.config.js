import { existsSync } from "node:fs";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Operations are a closed union, and a switch over their kinds says so. */
const OPEN_SWITCH = {
  selector:
    "SwitchStatement[discriminant.object.name=/[oO]peration$/][discriminant.property.name='kind']:not(:has(SwitchCase[test=null] TSSatisfiesExpression))",
  message:
    "Close the switch: `default: operation satisfies never`, or the groups of operations that it does not ask about.",
};

/** Ids come apart, and names are quoted, in src/sql/names.ts alone: by hand they are wrong for names with dots and quotes. */
const HAND_MADE_NAMES = [
  {
    // 20.19.0 is no name, and comes apart into numbers.
    selector:
      "CallExpression[callee.property.name=/^(split|indexOf|lastIndexOf)$/][arguments.0.value='.']:not([parent.parent.arguments.0.name='Number'])",
    message:
      "Names with dots come apart wrongly: partsOf, undotted, relationOf and sibling of src/sql/names.ts know them.",
  },
  {
    selector: `CallExpression[callee.property.name=/^replace(All)?$/][arguments.1.value='""']`,
    message: "identifier and quoted of src/sql/names.ts quote names.",
  },
  {
    selector: `TemplateElement[value.raw=/(\\b(ALTER|CREATE|DROP|alter|create|drop) \\w+ |\\b(TABLE|COLUMN|CONSTRAINT|INDEX|TYPE|SCHEMA|SEQUENCE|VIEW|FROM|INTO|JOIN|UPDATE|ON|from|into|join|update) |"\\.)"$/]`,
    message: "identifier, quoted and sqlName of src/sql/names.ts write names in SQL.",
  },
];

/** What the catalog knows of its own gaps is read in one place, where "is it there?" is answered. */
const GAPS = "/^(complete|tainted|doubtful|namedIn)$/";
const presence = (reading) => [
  {
    selector: `${reading}, ObjectPattern > Property[key.name=${GAPS}]`,
    message:
      "src/model/presence.ts says whether something is there: relation, column, constraint and their like, isWhole, isDoubtful.",
  },
];
/** What is known of a thing is asked by a function. */
const RAW_READS = {
  selector:
    "CallExpression[callee.property.name=/^(get|has)$/][callee.object.property.name=/^(relations|indexes|types|functions|dropped)$/]:matches([callee.object.object.name='catalog'], [callee.object.object.property.name='catalog'])",
  message:
    "relationAt, relationNamed, columnOf, constraintOf, indexAt, typeAt, typeOf and functionAt of src/model/catalog.ts ask for what is known of a thing, isGone of src/model/presence.ts for what was dropped.",
};
const READ = `MemberExpression[property.name=${GAPS}]`;
/** apply/ sets them, and adds to `doubtful`. */
const READ_BUT_SET = `:not(AssignmentExpression:has(> ${READ}.left), MemberExpression[property.name='add']) > ${READ}`;

/** What the compiler does not see and what would be a bug. Formatting is not linted. */
export default defineConfig(
  globalIgnores(["dist/", "coverage/", "fixtures/", "**/*scratch*"]),
  // Its types are in packages of its own (npm ci --prefix editors/vscode).
  existsSync(new URL("editors/vscode/node_modules", import.meta.url)) ? [] : globalIgnores(["editors/vscode/"]),
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/consistent-type-exports": "error",
      // Handlers are plain functions, whichever way a rule writes them; there are no classes.
      "@typescript-eslint/unbound-method": "off",
      // Offsets are code units, and so are the parts of a spread string where it matters.
      "@typescript-eslint/no-misused-spread": "off",
      "@typescript-eslint/no-explicit-any": "error",
      // PostgreSQL versions, counts and offsets are numbers and are meant to be read.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      // `() => void list.push(x)` and `() => settle()` are read at a glance.
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // Under noUncheckedIndexedAccess an assertion after a check of the index is honest; `as` hides as much.
      "@typescript-eslint/no-non-null-assertion": "off",
      // A guard against what the types rule out is right where the value comes from outside: parsers, JSON.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // A switch over a closed union names all of it or has a default. For operations a default is not enough: it says
      // which groups of kinds it leaves out, so that the compiler asks about a new one.
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      "no-restricted-syntax": ["error", OPEN_SWITCH],
      // A rule without options has none: {} is meant.
      "@typescript-eslint/no-generated-empty-object-type": "off",
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "exit",
          message: "It cuts piped output. Set process.exitCode, or return the code.",
        },
      ],
      "no-restricted-imports": [
        "error",
        { name: "node:process", importNames: ["exit"], message: "It cuts piped output. Set process.exitCode." },
      ],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-fallthrough": "error",
      "prefer-const": "error",
      "object-shorthand": "error",
    },
  },
  {
    // The parser's tree has no types that hold: what leaves this folder has.
    files: ["src/sql/postgres/**"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/restrict-plus-operands": "off",
    },
  },
  {
    files: ["src/**/*.ts", "rules/**/*.ts"],
    ignores: ["src/sql/names.ts", "src/advice/**"],
    rules: { "no-restricted-syntax": ["error", OPEN_SWITCH, ...HAND_MADE_NAMES, ...presence(READ), RAW_READS] },
  },
  {
    files: ["src/model/apply/**"],
    rules: { "no-restricted-syntax": ["error", OPEN_SWITCH, ...HAND_MADE_NAMES, ...presence(READ_BUT_SET)] },
  },
  {
    files: ["src/model/catalog.ts", "src/model/presence.ts", "src/model/relatives.ts", "src/model/apply/catalog.ts"],
    rules: { "no-restricted-syntax": ["error", OPEN_SWITCH, ...HAND_MADE_NAMES] },
  },
  {
    files: ["test/**"],
    rules: {
      "@typescript-eslint/require-await": "off",
      "no-console": "off",
    },
  },
);
