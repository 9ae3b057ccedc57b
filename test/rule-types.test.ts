import { expectTypeOf, test } from "vitest";
import type { Placeholder } from "../src/words.ts";
import { type Operation, type OperationContext, defineRule } from "../src/index.ts";
import { apply } from "../src/model/apply/index.ts";

/** What the compiler refuses in a rule. Each expected error that does not come is an error of the type check. */

const rest = { title: "A table is made", category: "history", severity: "info", since: "1.0.0" } as const;

test("placeholders are read from a text", () => {
  expectTypeOf<Placeholder<"{table} has no {what}: {table}.">>().toEqualTypeOf<"table" | "what">();
  expectTypeOf<Placeholder<"Nothing to fill.">>().toEqualTypeOf<never>();
  expectTypeOf<Placeholder<string>>().toEqualTypeOf<never>();
});

test("data has the names of the message and its help, each once and no other", () => {
  defineRule({
    ...rest,
    id: "sample",
    messages: { made: "{table} is made.", twice: "{table} is made, and {other}.", plain: "It is made." },
    help: "Drop {table}.",
    on: {
      createTable(operation, context) {
        const at = operation;
        const table = operation.table.name;
        context.report({ at, message: "made", data: { table } });
        context.report({ at, message: "plain", data: { table } });
        context.report({ at, message: "plain", help: "Nothing." });
        context.report({ at, message: "plain", help: "Drop {it}.", data: { it: table } });
        context.report({ at, message: table === "t" ? "made" : "twice", data: { table, other: 2 } });

        // @ts-expect-error: a message that there is not
        context.report({ at, message: "dropped", data: { table } });
        // @ts-expect-error: there is no data
        context.report({ at, message: "made" });
        // @ts-expect-error: the help has a placeholder too
        context.report({ at, message: "plain" });
        // @ts-expect-error: one name of two
        context.report({ at, message: "twice", data: { table } });
        // @ts-expect-error: a name that is misspelt
        context.report({ at, message: "made", data: { tabel: table } });
        // @ts-expect-error: a name too many
        context.report({ at, message: "made", data: { table, other: 2 } });
        const data = { table, other: 2 };
        // @ts-expect-error: a name too many, from elsewhere
        context.report({ at, message: "made", data });
        // @ts-expect-error: a value that is no text and no number
        context.report({ at, message: "made", data: { table: operation.table } });
        // @ts-expect-error: the names of a help of its own
        context.report({ at, message: "plain", help: "Drop {it}.", data: { table } });
        // @ts-expect-error: a help of its own at times: the names of both
        context.report({ at, message: "plain", data: { table }, ...(table === "t" && { help: "Drop {it}." }) });
        // @ts-expect-error: a help that is put together: a name may hold braces
        context.report({ at, message: "made", data: { table }, help: `Drop ${table}.` });
        const help: string = table;
        // @ts-expect-error: a help that is not known at compile time
        context.report({ at, message: "made", data: { table }, help });
        // @ts-expect-error: a field that there is not
        context.report({ at, message: "made", data: { table }, related_places: [] });
      },
      // @ts-expect-error: a kind of operation that there is not
      createTabel() {},
    },
  });
});

test("options are those of the rule, a history's report names its file, and contexts need no type arguments", () => {
  defineRule({
    ...rest,
    id: "sample",
    messages: { made: "It is made." },
    help: "Nothing.",
    options: {
      schema: {
        type: "object",
        additionalProperties: false,
        properties: { limit: { type: "integer", description: "How many." } },
      },
      default: { limit: 3 },
    },
    on: {
      createTable(operation, context) {
        expectTypeOf(context.options).toEqualTypeOf<Readonly<{ limit: number }>>();
        expectTypeOf(context).toExtend<OperationContext>();
        // @ts-expect-error: an option that there is not
        void context.options.limits;
        // @ts-expect-error: a field of another operation
        void operation.constraint;
      },
      history(history, context) {
        const [first] = history.migrations;
        if (!first) return;
        context.report({ at: { start: 0, end: 0 }, file: first.file, message: "made" });
        // @ts-expect-error: it names no file
        context.report({ at: { start: 0, end: 0 }, message: "made" });
      },
    },
  });
});

/* eslint-disable @typescript-eslint/no-unsafe-call -- what is not there has no type */
test("the catalog is there to be read, all the way down", () => {
  defineRule({
    ...rest,
    id: "sample",
    messages: { made: "It is made." },
    help: "Nothing.",
    on: {
      createTable(_operation, { catalog }) {
        const never = (): void => {
          // @ts-expect-error: its deployment is the walk's to count
          catalog.deployment++;
          // @ts-expect-error: only the fold makes relations
          catalog.relations.clear();
          // @ts-expect-error: and indexes
          catalog.indexes.delete("public.users_pkey");
          // @ts-expect-error: and types
          catalog.types.clear();
          // @ts-expect-error: and functions
          catalog.functions.clear();
          // @ts-expect-error: and what is known of them
          catalog.doubtful.add("public.users");
          for (const relation of catalog.relations.values()) {
            // @ts-expect-error: a relation keeps its name
            relation.name = "users";
            // @ts-expect-error: and its columns
            relation.columns.delete("id");
            // @ts-expect-error: and its children
            relation.children.add("public.users");
            // @ts-expect-error: and what was dropped
            relation.released.pop();
            // @ts-expect-error: a column keeps its type
            for (const column of relation.columns.values()) delete column.type;
            // @ts-expect-error: a constraint its state
            for (const constraint of relation.constraints.values()) constraint.validated = true;
          }
          for (const type of catalog.types.values()) {
            // @ts-expect-error: an enum its values
            type.values.push("");
            // @ts-expect-error: a domain its checks
            for (const check of type.checks.values()) check.validated = true;
          }
          // @ts-expect-error: who changes a catalog asks for one that can be changed
          apply(catalog, { kind: "other" } as Operation, { deployment: 0, migration: "", statement: 0 });
        };
        expectTypeOf(never).toBeFunction();
      },
    },
  });
});
