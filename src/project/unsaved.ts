import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Buffers, folderNames } from "../source/disk/sources.ts";
import { gitRoot } from "../source/git/repository.ts";
import type { History } from "../source/history.ts";
import { DOWN_FILE, looseHistory, MIGRATION_FILE, prismaHistory } from "../source/layout.ts";
import { success } from "../source/outcome.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type Inputs, POSTGRES, prismaEvidence } from "./inputs.ts";

/**
 * The inputs of nothing but unsaved texts, where the disk has none of it yet: of a migrations directory or of one file, which `path`
 * (absolute) is. Undefined where something is there, which is not to be passed over because it cannot be read.
 */
export function unsavedInputs(
  cwd: string,
  path: string,
  buffers: Buffers,
  known: Partial<Pick<Evidence, "execution" | "postgres">>,
): Inputs | undefined {
  const history = buffers.has(path) ? unsavedFile(cwd, path, buffers) : unsavedDirectory(cwd, path, buffers);
  if (!history) return undefined;
  return {
    histories: [history],
    evidence: { ...prismaEvidence(cwd, [path], known.execution), postgres: known.postgres ?? POSTGRES },
    // One file by itself is pending, as it is where it was saved and named.
    each: history.layout === "prisma",
    gitRoot: gitRoot(dirname(path)),
  };
}

const shown = (cwd: string, path: string): string => path.slice(cwd.length + 1).replaceAll("\\", "/");

function unsavedFile(cwd: string, path: string, buffers: Buffers): History | undefined {
  const text = buffers.get(path);
  if (existsSync(path) || text === undefined) return undefined;
  return looseHistory([{ path: shown(cwd, path), text }], () => "pending");
}

function unsavedDirectory(cwd: string, path: string, buffers: Buffers): History | undefined {
  const names = folderNames(path, path);
  if (names.ok && names.value.some((name) => existsSync(join(path, name, MIGRATION_FILE)))) return undefined;
  const inside = [...buffers]
    .filter(([file]) => dirname(dirname(file)) === path)
    .map(([file, text]) => ({ folder: dirname(file), path: file, text }));
  if (inside.length === 0) return undefined;
  const folders = [...new Set(inside.map(({ folder }) => folder))].sort();
  const listing = {
    root: shown(cwd, path),
    folders: folders.map((folder) => {
      const source = (name: string) => inside.find((each) => each.path === resolve(folder, name));
      const [up, down] = [source(MIGRATION_FILE), source(DOWN_FILE)];
      const read = (file: { readonly path: string; readonly text: string }) => () =>
        success({ path: shown(cwd, file.path), text: file.text });
      return {
        id: folder.slice(path.length + 1),
        ...(up && { up: read(up) }),
        ...(down && { down: read(down) }),
      };
    }),
  };
  const history = prismaHistory(listing, () => "pending");
  return history.ok ? history.value : undefined;
}
