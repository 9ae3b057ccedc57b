import type { ForeignKeyShape, TableShape } from "./shapes.ts";

/** Tables that point at each other in a circle, or one table. */
export interface Group {
  /** In an order in which as few required keys as possible point forwards. */
  readonly tables: readonly TableShape[];
  /** A row of the group may point at another row of it. */
  readonly inner: boolean;
  /** By table: keys that point at a table of the group that comes later. */
  readonly late: ReadonlyMap<string, readonly ForeignKeyShape[]>;
}

/** Groups in an order in which parents come before their children. */
export function fillingOrder(tables: readonly TableShape[]): readonly Group[] {
  const byId = new Map(tables.map((table) => [table.id, table]));
  const next = (table: TableShape): TableShape[] => table.keys.flatMap((key) => byId.get(key.parent) ?? []);
  return components(tables, next).map((members) => {
    const order = ordered(members);
    const place = new Map(order.map((table, i) => [table.id, i]));
    const late = new Map(
      order.map((table, i) => [table.id, table.keys.filter((key) => (place.get(key.parent) ?? -1) > i)]),
    );
    return { tables: order, inner: order.some((table) => table.keys.some((key) => place.has(key.parent))), late };
  });
}

/** Tarjan's strongly connected components, without recursion: what a component points at comes before it. */
function components(tables: readonly TableShape[], next: (table: TableShape) => readonly TableShape[]): TableShape[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: TableShape[] = [];
  const on = new Set<string>();
  const found: TableShape[][] = [];
  for (const root of tables) {
    if (index.has(root.id)) continue;
    const path: { readonly table: TableShape; readonly targets: readonly TableShape[]; at: number }[] = [];
    const open = (table: TableShape): void => {
      index.set(table.id, index.size);
      low.set(table.id, index.get(table.id)!);
      stack.push(table);
      on.add(table.id);
      path.push({ table, targets: next(table), at: 0 });
    };
    open(root);
    while (path.length > 0) {
      const top = path.at(-1)!;
      const target = top.targets[top.at++];
      if (target) {
        if (!index.has(target.id)) open(target);
        else if (on.has(target.id)) low.set(top.table.id, Math.min(low.get(top.table.id)!, index.get(target.id)!));
        continue;
      }
      path.pop();
      const { id } = top.table;
      const above = path.at(-1);
      if (above) low.set(above.table.id, Math.min(low.get(above.table.id)!, low.get(id)!));
      if (low.get(id) !== index.get(id)) continue;
      const members = stack.splice(stack.indexOf(top.table));
      for (const member of members) on.delete(member.id);
      found.push(members);
    }
  }
  return found;
}

function ordered(members: readonly TableShape[]): TableShape[] {
  const left = [...members];
  const order: TableShape[] = [];
  const required = (table: TableShape): number => {
    const needed = table.keys.filter((key) => key.parent !== table.id && left.some((each) => each.id === key.parent));
    const hard = needed.filter((key) =>
      key.columns.every((name) => table.columns.find((column) => column.name === name)?.required),
    );
    return hard.length * 1000 + needed.length;
  };
  while (left.length > 0) {
    const best = left.reduce((one, two) => (required(two) < required(one) ? two : one));
    order.push(...left.splice(left.indexOf(best), 1));
  }
  return order;
}
