import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { tmpdir } from "node:os";

/**
 * PostgreSQL's own regression scripts, from Debian's source package of the same major version. They are kept outside of the repository,
 * and no line of them is in it.
 */
export interface Scripts {
  /** Of the source package. */
  readonly version: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** A place for what is worked out once. */
  readonly cache: string;
}

/** Debian's releases in which the newest major versions are. */
const SUITES = ["sid", "trixie"];
const KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg";

type Run = (program: string, args: readonly string[]) => string;

/** The mirror that this machine installs Debian's packages from. */
function mirror(run: Run): string {
  const sites = run("apt-get", ["indextargets", "--format", "$(LABEL) $(SITE)", "Created-By: Packages"]);
  const [, site] = /^Debian (\S+)$/m.exec(sites) ?? [];
  if (site === undefined)
    throw new Error("apt-get knows no mirror of Debian: name a folder of scripts with LOCKSTEP_REGRESS_SQL.");
  return site;
}

/** LOCKSTEP_REGRESS_SQL names a folder of scripts that is there already; otherwise apt-get fetches the source package. */
export function regressionScripts(major: number): Scripts {
  const given = process.env["LOCKSTEP_REGRESS_SQL"];
  const cache = join(tmpdir(), `lockstep-regress-${major}`);
  mkdirSync(cache, { recursive: true });
  const folder = given ?? join(cache, "sql");
  if (!existsSync(folder)) fetchInto(cache, major);
  const version = given === undefined ? readFileSync(join(cache, "version"), "utf8").trim() : given;
  return {
    version,
    cache,
    files: readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .sort()
      .map((name) => ({ name: basename(name, ".sql"), text: readFileSync(join(folder, name), "utf8") })),
  };
}

function fetchInto(cache: string, major: number): void {
  const work = join(cache, "work");
  rmSync(work, { recursive: true, force: true });
  for (const each of ["lists/partial", "archives/partial", "source"]) mkdirSync(join(work, each), { recursive: true });
  const run: Run = (program, args) =>
    execFileSync(program, args, { cwd: join(work, "source"), encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const site = mirror(run);
  writeFileSync(
    join(work, "sources.list"),
    SUITES.map((suite) => `deb-src [signed-by=${KEYS}] ${site} ${suite} main\n`).join(""),
  );
  const options = [
    `Dir::Etc::SourceList=${join(work, "sources.list")}`,
    "Dir::Etc::SourceParts=/dev/null",
    `Dir::State::Lists=${join(work, "lists")}`,
    `Dir::Cache=${work}`,
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  run("apt-get", [...options, "--quiet", "update"]);
  run("apt-get", [...options, "--quiet", "--download-only", "source", `postgresql-${major}`]);
  const archive = readdirSync(join(work, "source")).find((name) => name.includes(".orig.tar."));
  const description = readdirSync(join(work, "source")).find((name) => name.endsWith(".dsc"));
  if (archive === undefined) throw new Error(`Debian's source package postgresql-${major} has no original archive.`);
  run("tar", ["--extract", `--file=${archive}`, "--wildcards", "--strip-components=4", "*/src/test/regress/sql/*.sql"]);
  writeFileSync(join(cache, "version"), `${description?.replace(/\.dsc$/, "") ?? archive}\n`);
  renameSync(join(work, "source/sql"), join(cache, "sql"));
  rmSync(work, { recursive: true, force: true });
}
