import type { Wrong } from "./claims.ts";

/** What is not as the fix says by nature: why. */
const KNOWN: readonly (readonly [kind: Wrong["kind"], what: RegExp, detail: RegExp, why: string])[] = [
  [
    "another schema",
    /^Keep a copy of the orphans/,
    /^\[{"kind":"table","object":"[^"]+_orphans","change":"surplus","is":""}\]\n/,
    "the copy is a table",
  ],
  [
    "brings an error",
    /^Keep a copy of the orphans/,
    /^down-migration-does-not-restore: .* table \S+_orphans is still there/,
    "a down.sql that is there does not know of the copy",
  ],
  [
    "brings an error",
    /^Rename the column/,
    /^(?:index-build-blocks-writes|work-after-exclusive-lock|orphan-cleanup-before-foreign-key|rename-as-drop-and-add|unique-over-existing-rows): /,
    "the rows that it keeps are read by what comes after it; a required column that is added leaves a table without rows",
  ],
  [
    "another schema",
    /^Detach it concurrently, with a CHECK/,
    /^\[{"kind":"constraint","object":"[^"]+","change":"surplus","is":"CHECK [^"]+"}\]\n/,
    "PostgreSQL leaves a CHECK of the bound on what it detaches concurrently",
  ],
];

export const isMeant = ({ kind, what, detail }: Wrong): boolean =>
  KNOWN.some((known) => known[0] === kind && known[1].test(what) && known[2].test(detail));
