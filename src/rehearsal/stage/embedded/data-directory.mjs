// A data directory as one piece of memory. As a tar file it is 31 MB, of which two thirds are copies (template0, template1) and zeros.
import { crc32 } from "node:zlib";

/**
 * Packs the files under `root` of an Emscripten file system in memory: the length of the index (uint32), the index as JSON, contents.
 * Equal contents are stored once, zeros at the end not at all.
 */
export function pack(FS, root) {
  const directories = [];
  const files = [];
  const contents = [];
  const known = new Map();
  let length = 0;
  const store = (content) => {
    const sum = crc32(content);
    const same = (known.get(sum) ?? []).find(({ content: other }) => Buffer.compare(other, content) === 0);
    if (same) return same.at;
    const stored = { content, at: length };
    known.set(sum, [...(known.get(sum) ?? []), stored]);
    contents.push(content);
    length += content.length;
    return stored.at;
  };
  const walk = (path) => {
    for (const name of FS.readdir(path)) {
      if (name === "." || name === "..") continue;
      const { node } = FS.lookupPath(`${path}/${name}`);
      const inside = `${path}/${name}`.slice(root.length);
      if (FS.isDir(node.mode)) {
        directories.push([inside, node.mode & 0o777]);
        walk(`${path}/${name}`);
      } else {
        const content = node.contents
          ? new Uint8Array(node.contents.buffer, node.contents.byteOffset, node.usedBytes)
          : new Uint8Array();
        const kept = content.subarray(0, endOfData(content));
        files.push([inside, node.mode & 0o777, content.length, store(kept), kept.length]);
      }
    }
  };
  walk(root);
  const index = Buffer.from(JSON.stringify({ directories, files }));
  const packed = new Uint8Array(4 + index.length + length);
  new DataView(packed.buffer).setUint32(0, index.length);
  packed.set(index, 4);
  let at = 4 + index.length;
  for (const content of contents) {
    packed.set(content, at);
    at += content.length;
  }
  return packed;
}

/** Makes the files of a packed data directory under `root`. Takes `packed` over: files are written to in it. */
export function unpack(FS, root, packed) {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  const { directories, files } = JSON.parse(Buffer.from(packed.buffer, packed.byteOffset + 4, length).toString());
  const start = 4 + length;
  FS.mkdirTree(root, 0o700);
  for (const [path, mode] of directories) FS.mkdir(root + path, mode);
  const taken = new Set();
  for (const [path, mode, size, at, stored] of files) {
    const content = packed.subarray(start + at, start + at + stored);
    const own = stored === size && !taken.has(at);
    taken.add(at);
    FS.writeFile(root + path, own ? content : padded(content, size), { canOwn: true, mode });
  }
}

function padded(content, size) {
  const whole = new Uint8Array(size);
  whole.set(content);
  return whole;
}

function endOfData(content) {
  let end = content.length;
  while (end > 0 && content[end - 1] === 0) end--;
  return end;
}
