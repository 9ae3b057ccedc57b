import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * The folder for what can be made again: LOCKSTEP_CACHE_DIR, or what the platform has for it. Throws where the system knows no home.
 * https://specifications.freedesktop.org/basedir-spec/latest/ (a relative XDG_CACHE_HOME is to be ignored)
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const { LOCKSTEP_CACHE_DIR: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (own) return resolve(own);
  if (platform === "win32") return join(local || join(home, "AppData", "Local"), "lockstep", "Cache");
  if (xdg && isAbsolute(xdg)) return join(xdg, "lockstep");
  return platform === "darwin" ? join(home, "Library", "Caches", "lockstep") : join(home, ".cache", "lockstep");
}
