/**
 * libpg-query's JSON: every node is `{ TypeOfNode: fields }`, fields that are zero, false or empty are left out.
 * Loosely typed on purpose, and only here: no other room sees these nodes.
 */
export type Raw = any;

/** Type and fields of a node: `[ "SelectStmt", {…} ]`. */
export function opened(node: Raw): readonly [string, Raw] {
  for (const type in node) return [type, node[type]];
  return ["", undefined];
}

export const list = (nodes: Raw): readonly Raw[] => (Array.isArray(nodes) ? nodes : []);

/** A String node's text; the empty string where libpg-query left it out. */
export const text = (node: Raw): string => node?.String?.sval ?? "";

export const texts = (nodes: Raw): string[] => list(nodes).map(text);
