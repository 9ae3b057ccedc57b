import { lookup } from "../../words.ts";
import type { Mention } from "../../sql/mention.ts";
import type { Statement } from "../../sql/statement.ts";

/**
 * What does not stay inside of the database that a statement runs in. `host`: files and programs of the server, other
 * servers, other databases, other sessions, the server's own settings. `cluster`: what all databases of one server share;
 * harmless on a server that nobody else uses.
 */
export interface OutsideRow {
  readonly scope: "host" | "cluster";
  /** After the name of what does it: "runs a program on the server". */
  readonly does: string;
  /** As in `Mention`. */
  readonly commands?: readonly string[];
  readonly functions?: readonly string[];
  /** The functions are of an extension, which can be in any schema; else they are PostgreSQL's own. */
  readonly extension?: true;
  /** The functions are found in this schema only. */
  readonly schema?: string;
  readonly languages?: readonly string[];
  readonly extensions?: readonly string[];
  /** Catalogs that are written to. */
  readonly tables?: readonly string[];
  readonly source: string;
}

const MANUAL = "https://www.postgresql.org/docs/current/";

const words = (text: string): readonly string[] => text.split(/\s+/);

const UNTRUSTED = words(
  "c internal plpythonu plpython2u plpython3u plperlu pltclu plsh pljavau plr pllua plluau plrustu pllolcodeu",
);

export const OUTSIDE: readonly OutsideRow[] = [
  { scope: "host", does: "runs a program on the server", commands: ["COPY PROGRAM"], source: `${MANUAL}sql-copy.html` },
  {
    scope: "host",
    does: "reads or writes a file of the server",
    commands: ["COPY FILE"],
    source: `${MANUAL}sql-copy.html`,
  },
  {
    scope: "host",
    does: "reads files of the server",
    functions: words(
      "pg_read_file pg_read_file_old pg_read_binary_file pg_ls_dir pg_stat_file pg_ls_logdir pg_ls_waldir pg_ls_summariesdir pg_ls_archive_statusdir pg_ls_tmpdir pg_ls_logicalmapdir pg_ls_logicalsnapdir pg_ls_replslotdir pg_current_logfile pg_hba_file_rules pg_ident_file_mappings pg_show_all_file_settings",
    ),
    source: `${MANUAL}functions-admin.html#FUNCTIONS-ADMIN-GENFILE`,
  },
  {
    scope: "host",
    does: "reads or writes a file of the server",
    functions: ["lo_import", "lo_export"],
    source: `${MANUAL}lo-funcs.html`,
  },
  {
    scope: "host",
    does: "reads or writes files of the server",
    functions: words(
      "pg_file_write pg_file_sync pg_file_rename pg_file_unlink pg_file_read pg_file_length pg_logdir_ls",
    ),
    extension: true,
    source: "https://www.postgresql.org/docs/16/adminpack.html",
  },
  {
    scope: "host",
    does: "sends SQL to another server",
    functions: words(
      "dblink dblink_connect dblink_connect_u dblink_disconnect dblink_exec dblink_open dblink_fetch dblink_close dblink_send_query dblink_is_busy dblink_get_notify dblink_get_result dblink_cancel_query dblink_get_connections dblink_error_message dblink_get_pkey dblink_build_sql_insert dblink_build_sql_delete dblink_build_sql_update",
    ),
    extension: true,
    source: `${MANUAL}dblink.html`,
  },
  {
    scope: "host",
    does: "sends a request over the network",
    functions: words("http http_get http_post http_put http_patch http_delete http_head"),
    extension: true,
    source: "https://github.com/pramsey/pgsql-http",
  },
  {
    scope: "host",
    does: "sends a request over the network",
    functions: words("http_get http_post http_delete http_collect_response"),
    schema: "net",
    source: "https://github.com/supabase/pg_net",
  },
  {
    scope: "host",
    does: "reads or writes objects of another service",
    functions: words("table_import_from_s3 query_export_to_s3"),
    schema: "aws_s3",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.S3Import.html",
  },
  {
    scope: "host",
    does: "calls another service",
    functions: ["invoke"],
    schema: "aws_lambda",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL-Lambda.html",
  },
  {
    scope: "host",
    does: "is about a connection to another server",
    commands: ["CREATE SERVER", "ALTER SERVER", "DROP SERVER"],
    source: `${MANUAL}sql-createserver.html`,
  },
  {
    scope: "host",
    does: "is about a connection to another server",
    commands: ["CREATE FOREIGN DATA WRAPPER", "ALTER FOREIGN DATA WRAPPER", "DROP FOREIGN DATA WRAPPER"],
    source: `${MANUAL}sql-createforeigndatawrapper.html`,
  },
  {
    scope: "host",
    does: "is about a login on another server",
    commands: ["CREATE USER MAPPING", "ALTER USER MAPPING", "DROP USER MAPPING"],
    source: `${MANUAL}sql-createusermapping.html`,
  },
  {
    scope: "host",
    does: "is about a table of another server",
    commands: ["CREATE FOREIGN TABLE", "ALTER FOREIGN TABLE", "DROP FOREIGN TABLE"],
    source: `${MANUAL}sql-createforeigntable.html`,
  },
  {
    scope: "host",
    does: "reads the schema of another server",
    commands: ["IMPORT FOREIGN SCHEMA"],
    source: `${MANUAL}sql-importforeignschema.html`,
  },
  {
    scope: "host",
    does: "is about replication from another server",
    commands: ["CREATE SUBSCRIPTION", "ALTER SUBSCRIPTION", "DROP SUBSCRIPTION"],
    source: `${MANUAL}sql-createsubscription.html`,
  },
  {
    scope: "host",
    does: "changes the server's settings",
    commands: ["ALTER SYSTEM"],
    source: `${MANUAL}sql-altersystem.html`,
  },
  {
    scope: "host",
    does: "makes the server read its settings again",
    functions: ["pg_reload_conf"],
    source: `${MANUAL}functions-admin.html#FUNCTIONS-ADMIN-SIGNAL`,
  },
  {
    scope: "host",
    does: "acts on other sessions",
    functions: words("pg_terminate_backend pg_cancel_backend pg_log_backend_memory_contexts"),
    source: `${MANUAL}functions-admin.html#FUNCTIONS-ADMIN-SIGNAL`,
  },
  {
    scope: "host",
    does: "switches the server's log file",
    functions: ["pg_rotate_logfile"],
    source: `${MANUAL}functions-admin.html#FUNCTIONS-ADMIN-SIGNAL`,
  },
  {
    scope: "host",
    does: "changes the server's part in replication",
    functions: words("pg_promote pg_wal_replay_pause pg_wal_replay_resume pg_xlog_replay_pause pg_xlog_replay_resume"),
    source: `${MANUAL}functions-admin.html#FUNCTIONS-RECOVERY-CONTROL`,
  },
  { scope: "host", does: "loads a library into the server", commands: ["LOAD"], source: `${MANUAL}sql-load.html` },
  {
    scope: "host",
    does: "is a language that can do what the server's user can",
    languages: UNTRUSTED,
    extensions: UNTRUSTED.filter((name) => name !== "c" && name !== "internal"),
    source: `${MANUAL}sql-createlanguage.html`,
  },
  {
    scope: "host",
    does: "is about a directory of the server",
    commands: ["CREATE TABLESPACE", "ALTER TABLESPACE", "DROP TABLESPACE"],
    source: `${MANUAL}sql-createtablespace.html`,
  },
  {
    scope: "host",
    does: "is about another database",
    commands: ["CREATE DATABASE", "ALTER DATABASE", "DROP DATABASE"],
    source: `${MANUAL}managing-databases.html`,
  },
  {
    scope: "cluster",
    does: "is about a role, which all databases of the server share",
    commands: words(
      "CREATE_ROLE ALTER_ROLE DROP_ROLE CREATE_USER ALTER_USER DROP_USER CREATE_GROUP ALTER_GROUP DROP_GROUP",
    ).map((name) => name.replace("_", " ")),
    source: `${MANUAL}user-manag.html`,
  },
  {
    scope: "cluster",
    does: "changes the members of a role, which all databases of the server share",
    commands: ["GRANT ROLE"],
    source: `${MANUAL}role-membership.html`,
  },
  {
    scope: "cluster",
    does: "reaches objects that all databases of the server share",
    commands: ["REASSIGN OWNED", "DROP OWNED"],
    source: `${MANUAL}sql-reassign-owned.html`,
  },
  {
    scope: "cluster",
    does: "is about something that all databases of the server share",
    commands: [
      "COMMENT ON ROLE",
      "COMMENT ON DATABASE",
      "COMMENT ON TABLESPACE",
      "SECURITY LABEL ON ROLE",
      "SECURITY LABEL ON DATABASE",
      "SECURITY LABEL ON TABLESPACE",
    ],
    source: `${MANUAL}sql-comment.html`,
  },
  {
    scope: "cluster",
    does: "is about something that all databases of the server share",
    commands: ["GRANT ON DATABASE", "GRANT ON TABLESPACE", "GRANT ON PARAMETER"],
    source: `${MANUAL}sql-grant.html`,
  },
  {
    scope: "cluster",
    does: "makes the whole server write to disk",
    commands: ["CHECKPOINT"],
    source: `${MANUAL}sql-checkpoint.html`,
  },
  {
    scope: "cluster",
    does: "acts on the log or the backups of the whole server",
    functions: words(
      "pg_switch_wal pg_switch_xlog pg_create_restore_point pg_backup_start pg_backup_stop pg_start_backup pg_stop_backup pg_log_standby_snapshot",
    ),
    source: `${MANUAL}functions-admin.html#FUNCTIONS-ADMIN-BACKUP`,
  },
  {
    scope: "cluster",
    does: "is about replication of the whole server",
    functions: words(
      "pg_create_physical_replication_slot pg_create_logical_replication_slot pg_drop_replication_slot pg_copy_physical_replication_slot pg_copy_logical_replication_slot pg_replication_slot_advance pg_sync_replication_slots pg_logical_slot_get_changes pg_logical_slot_get_binary_changes pg_replication_origin_create pg_replication_origin_drop pg_replication_origin_advance",
    ),
    source: `${MANUAL}functions-admin.html#FUNCTIONS-REPLICATION`,
  },
  {
    scope: "cluster",
    does: "clears statistics of the whole server",
    functions: words(
      "pg_stat_reset_shared pg_stat_reset_slru pg_stat_reset_replication_slot pg_stat_reset_subscription_stats",
    ),
    source: `${MANUAL}monitoring-stats.html#MONITORING-STATS-FUNCTIONS`,
  },
  {
    scope: "cluster",
    does: "clears statistics of the whole server",
    functions: ["pg_stat_statements_reset"],
    extension: true,
    source: `${MANUAL}pgstatstatements.html`,
  },
  {
    scope: "cluster",
    does: "is a catalog that all databases of the server share",
    tables: words(
      "pg_authid pg_auth_members pg_database pg_db_role_setting pg_parameter_acl pg_replication_origin pg_shdepend pg_shdescription pg_shseclabel pg_subscription pg_tablespace pg_roles pg_user pg_shadow pg_group",
    ),
    source: `${MANUAL}catalogs-overview.html`,
  },
];

/** Something of a statement that reaches outside. */
export interface Reach {
  /** As a clause: "COPY … PROGRAM runs a program on the server". */
  readonly what: string;
  readonly scope: OutsideRow["scope"];
  /** The page that says so; absent for what cannot be looked into. */
  readonly source?: string;
}

/**
 * What of a statement reaches outside of its database, in the order of the text; empty where all of it stays inside. A function
 * counts where it is made, not where it is called: triggers, defaults and views call it without a word of it. EXECUTE of a text
 * that is put together at run time is read as far as the text is written there; what else it may be is a reach of its own.
 */
export function reachesOutside(statement: Statement): readonly Reach[] {
  const found = new Map<string, Reach>();
  for (const mention of statement.mentions?.() ?? []) {
    const reach =
      mention.kind === "unread"
        ? { what: `${mention.what} may do anything: this parser does not read it`, scope: "host" as const }
        : mention.kind === "text"
          ? {
              what: `${mention.by} runs a text that is only known when it runs, and may do anything`,
              scope: "cluster" as const,
            }
          : reachOf(mention);
    if (reach && !found.has(reach.what)) found.set(reach.what, reach);
  }
  return [...found.values()];
}

type Known = Exclude<Mention, { kind: "unread" | "text" }>;

function reachOf(mention: Known): Reach | undefined {
  const row = OUTSIDE.find((candidate) => matches(candidate, mention));
  return row && { what: `${spelled(mention)} ${row.does}`, scope: row.scope, source: row.source };
}

function matches(row: OutsideRow, mention: Known): boolean {
  switch (mention.kind) {
    case "command":
      return row.commands?.includes(mention.name) ?? false;
    case "function":
      if (!row.functions?.includes(mention.name)) return false;
      return row.schema === undefined
        ? row.extension === true || mention.schema === undefined
        : mention.schema === row.schema;
    case "language":
      return row.languages?.includes(mention.name) ?? false;
    case "extension":
      return row.extensions?.includes(mention.name) ?? false;
    case "write":
    case "view":
      return mention.schema === undefined && (row.tables?.includes(mention.name) ?? false);
  }
}

const SPELLED: Readonly<Record<string, string>> = lookup({
  "COPY PROGRAM": "COPY … PROGRAM",
  "COPY FILE": "COPY with a file name",
  "GRANT ROLE": "GRANT of a role",
});

function spelled(mention: Known): string {
  switch (mention.kind) {
    case "command":
      return SPELLED[mention.name] ?? mention.name;
    case "function":
      return `${mention.schema === undefined ? "" : `${mention.schema}.`}${mention.name}()`;
    case "view":
      return `a view that ${mention.name} can be written through: it`;
    default:
      return mention.name;
  }
}
