import { basename } from "node:path";
import { listed } from "../../words.ts";
import type { WatchedProject } from "./project.ts";

/** Says which plugins are not loaded since the workspace is not trusted: once for each configuration. */
export function pluginTeller(tell: (message: string) => void): (projects: Iterable<WatchedProject>) => void {
  const told = new Set<string>();
  return (projects) => {
    for (const { path, plugins } of [...projects].flatMap((each) => each.loaded()?.untrusted ?? [])) {
      if (told.has(path)) continue;
      told.add(path);
      tell(
        `${basename(path)} names plugins (${listed(plugins)}), which are not loaded in a workspace that is not trusted: their rules do not run here.`,
      );
    }
  };
}
