import type { Placeholder } from "../../../words.ts";

/** What is said of branches, by the rule that says it: `check` and `branches` have the same words. `{name}` is filled from the data. */
export const MESSAGES = {
  "late-migration": {
    matters:
      "{migration} sorts before {behind} of {target}: a database that has {those} runs it afterwards, a fresh one before, and they end differently. {conflict}: in the order of the names it {fresh}; where {target} was first it {deployed}.",
    seen: "{migration} sorts before {behind} of {target}: a database that has {those} runs it afterwards, a fresh one before, and they end differently.",
    unknown:
      "{migration} sorts before {behind} of {target}: a database that has {those} runs it afterwards, a fresh one before, and it cannot be told whether that matters. {conflict}.",
    harmless:
      "{migration} sorts before {behind} of {target}: a database that has {those} runs it afterwards, a fresh one before. The order makes no difference{columns}.",
  },
  "edited-applied-migration": {
    edited:
      '{branches} {have} {migration} with {what}: databases that ran it never run the new text, and where the checksum differs "prisma migrate dev" wants to reset them.',
    unclear:
      "{branches} {have} {migration} with {what}, and where the branches parted is not known, so that either may have changed it: databases that ran one text never run the other.",
    renamed:
      '{branches} {have} {migration} as {from}: a database that ran it takes it for a new one, runs it again, and "prisma migrate dev" wants to reset it.',
    deleted:
      '{migrations} of {branches} {were} deleted: databases that ran {them} keep what {they} did, fresh ones lack it, and "prisma migrate dev" wants to reset.',
  },
  "duplicate-migration": {
    refused:
      "{migration} {what} {other} of {branch}: Prisma takes the two for different ones, and where both arrive the second run fails.",
    nothing:
      "{migration} {what} {other} of {branch}: Prisma takes the two for different ones, and the second run does nothing.",
    twice:
      "{migration} {what} {other} of {branch}: Prisma takes the two for different ones, and where both arrive it runs twice.",
  },
  "missing-forward-port": {
    absent:
      "{lacking} lacks {migrations}, which production ({production}) has: databases of {lacking} do not have what {they} did, and work goes on without it.",
    instead:
      "{lacking} has {migrations} of production ({production}) {how}: where both arrive the two are not one to Prisma.",
    due: "{hotfix} is a hotfix for {target}, and {branches} {lack} it: once it is deployed, merge it there too, the same folder, byte for byte.",
  },
  "branch-divergence": {
    refused:
      "{target} has {theirs} by now, and {migration} does not run after it. {conflict}: where {target} was first it {deployed}.",
    meets:
      "{target} has {theirs} by now, which {migration} was written without, and their order matters. {conflict}: with {target} first it {deployed}; where {migration} was first it {other}.",
    apart:
      "{one} and {other} come to something else in the other order: whichever branch is merged first decides what production gets. {conflict}: with {branch} first it {oneFirst}; with {rival} first it {otherFirst}.{more}",
    unsure:
      "{one} and {other} may come to something else in the other order: whichever branch is merged first decides what production gets. {conflict}.",
    same: "{one} and {other} come to the same in either order: both were run in PostgreSQL.",
    timestamp: "{one} and {other} have the same timestamp: the rest of the name decides that {first} runs first.",
    name: "{one} and {other} have the same name and are two migrations.",
  },
} as const;

type Messages = typeof MESSAGES;

/** Ids of the group divergence. */
export type DivergenceRule = keyof Messages;

/** A rule's message with everything that is filled into it. */
export type Said<Rule extends DivergenceRule = DivergenceRule> = {
  [R in Rule]: {
    [M in keyof Messages[R] & string]: {
      readonly rule: R;
      readonly message: M;
      readonly data: Readonly<Record<Placeholder<Messages[R][M] & string>, string>>;
    };
  }[keyof Messages[R] & string];
}[Rule];
