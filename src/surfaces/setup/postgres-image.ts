import { readdirSync } from "node:fs";
import { join } from "node:path";
import { POSTGRES_VERSIONS } from "../../engine/config.ts";
import { read } from "./package-manager.ts";

export interface PostgresImage {
  /** Major version. */
  readonly version: (typeof POSTGRES_VERSIONS)[number];
  /** "postgres:16 in compose.yaml". */
  readonly because: string;
}

/** Images that are PostgreSQL: the official one, and those that add to it and name its version in their tags. */
const IMAGE =
  /\bimage:\s*["']?((?:[\w.-]+\/)*(?:postgres|postgresql|postgis|pgvector|timescaledb(?:-ha)?):(?:[\w.-]*?pg)?(\d{2})[\w.-]*)/g;

/**
 * The PostgreSQL that compose files and CI services of a project run: what is developed and tested with, which is not always what
 * production runs. With several, the oldest: what it can do, the others can.
 *
 * @param directories Absolute, nearest first.
 */
export function findPostgresImage(directories: readonly string[]): PostgresImage | undefined {
  const found: PostgresImage[] = [];
  for (const directory of directories) {
    const names = entries(directory).filter((name) =>
      /^(docker-)?compose[\w.-]*\.ya?ml$|^\.gitlab-ci\.yml$/.test(name),
    );
    names.push(
      ...entries(join(directory, ".devcontainer"))
        .filter((name) => /\.ya?ml$/.test(name))
        .map((name) => `.devcontainer/${name}`),
    );
    names.push(
      ...entries(join(directory, ".github", "workflows"))
        .filter((name) => /\.ya?ml$/.test(name))
        .map((name) => `.github/workflows/${name}`),
    );
    for (const name of names) {
      const text = (read(join(directory, name)) ?? "").replace(/^\s*#.*$/gm, "");
      for (const [, image = "", major] of text.matchAll(IMAGE)) {
        const version = POSTGRES_VERSIONS.find((each) => each === Number(major));
        if (version !== undefined) found.push({ version, because: `${image} in ${name}` });
      }
    }
    if (found.length > 0) break;
  }
  return found.sort((a, b) => a.version - b.version)[0];
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
