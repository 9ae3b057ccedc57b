import { dirname, join, relative, sep } from "node:path";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { covers } from "../../engine/glob.ts";
import type { Environment } from "../../evidence/git/base.ts";
import type { Buffers } from "../../source/disk/sources.ts";
import { gitRoot } from "../../source/git/repository.ts";
import type { Overrides } from "../../project/overrides.ts";
import { migrationsDirectoryOf, pathOf } from "./places.ts";
import { type LoadedProject, nearestConfig, type ProjectPlace } from "./loaded-project.ts";
import { type WatchedProject, watchProject } from "./project.ts";

export interface OpenDocuments {
  all(): TextDocument[];
}

export interface WorkspaceSurroundings {
  readonly env: Environment;
  readonly documents: OpenDocuments;
  flags(): Overrides;
  untitled(): boolean;
}

/** The projects of what is open, each read once. */
export interface Workspace {
  /** Absolute. */
  folders: readonly string[];
  /** Whether what it brings along is run; set before the first question. */
  trusted: boolean;
  /** Who judges the document, under which path; undefined where it is no migration. */
  of(
    document: Pick<TextDocument, "uri" | "languageId">,
  ): Promise<{ readonly project: WatchedProject; readonly path: string } | undefined>;
  /** By absolute path, of all open documents that may be migrations. */
  buffers(): Buffers;
  projects(): Iterable<WatchedProject>;
  /** Configurations that are wrong, by absolute path. */
  broken(): ReadonlyMap<string, NonNullable<LoadedProject["broken"]>>;
  /** Everything is read again at the next question. */
  changed(): void;
}

const SQL = new Set(["sql", "postgres", "postgresql", "pgsql", "plpgsql"]);

export function openWorkspace({ env, documents, flags, untitled }: WorkspaceSurroundings): Workspace {
  const projects = new Map<string, WatchedProject>();
  /** SQL files outside of Prisma's layout, and whether the configuration names them. */
  const loose = new Map<string, boolean>();
  const workspace: Workspace = {
    folders: [],
    trusted: true,
    async of({ uri, languageId }) {
      const path = documentPath(uri, languageId);
      if (path === undefined) return undefined;
      const directory = pathOf(uri) === undefined ? undefined : migrationsDirectoryOf(path);
      if (directory === undefined && pathOf(uri) !== undefined && !(await named(path))) return undefined;
      const place: ProjectPlace = {
        path: directory ?? path,
        kind: directory === undefined ? "file" : "directory",
        folder: folderOf(directory ?? dirname(path)),
        trusted: workspace.trusted,
      };
      let project = projects.get(place.path);
      if (!project)
        projects.set(place.path, (project = watchProject(place, { env, flags, buffers: workspace.buffers })));
      return { project, path };
    },
    buffers() {
      return new Map(
        documents.all().flatMap((document) => {
          const path = documentPath(document.uri, document.languageId);
          return path === undefined ? [] : [[path, document.getText()] as const];
        }),
      );
    },
    projects: () => projects.values(),
    broken: () =>
      new Map(
        [...projects.values()].flatMap((project) => {
          const broken = project.broken();
          return broken?.path === undefined ? [] : [[broken.path, broken] as const];
        }),
      ),
    changed() {
      loose.clear();
      const open = workspace.buffers();
      for (const [path, project] of projects) {
        // What nobody looks at any more is not kept.
        if ([...open.keys()].some((each) => each === path || dirname(dirname(each)) === path)) project.changed();
        else projects.delete(path);
      }
    },
  };

  /** A path for every document that may be checked; what has no file gets one that no file has. */
  const documentPath = (uri: string, languageId: string): string | undefined => {
    const path = pathOf(uri);
    if (path !== undefined) return path.toLowerCase().endsWith(".sql") ? path : undefined;
    if (!uri.startsWith("untitled:") || !untitled() || !SQL.has(languageId)) return undefined;
    return join(workspace.folders[0] ?? process.cwd(), `${uri.replace(/[^A-Za-z0-9-]+/g, "-")}.sql`);
  };

  const folderOf = (directory: string): string => {
    const around = workspace.folders
      .filter((folder) => directory === folder || directory.startsWith(folder + sep))
      .sort((a, b) => b.length - a.length);
    return around[0] ?? gitRoot(directory) ?? dirname(directory);
  };

  const named = async (path: string): Promise<boolean> => {
    const known = loose.get(path);
    if (known !== undefined) return known;
    const loaded = await nearestConfig(
      { path, kind: "file", folder: folderOf(dirname(path)), trusted: workspace.trusted },
      flags().config,
    );
    const found =
      loaded.ok &&
      (loaded.config.migrations ?? []).some((pattern) =>
        covers(pattern, relative(loaded.directory, path).split(sep).join("/")),
      );
    loose.set(path, found);
    return found;
  };
  return workspace;
}
