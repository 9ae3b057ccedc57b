// Draws the icon of the extension: two stairs that climb in step. A PNG of 128 by 128 pixels, eight bits for each of R, G, B, A.
import { crc32, deflateSync } from "node:zlib";

const SIZE = 128;
const SAMPLES = 4;
const BACKGROUND = [29, 43, 58];
const UPPER = [255, 255, 255];
const LOWER = [88, 196, 168];
const ROUND = 24;
const STROKE = 6;

/** Corners of a stair, from its lower left end. */
const stair = (x, y) => [
  [x, y],
  [x + 24, y],
  [x + 24, y - 24],
  [x + 48, y - 24],
  [x + 48, y - 48],
  [x + 72, y - 48],
];

/** Distance of a point to a line through corners. */
function distance([x, y], corners) {
  let least = Infinity;
  for (const [at, [x1, y1]] of corners.slice(0, -1).entries()) {
    const [x2, y2] = corners[at + 1];
    const along = Math.max(
      0,
      Math.min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)),
    );
    least = Math.min(least, Math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1)));
  }
  return least;
}

function colour(x, y) {
  const outside = Math.hypot(
    Math.max(0, Math.abs(x - SIZE / 2) - SIZE / 2 + ROUND),
    Math.max(0, Math.abs(y - SIZE / 2) - SIZE / 2 + ROUND),
  );
  if (outside > ROUND) return undefined;
  if (distance([x, y], stair(24, 74)) <= STROKE) return UPPER;
  if (distance([x, y], stair(32, 102)) <= STROKE) return LOWER;
  return BACKGROUND;
}

/** The pixel at a column and row: the mean of its samples. */
function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let at = 0; at < SAMPLES ** 2; at++) {
    const found = colour(column + ((at % SAMPLES) + 0.5) / SAMPLES, row + (Math.floor(at / SAMPLES) + 0.5) / SAMPLES);
    if (found) for (const [channel, value] of [...found, 255].entries()) sum[channel] += value;
  }
  const covered = sum[3] / 255;
  return covered === 0
    ? sum
    : [sum[0] / covered, sum[1] / covered, sum[2] / covered, sum[3] / SAMPLES ** 2].map(Math.round);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

export function icon() {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0]);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  // Each row begins with the filter that it was written by: none.
  const rows = Array.from({ length: SIZE }, (_, row) => [
    0,
    ...Array.from({ length: SIZE }, (_, column) => pixel(column, row)).flat(),
  ]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.from(rows.flat()), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
