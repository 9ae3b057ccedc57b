import type { Environment } from "../evidence/git/base.ts";
import type { Buffers } from "../source/disk/sources.ts";
import type { Reader } from "../sql/statement.ts";
import type { LoadedConfig } from "./config/file.ts";
import type { Look } from "./io.ts";

/** What is around a project, apart from its files. */
export interface World {
  readonly environment: Environment;
  /** The time of the run: without it nothing is too old. */
  readonly now?: Date;
  /** In place of the configuration that is found: one that was read already, or that is yet to be written. */
  readonly configuration?: LoadedConfig;
  /** Unsaved texts over those on disk. */
  readonly buffers?: Buffers;
  /** False: the branches are not compared, since nobody judges what is opened. */
  readonly compares?: boolean;
  /** How texts that were read are kept: each of them for good, unless given. */
  readonly keeping?: (reader: Reader) => Reader;
  /** How mistakes in a configuration are shown. */
  readonly look?: Look;
}
