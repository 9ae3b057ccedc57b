import type {
  Definitions,
  FunctionDefinition,
  PolicyDefinition,
  RelationDefinition,
  SequenceDefinition,
  TriggerDefinition,
} from "../schema/definitions.ts";
import { identifier, literal } from "../../sql/names.ts";
import { serialSequence } from "./columns.ts";
import { qualified } from "./names.ts";
import { type DownStep, PHASE, nameOf, pairs, step } from "./step.ts";
import { sequenceOptions } from "../schema/fingerprint.ts";

/** Steps for schemas, extensions, sequences, functions, triggers, policies, rules, statistics, event triggers. */
export function otherSteps(now: Definitions, wanted: Definitions): readonly DownStep[] {
  const schemas = pairs(now.schemas, wanted.schemas, ({ name }) => name).flatMap(([is, was]): readonly DownStep[] => {
    if (is && was) return [];
    return [
      is
        ? step("DropSchema", PHASE.dropSchemas, `DROP SCHEMA ${identifier(is.name)}`)
        : step("CreateSchema", PHASE.createSchemas, `CREATE SCHEMA ${identifier(was!.name)}`),
    ];
  });
  const extensions = pairs(now.extensions, wanted.extensions, ({ name }) => name).flatMap(
    ([is, was]): readonly DownStep[] => {
      if (is && was)
        return is.schema === was.schema
          ? []
          : [
              step(
                "AlterExtension",
                PHASE.createExtensions,
                `ALTER EXTENSION ${identifier(was.name)} SET SCHEMA ${identifier(was.schema)}`,
              ),
            ];
      if (is) return [step("DropExtension", PHASE.dropExtensions, `DROP EXTENSION ${identifier(is.name)}`)];
      return [
        step(
          "CreateExtension",
          PHASE.createExtensions,
          `CREATE EXTENSION IF NOT EXISTS ${identifier(was!.name)}${was!.schema === "public" ? "" : ` WITH SCHEMA ${identifier(was!.schema)}`}`,
        ),
      ];
    },
  );
  return [
    ...schemas,
    ...extensions,
    ...sequenceSteps(now, wanted),
    ...functionSteps(now, wanted),
    ...onTables(now, wanted),
    ...eventTriggers(now, wanted),
  ];
}

function sequenceSteps(now: Definitions, wanted: Definitions): readonly DownStep[] {
  const tables = new Map(wanted.relations.map((relation) => [relation.oid, relation]));
  const there = new Set(now.relations.map(nameOf));
  const ownership = (sequence: SequenceDefinition): string => {
    const table = tables.get(sequence.ownedBy?.relation ?? 0);
    return table === undefined ? "NONE" : `${qualified(table)}.${identifier(sequence.ownedBy?.column ?? "")}`;
  };
  const ownerName = (sequence: SequenceDefinition, definitions: Definitions): string => {
    const table = definitions.relations.find(({ oid }) => oid === sequence.ownedBy?.relation);
    return table === undefined ? "" : `${nameOf(table)}.${sequence.ownedBy?.column}`;
  };
  return pairs(now.sequences, wanted.sequences, nameOf).flatMap(([is, was]): readonly DownStep[] => {
    if (was === undefined)
      return is === undefined
        ? []
        : [
            step("DropSequence", PHASE.dropSequences, `DROP SEQUENCE ${qualified(is)}`, {
              touches: { catalog: "pg_class", oid: is.oid },
            }),
          ];
    const owned = step(
      "AlterSequence",
      PHASE.dropSequences - 1,
      `ALTER SEQUENCE ${qualified(was)} OWNED BY ${ownership(was)}`,
    );
    const create = (): readonly DownStep[] => {
      const table = tables.get(was.ownedBy?.relation ?? 0);
      const column = wanted.columns.find(
        (other) => other.relation === table?.oid && other.name === was.ownedBy?.column,
      );
      const columnMissing =
        table !== undefined &&
        (!there.has(nameOf(table)) ||
          !now.columns.some(
            (other) =>
              other.name === column?.name &&
              now.relations.some((relation) => relation.oid === other.relation && nameOf(relation) === nameOf(table)),
          ));
      // It comes with its SERIAL column.
      if (table !== undefined && column !== undefined && columnMissing && serialSequence(column, table, [was]))
        return [];
      return [
        step(
          "CreateSequence",
          PHASE.createSequences,
          `CREATE ${was.persistence === "u" ? "UNLOGGED " : ""}SEQUENCE ${qualified(was)} AS ${was.type} ${sequenceOptions(was)}`,
        ),
        ...(was.ownedBy === null ? [] : [owned]),
      ];
    };
    if (is === undefined) return create();
    const changes = is.type !== was.type || sequenceOptions(is) !== sequenceOptions(was);
    return [
      ...(changes
        ? [
            step(
              "AlterSequence",
              PHASE.createSequences,
              `ALTER SEQUENCE ${qualified(was)} AS ${was.type} ${sequenceOptions(was)}`,
            ),
          ]
        : []),
      ...(ownerName(is, now) !== ownerName(was, wanted) ? [owned] : []),
    ];
  });
}

const signature = (made: FunctionDefinition): string => `${qualified(made)}(${made.arguments})`;
const ROUTINES = { f: "FUNCTION", p: "PROCEDURE", a: "AGGREGATE", w: "FUNCTION" } as const;

function functionSteps(now: Definitions, wanted: Definitions): readonly DownStep[] {
  return pairs(now.functions, wanted.functions, (made) => `${nameOf(made)}(${made.arguments})`).flatMap(
    ([is, was]): readonly DownStep[] => {
      const text = (made: FunctionDefinition | undefined): string =>
        JSON.stringify(made && [made.kind, made.definition, made.aggregate]);
      if (text(is) === text(was)) return [];
      const touches = is && ({ catalog: "pg_proc", oid: is.oid } as const);
      const drop = is && `DROP ${ROUTINES[is.kind]} ${signature(is)}`;
      if (was === undefined)
        return drop === undefined ? [] : [step("DropFunction", PHASE.dropFunctions, drop, { touches })];
      const create = createFunction(was);
      if (drop === undefined)
        return [step("CreateFunction", PHASE.createFunctions, create.replace(/^CREATE OR REPLACE /, "CREATE "))];
      return [
        {
          title: "CreateFunction",
          phase: PHASE.createFunctions,
          ways: [[create], [drop, create]],
          visible: false,
          touches,
        },
      ];
    },
  );
}

function createFunction(made: FunctionDefinition): string {
  if (made.definition !== null)
    return made.definition.trim().replace(/^(CREATE OR REPLACE (?:FUNCTION|PROCEDURE) )public\./, "$1");
  const {
    step: transition,
    state,
    final,
    initial,
    combine,
  } = made.aggregate ?? { step: "", state: "", final: null, initial: null, combine: null };
  const parts = [
    `SFUNC = ${transition}`,
    `STYPE = ${state}`,
    final !== null && `FINALFUNC = ${final}`,
    combine !== null && `COMBINEFUNC = ${combine}`,
    initial !== null && `INITCOND = ${literal(initial)}`,
  ];
  return `CREATE AGGREGATE ${signature(made)} (${parts.filter(Boolean).join(", ")})`;
}

const STATES = { O: "ENABLE", D: "DISABLE", R: "ENABLE REPLICA", A: "ENABLE ALWAYS" } as const;
/** Triggers, policies, rules and statistics: of tables that are there before and after, or that come back. */
function onTables(now: Definitions, wanted: Definitions): readonly DownStep[] {
  const tables = new Map(wanted.relations.map((relation) => [nameOf(relation), relation]));
  const [nowTables, wantedTables] = [now, wanted].map(
    ({ relations }) => new Map(relations.map((relation) => [relation.oid, relation])),
  ) as [Map<number, RelationDefinition>, Map<number, RelationDefinition>];
  const tableOf = (part: { readonly relation: number }): string => qualified(wantedTables.get(part.relation)!);
  // With a table that goes, all that is on it goes.
  const stays = (part: { readonly relation: number }): boolean => tables.has(nameOf(nowTables.get(part.relation)!));
  const keyNow = (part: { readonly relation: number; readonly name: string }): string =>
    `${nameOf(nowTables.get(part.relation)!)}: ${part.name}`;
  const keyWanted = (part: { readonly relation: number; readonly name: string }): string =>
    `${nameOf(wantedTables.get(part.relation)!)}: ${part.name}`;
  const both = <T extends { readonly relation: number; readonly name: string }>(
    is: readonly T[],
    was: readonly T[],
  ) => {
    const before = new Map(was.map((part) => [keyWanted(part), part]));
    const after = new Set(is.map(keyNow));
    return [
      ...is.map((part) => [part, before.get(keyNow(part))] as const),
      ...was.flatMap((part) => (after.has(keyWanted(part)) ? [] : [[undefined, part] as const])),
    ];
  };
  const own = (list: readonly TriggerDefinition[]) => list.filter(({ inherited }) => !inherited);
  const triggers = both(own(now.triggers), own(wanted.triggers)).flatMap(([is, was]): readonly DownStep[] => {
    const state = (): readonly DownStep[] =>
      was === undefined || was.enabled === (is?.definition === was.definition ? is.enabled : "O")
        ? []
        : [
            step(
              "AlterTable",
              PHASE.createTriggers + 1,
              `ALTER TABLE ${tableOf(was)} ${STATES[was.enabled]} TRIGGER ${identifier(was.name)}`,
            ),
          ];
    if (is?.definition === was?.definition) return state();
    return [
      ...(is && stays(is)
        ? [
            step(
              "DropTrigger",
              PHASE.dropDependents,
              `DROP TRIGGER ${identifier(is.name)} ON ${qualified(nowTables.get(is.relation)!)}`,
            ),
          ]
        : []),
      ...(was ? [step("CreateTrigger", PHASE.createTriggers, was.definition), ...state()] : []),
    ];
  });
  const policies = both(now.policies, wanted.policies).flatMap(([is, was]): readonly DownStep[] => {
    const text = (policy: PolicyDefinition | undefined): string =>
      JSON.stringify(policy && [policy.command, policy.permissive, policy.roles, policy.using, policy.check]);
    if (text(is) === text(was)) return [];
    return [
      ...(is && stays(is)
        ? [
            step(
              "DropPolicy",
              PHASE.dropDependents,
              `DROP POLICY ${identifier(is.name)} ON ${qualified(nowTables.get(is.relation)!)}`,
            ),
          ]
        : []),
      ...(was ? [step("CreatePolicy", PHASE.createTriggers, policySql(was, tableOf(was)))] : []),
    ];
  });
  const rules = both(now.rules, wanted.rules).flatMap(([is, was]): readonly DownStep[] => {
    if (is?.definition === was?.definition && is?.enabled === was?.enabled) return [];
    return [
      ...(is && stays(is)
        ? [
            step(
              "DropRule",
              PHASE.dropDependents,
              `DROP RULE ${identifier(is.name)} ON ${qualified(nowTables.get(is.relation)!)}`,
            ),
          ]
        : []),
      ...(was
        ? [
            step("CreateRule", PHASE.createTriggers, was.definition.trim().replace(/;$/, "")),
            ...(was.enabled === "O"
              ? []
              : [
                  step(
                    "AlterTable",
                    PHASE.createTriggers + 1,
                    `ALTER TABLE ${tableOf(was)} ${STATES[was.enabled]} RULE ${identifier(was.name)}`,
                  ),
                ]),
          ]
        : []),
    ];
  });
  const statistics = pairs(now.statistics, wanted.statistics, nameOf).flatMap(([is, was]): readonly DownStep[] => {
    if (is?.definition === was?.definition && is?.target === was?.target) return [];
    return [
      ...(is && stays(is) ? [step("DropStatistics", PHASE.dropDependents, `DROP STATISTICS ${qualified(is)}`)] : []),
      ...(was
        ? [
            step("CreateStatistics", PHASE.createStatistics, was.definition),
            ...(was.target === null
              ? []
              : [
                  step(
                    "AlterStatistics",
                    PHASE.createStatistics + 1,
                    `ALTER STATISTICS ${qualified(was)} SET STATISTICS ${was.target}`,
                  ),
                ]),
          ]
        : []),
    ];
  });
  return [...triggers, ...policies, ...rules, ...statistics];
}

const COMMANDS = { r: "SELECT", a: "INSERT", w: "UPDATE", d: "DELETE", "*": "ALL" } as const;

function policySql(policy: PolicyDefinition, table: string): string {
  return [
    `CREATE POLICY ${identifier(policy.name)} ON ${table}`,
    !policy.permissive && "AS RESTRICTIVE",
    `FOR ${COMMANDS[policy.command]} TO ${policy.roles.join(", ")}`,
    policy.using !== null && `USING (${policy.using})`,
    policy.check !== null && `WITH CHECK (${policy.check})`,
  ]
    .filter(Boolean)
    .join(" ");
}

function eventTriggers(now: Definitions, wanted: Definitions): readonly DownStep[] {
  return pairs(now.eventTriggers, wanted.eventTriggers, ({ name }) => name).flatMap(
    ([is, was]): readonly DownStep[] => {
      if (JSON.stringify(is) === JSON.stringify(was)) return [];
      return [
        ...(is ? [step("DropEventTrigger", PHASE.dropDependents, `DROP EVENT TRIGGER ${identifier(is.name)}`)] : []),
        ...(was
          ? [
              step(
                "CreateEventTrigger",
                PHASE.comments + 1,
                `CREATE EVENT TRIGGER ${identifier(was.name)} ON ${was.event}${was.tags === null ? "" : ` WHEN TAG IN (${was.tags.map(literal).join(", ")})`} EXECUTE FUNCTION ${was.function}()`,
              ),
              ...(was.enabled === "O"
                ? []
                : [
                    step(
                      "AlterEventTrigger",
                      PHASE.comments + 2,
                      `ALTER EVENT TRIGGER ${identifier(was.name)} ${STATES[was.enabled as keyof typeof STATES]}`,
                    ),
                  ]),
            ]
          : []),
      ];
    },
  );
}
