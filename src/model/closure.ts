/** Everything that can be reached from something, itself first and each once: a walk over a catalog ends, whatever circles there are. */
export function closure<T>(from: T, next: (each: T) => Iterable<T>): T[] {
  const found = new Set([from]);
  // What is added while the set is walked is walked too.
  for (const each of found) for (const other of next(each)) found.add(other);
  return [...found];
}
