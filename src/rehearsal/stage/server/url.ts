import { failure, type Outcome, success } from "../../../source/outcome.ts";

/** Where a server is, and how its databases are connected to. Holds the password: `where` is what may be shown. */
export interface ServerAddress {
  /** "db.example.com:5432", "/run/postgresql". */
  readonly where: string;
  /** The database that the URL names; "postgres" where it names none. */
  readonly database: string;
  /** Prisma's schema=… */
  readonly schema?: string;
  /** libpq's options=…, to be sent with the startup message. */
  readonly options?: string;
  /** A connection string for `pg`; with `encrypted`: false without TLS. */
  connection(database: string, encrypted: boolean): string;
  /** sslmode=prefer, the default of libpq and of Prisma: TLS if the server has it. */
  readonly prefersTls: boolean;
}

const FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE";

/** What `pg` knows and what neither replaces what we set ourselves nor belongs to Prisma's pool. */
const KEPT = new Set([
  "host",
  "port",
  "user",
  "password",
  "ssl",
  "sslmode",
  "sslcert",
  "sslkey",
  "sslrootcert",
  "sslnegotiation",
]);

/**
 * Reads the URL of a server as libpq, `pg` and Prisma write it. Modes of TLS mean what libpq and Prisma take them for (`pg` 8 takes
 * "prefer" and "require" for "verify-full": https://node-postgres.com/features/ssl).
 */
export function serverAddress(text: string, defaultTls = process.env.PGSSLMODE): Outcome<ServerAddress> {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === "prisma" || scheme === "prisma+postgres")
    return failure(
      `--server is a ${scheme}:// URL, which leads to Prisma's own service and not to a server: give the direct URL, ${FORM}.`,
    );
  if (scheme !== "postgres" && scheme !== "postgresql")
    return failure(`--server is no URL of a PostgreSQL server: write ${FORM}.`);
  const url = parsed(text.trim());
  if (!url || url.hash !== "")
    return failure(
      `--server is no URL that can be read: write ${FORM}, and characters such as # / ? @ % in the password as %23 %2F %3F %40 %25.`,
    );
  const given = url.searchParams;
  const schema = given.get("schema") ?? undefined;
  const options = given.get("options") ?? undefined;
  const host = decoded(
    given.get("host") ?? url.hostname.replace(/^\[(.*)\]$/, "$1").replace(new RegExp(`^${NO_HOST}$`), ""),
  );
  const port = given.get("port") ?? url.port;
  const database = decoded(url.pathname.slice(1)) || "postgres";
  const socket = host.startsWith("/");
  // Prisma's: strict or accept_invalid_certs. Its sslcert is the root certificate, and its client certificate is a file that pg cannot read.
  const accept = given.get("sslaccept");
  if (accept !== null || given.has("sslidentity")) {
    const root = given.get("sslcert");
    given.delete("sslcert");
    if (accept === "strict" && root !== null && !given.has("sslrootcert")) given.set("sslrootcert", root);
  }
  let mode =
    given.get("sslmode") ??
    (given.has("ssl") || given.get("sslnegotiation") === "direct" ? null : (defaultTls ?? "prefer"));
  if (mode === "allow") mode = "prefer";
  if (mode !== null && mode !== "disable" && accept === "strict") mode = "verify-full";
  if (given.get("sslrootcert") === "system") {
    given.delete("sslrootcert");
    mode = "verify-full";
  }
  // Without a root certificate libpq looks for one in the home directory; here the system's are asked.
  if (mode === "verify-ca" && !given.has("sslrootcert")) mode = "verify-full";
  // The name that pg has for it; a root certificate would make libpq check it.
  if (mode === "no-verify") {
    given.delete("sslrootcert");
    mode = "require";
  }
  const known = mode === null || ["disable", "prefer", "require", "verify-ca", "verify-full"].includes(mode);
  if (!known)
    return failure(
      "--server has an sslmode that there is not: write disable, prefer, require, verify-ca or verify-full.",
    );
  for (const name of [...given.keys()]) if (!KEPT.has(name) || (socket && name.startsWith("ssl"))) given.delete(name);
  return success({
    where: socket ? host : `${host || (process.env.PGHOST ?? "localhost")}:${port || (process.env.PGPORT ?? "5432")}`,
    database,
    ...(schema !== undefined && { schema }),
    ...(options !== undefined && { options }),
    prefersTls: !socket && mode === "prefer",
    connection(name, encrypted) {
      const to = new URL(url);
      // As pg reads it: with decodeURI.
      to.pathname = `/${encodeURI(name)}`;
      if (to.hostname === NO_HOST) to.searchParams.set("host", host || (process.env.PGHOST ?? "localhost"));
      if (!socket && mode !== null) to.searchParams.set("sslmode", encrypted ? mode : "disable");
      if (!socket && mode !== null && encrypted) to.searchParams.set("uselibpqcompat", "true");
      return to.href;
    },
  });
}

/** URLs with a user and no host, for a socket, are none for WHATWG's reader. */
const NO_HOST = "no-host.invalid";

function parsed(text: string): URL | undefined {
  for (const candidate of [text, text.replace("@/", `@${NO_HOST}/`)]) {
    if (!URL.canParse(candidate)) continue;
    const url = new URL(candidate);
    if ([url.username, url.password, url.pathname, url.hostname].every((part) => decodable(part))) return url;
  }
  return undefined;
}

function decodable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

const decoded = (part: string): string => (decodable(part) ? decodeURIComponent(part) : part);
