import type { Placeholder } from "../words.ts";

/** Placeholders of texts, known to the compiler. */

/** What a report has to have for its own words: `data` with the names in its message and its help, each once and no other. */
export type Filled<Given, Texts extends Readonly<Record<string, string>>, Help extends string> = Given extends {
  readonly message: infer Id;
}
  ? Data<Given, Placeholder<Texts[Id & keyof Texts]> | Placeholder<HelpOf<Given, Help>>> & Constant<Given>
  : never;

/** A report has no field besides these. */
export type Only<Given, Field extends PropertyKey> = {
  readonly [Surplus in Exclude<keyof Given, Field>]: "is no field of a report";
};

/** The help that goes with a report: its own, the rule's, or either where it has one of its own at times. */
type HelpOf<Given, Help extends string> = Given extends { readonly help: infer Own extends string }
  ? Own
  : Given extends { readonly help?: infer Own }
    ? Help | Extract<Own, string>
    : Help;

type Data<Given, Name extends string> = [Name] extends [never]
  ? { readonly data?: Exactly<Given, never> }
  : { readonly data: Exactly<Given, Name> };

type Exactly<Given, Name extends string> = Readonly<Record<Name, string | number>> & {
  readonly [Surplus in Exclude<
    Given extends { readonly data?: infer Own } ? keyof Own : never,
    Name
  >]: "is in no placeholder of the message and its help";
};

/** A help that is put together at run time might hold braces of the user's. */
type Constant<Given> = Given extends { readonly help?: infer Own }
  ? {
      readonly help?: Record<never, never> extends Record<Extract<Own, string>, 1>
        ? "has to be a constant: what varies goes into data"
        : unknown;
    }
  : unknown;
