import { commands } from "./command.ts";
import { identifier } from "../../sql/names.ts";

/** What the owner of a server grants. */
export const databases = commands("databases", "sql", {
  letCreate: ["lets a user create databases", (user: string) => `ALTER ROLE ${identifier(user)} CREATEDB;`],
  rehearser: [
    "makes a role that may create databases, and nothing else",
    () => "CREATE ROLE lockstep LOGIN CREATEDB NOSUPERUSER NOCREATEROLE;",
  ],
  letCopy: [
    "lets everybody who may create databases copy one",
    (database: string) => `ALTER DATABASE ${identifier(database)} IS_TEMPLATE true;`,
  ],
});
