interface Piece {
  /** As a path from the root: "rules/locking/table-rewrite.md". */
  readonly path: (name: string) => string;
  /** What to do where it is missing, as a clause. */
  readonly add: string;
  /** What to do where nothing asks for it, as a clause. */
  readonly drop: string;
}

/** A sentence for each piece that is missing, and for each that nothing asks for. */
export function pieceProblems(wanted: readonly string[], there: readonly string[], piece: Piece): readonly string[] {
  return [
    ...wanted.filter((name) => !there.includes(name)).map((name) => `${piece.path(name)} is missing: ${piece.add}`),
    ...there
      .filter((name) => !wanted.includes(name))
      .map((name) => `${piece.path(name)} is there for nothing: ${piece.drop}`),
  ];
}
