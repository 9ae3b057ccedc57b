import type { Name } from "../names.ts";
import type { LockMode } from "../lock-modes.ts";
import type { Anywhere, OnTable } from "./place.ts";

/** Locks, vacuum and the like. */
export type MaintenanceOperation =
  | (OnTable<"lockTable"> & { readonly mode: LockMode; readonly nowait: boolean })
  | (Anywhere<"vacuum"> & { readonly tables: readonly Name[]; readonly full: boolean })
  | (Anywhere<"analyze"> & { readonly tables: readonly Name[] })
  | (Anywhere<"cluster"> & { readonly table?: Name; readonly index?: string })
  | (Anywhere<"reindex"> & {
      readonly target: "index" | "table" | "schema" | "database" | "system";
      readonly name: Name;
      readonly concurrently: boolean;
    });

/** Settings, transactions, commands to the server, and what has no effect on relations or cannot be read. */
export type SessionOperation =
  /** `value` is null for SET x TO DEFAULT and for RESET; `name` is "all" for RESET ALL. search_path has its schemas as `values`. */
  | (Anywhere<"set"> & {
      readonly name: string;
      readonly value: string | null;
      readonly values: readonly string[];
      readonly local: boolean;
    })
  | (Anywhere<"transaction"> & {
      readonly action: "begin" | "commit" | "rollback" | "savepoint" | "release" | "rollbackTo" | "prepare" | "set";
      readonly name?: string | undefined;
    })
  | (Anywhere<"systemCommand"> & {
      readonly command:
        | "alterSystem"
        | "createTablespace"
        | "dropTablespace"
        | "createRole"
        | "alterRole"
        | "load"
        | "checkpoint"
        | "createServer";
    })
  /** Understood and without effect on relations: NOTIFY, RAISE, CREATE COLLATION, ALTER FUNCTION … `what` is PostgreSQL's name for it. */
  | (Anywhere<"other"> & { readonly what: string })
  /** Runs SQL that nobody can read before it runs (EXECUTE of a computed string, a body in another language), or a statement that this reader does not know. */
  | (Anywhere<"opaque"> & { readonly reason: "dynamic" | "language" | "unsupported"; readonly what: string });
