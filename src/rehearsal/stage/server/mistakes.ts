import type { Client } from "pg";
import { listed } from "../../../words.ts";
import type { ServerAddress } from "./url.ts";
import { databases } from "../../../advice/programs/databases.ts";
import { unended } from "../../../advice/programs/command.ts";

/** What PostgreSQL itself answered, as `pg` throws it. Errors of the network have no severity. */
export interface ServerError extends Error {
  readonly code: string;
  readonly severity: string;
  readonly detail?: string;
  readonly hint?: string;
}

export function isServerError(error: unknown): error is ServerError {
  const { severity, code } = (error ?? {}) as Partial<ServerError>;
  return error instanceof Error && severity !== undefined && typeof code === "string" && /^[0-9A-Z]{5}$/.test(code);
}

/** What a connection is for: a rehearsal makes databases of its own, statistics are those of the database that is named. */
export type Purpose = "rehearsal" | "statistics";

/** Why a connection could not be made, as a sentence. `client` knows the user, who may come from the environment. */
export function connectionMistake(
  error: unknown,
  { where }: ServerAddress,
  database: string,
  client: Pick<Client, "user"> | undefined,
  purpose: Purpose = "rehearsal",
): string {
  const user = client?.user ?? "";
  if (isServerError(error)) return refusal(error, where, database, user, purpose);
  const { code = "", message = "", path } = (error ?? {}) as { code?: string; message?: string; path?: string };
  switch (code) {
    case "ECONNREFUSED":
      return `No server listens at ${where} (--server): start PostgreSQL there, or correct host and port.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host of ${where} (--server) cannot be found: correct its name.`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return unanswered(where);
    case "ENOENT":
    case "EACCES":
      return /\.s\.PGSQL\./.test(message)
        ? `No server listens at the socket in ${where} (--server): start PostgreSQL there, or correct the folder.`
        : `The file ${path ?? message} that the URL of --server names cannot be read (${code}): correct sslrootcert, sslcert or sslkey.`;
  }
  if (/^(?:SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|CERT_|ERR_TLS_CERT)/.test(code))
    return `The certificate of ${where} (--server) is not trusted (${code}): name its root certificate by sslrootcert=FILE, or do not check it by sslmode=require.`;
  if (message === "timeout expired") return unanswered(where);
  if (message.includes("does not support SSL"))
    return `${where} has no TLS, which the URL of --server asks for: take sslmode or ssl out of it.`;
  if (message.includes("password must be a"))
    return `${where} asks for a password for the user "${user}": put it into the URL of --server, or into PGPASSWORD.`;
  if (message.startsWith("SASL"))
    return `${where} and lockstep cannot agree on how the user "${user}" proves the password (${message}): is that a PostgreSQL server?`;
  return `${where} does not answer as a PostgreSQL server does (${message || code}): correct host and port of --server.`;
}

const unanswered = (where: string): string =>
  `${where} (--server) does not answer: is the host right, and does a firewall let you through?`;

function refusal(
  { code, message }: ServerError,
  where: string,
  database: string,
  user: string,
  purpose: Purpose,
): string {
  const rehearses = purpose === "rehearsal";
  switch (code) {
    case "28P01":
      return `${where} does not accept the password of the user "${user}": correct it in the URL of --server, with special characters as %XX.`;
    case "28000":
      return `${where} does not let the user "${user}" in (${message}): correct the user or sslmode in the URL of --server, or the server's pg_hba.conf.`;
    case "3D000":
      return `${where} has no database "${database}": ${rehearses ? "name one that is there in the URL of --server, such as /postgres. Nothing is run in it" : "correct its name in the URL of --server"}.`;
    case "42501":
      return `The user "${user}" may not connect to the database "${database}" of ${where}: ${rehearses ? "name another in the URL of --server, such as /postgres. Nothing is run in it" : "give --server a user that may"}.`;
    case "53300":
      return `${where} has no connection left (${message}): ${rehearses ? "a rehearsal needs three. Close some" : "close some"}, or raise max_connections.`;
    case "57P03":
      return `${where} is not ready (${message}): try again when it is.`;
    case "08P01":
      if (rehearses) return pooler(where, message);
  }
  return `${where} refuses the connection (${message}; SQLSTATE ${code}): correct the URL of --server.`;
}

export function pooler(where: string, why: string): string {
  return `${where} seems to be a connection pooler (${why}): a rehearsal makes databases of its own and needs the server itself. Give --server the URL without the pooler, the one that migrations are deployed by.`;
}

/** Why no scratch database could be made, as a sentence. */
export function creationMistake(
  error: ServerError,
  { where }: ServerAddress,
  user: string,
  template: string | undefined,
): string {
  const { code, message, detail } = error;
  switch (code) {
    case "42501":
      return template === undefined || !/copy/.test(message)
        ? rightMissing(where, user)
        : templateRightMissing(template, where, user);
    case "25006":
      return readOnly(where, message);
    case "3D000":
      return template === undefined
        ? `${where} cannot make a database (${message}).`
        : templateMissing(template, where);
    case "53100":
      return `The disk of ${where} is full, so that no scratch database can be made (${message}): make room${template === undefined ? "" : `, at least as much as "${template}" takes`}.`;
  }
  return `${where} cannot make a scratch database (${message}${detail === undefined ? "" : `; ${detail}`}; SQLSTATE ${code}).`;
}

export const rightMissing = (where: string, user: string): string =>
  `The user "${user}" may not create databases at ${where}, and a rehearsal runs in databases of its own: ${unended(databases.letCreate(user))}, or give --server another user.`;

export const superuserRefused = (where: string, user: string, is: boolean): string =>
  `The user "${user}" of ${where} ${is ? "is" : "may become"} a superuser, so that a migration could do anything to the whole server: make one that may only create databases (${unended(databases.rehearser())}) and give it to --server, or say --allow-superuser where the server is there for nothing else.`;

export const templateRightMissing = (template: string, where: string, user: string): string =>
  `The user "${user}" may not copy the database "${template}" of ${where} (--template): copy it as its owner or a superuser, or ${unended(databases.letCopy(template))}.`;

export const templateMissing = (template: string, where: string): string =>
  `${where} has no database "${template}" (--template): correct its name.`;

export const readOnly = (where: string, why: string): string =>
  `${where} is read-only (${why}), and a rehearsal makes databases of its own: give --server a primary server.`;

/** Sessions of a database that is to be copied, as pg_stat_activity has them. What other users' sessions do is hidden from all but superusers. */
export interface Occupant {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string | null;
  readonly client: string | null;
}

export function templateInUse(
  template: string,
  where: string,
  occupants: readonly Occupant[],
  detail: string | undefined,
): string {
  const who = occupants.map(
    ({ pid, user, application, client }) =>
      `${application ? `"${application}"` : "a nameless program"} (process ${pid}, user "${user ?? "?"}"${client === null ? "" : `, from ${client}`})`,
  );
  return `The database "${template}" of ${where} (--template) is in use${who.length === 0 ? (detail === undefined ? "" : ` (${detail})`) : ` by ${listed(who, 6)}`}: PostgreSQL copies a database only when nobody is connected to it. End those sessions, or rehearse on a copy made by pg_dump.`;
}
