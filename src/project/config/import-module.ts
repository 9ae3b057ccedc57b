/**
 * Imports a module of a project, by its URL. In a file that is never loaded from compiled code (see code-cache.ts): V8 11.3, that of
 * Node.js 20, forgets there how import() is done.
 */
export function importModule(url: string): Promise<unknown> {
  return import(url) as Promise<unknown>;
}
