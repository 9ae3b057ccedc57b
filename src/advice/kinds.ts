import { databases } from "./programs/databases.ts";
import { git } from "./programs/git.ts";
import { ledger } from "./programs/ledger.ts";
import { lockstep } from "./programs/lockstep.ts";
import { packages } from "./programs/packages.ts";
import { postgres } from "./programs/postgres.ts";
import { prisma } from "./programs/prisma.ts";
import { shell } from "./programs/shell.ts";
import { changes } from "./sql/changes.ts";
import { rows } from "./sql/rows.ts";
import { server } from "./sql/server.ts";

/** Every table of commands. A table that is not here has no kinds, and a test misses it. */
const TABLES = { git, prisma, lockstep, packages, postgres, shell, ledger, databases, server, rows, changes };

/** "git.switch", "ledger.forget" … */
export type CommandKind = {
  [Table in keyof typeof TABLES]: `${Table}.${keyof (typeof TABLES)[Table] & string}`;
}[keyof typeof TABLES];

/** Every kind of command that lockstep can tell a person to run. */
export const COMMAND_KINDS: readonly CommandKind[] = Object.entries(TABLES).flatMap(([table, makers]) =>
  Object.keys(makers).map((word) => `${table}.${word}` as CommandKind),
);
