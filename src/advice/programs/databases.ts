import { commands } from "./command.ts";
import { sqlWord } from "./text.ts";

/** What the owner of a server grants. */
export const databases = commands("databases", "sql", {
  letCreate: ["lets a user create databases", (user: string) => `ALTER ROLE ${sqlWord(user)} CREATEDB;`],
  letCopy: [
    "lets everybody who may create databases copy one",
    (database: string) => `ALTER DATABASE ${sqlWord(database)} IS_TEMPLATE true;`,
  ],
});
