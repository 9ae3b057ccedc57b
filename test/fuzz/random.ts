/** Numbers that are the same for the same seed. */
export interface Random {
  /** From 0 up to `below`. */
  below(below: number): number;
  pick<T>(items: readonly T[]): T;
  chance(of: number): boolean;
}

/** mulberry32, seeded by a run and the number of an input in it. */
export function random(run: number, input: number): Random {
  let state = (Math.imul(run + 1, 0x9e3779b1) ^ Math.imul(input + 1, 0x85ebca6b)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick<T>(items: readonly T[]): T {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("there is nothing to pick from");
      return item;
    },
    chance: (of) => next() < of,
  };
}
