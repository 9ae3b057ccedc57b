import type { Range } from "../../source/text.ts";
import type { Body } from "../operation/place.ts";
import { type Piece, type Span, tokenAt } from "../piece.ts";
import type { Raw } from "./node.ts";
import { type Token, tokenize } from "../tokens.ts";
import { unitsOfBytes } from "./bytes.ts";
import type { Operation } from "../operation/index.ts";

/** A piece whose places libpg-query reports in bytes. */
export interface ParsedPiece extends Piece {
  /** UTF-16 offset in `text` of a byte offset that libpg-query reported. */
  readonly units: (byte: number) => number;
}

/** The operations of one statement. */
export type ReadStatement = (piece: ParsedPiece, node: Raw, span: Span) => Operation[];

export function piece(
  text: string,
  shift: number,
  more: { tokens?: readonly Token[]; fixed?: Range; body?: Body } = {},
): ParsedPiece {
  const tokens = (more.tokens ?? tokenize(text)).filter((token) => token.kind !== "comment");
  return {
    text,
    tokens,
    units: unitsOfBytes(text),
    shift,
    fixed: more.fixed,
    body: more.body,
  };
}

export const tokenAtByte = (piece: ParsedPiece, byte: number | undefined): number =>
  tokenAt(piece, piece.units(byte ?? 0));

export type On = { readonly range: Operation["range"] };
