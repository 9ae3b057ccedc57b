/** An element as a strict reader sees it: what is not well-formed XML 1.0 is an error. No comments, CDATA, DTDs or namespaces: reports have none. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** All text directly in it. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Without half a character. Node.js has it from 20 on, the types of ES2023 do not. */
export const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed();

const DECLARATION = /<\?xml version="1\.0" encoding="UTF-8"\?>\s*/y;
const TAG = /<([A-Za-z_][\w.-]*)((?:\s+[A-Za-z_][\w.-]*="[^"<]*")*)\s*(\/?)>/y;
const END_TAG = /<\/([^\s>]+)\s*>/y;
const TEXT = /[^<]*/y;
const END = /\s*$/y;

export function parseXml(source: string): Element {
  const forbidden = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/.exec(source);
  if (!isWellFormed(source)) throw new Error("half a character");
  if (forbidden) throw new Error(`a character that XML forbids at ${forbidden.index}`);
  let at = 0;
  /** `pattern` is sticky. */
  const expect = (pattern: RegExp): RegExpExecArray => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (!found) throw new Error(`${pattern.source} expected at ${at}: ${JSON.stringify(source.slice(at, at + 40))}`);
    at = pattern.lastIndex;
    return found;
  };
  const decoded = (raw: string): string =>
    !raw.includes("&")
      ? raw
      : raw.replace(/&([^;]*);?/g, (whole, name: string) => {
          const character = /^#\d+$/.test(name) ? String.fromCodePoint(Number(name.slice(1))) : ENTITIES[name];
          if (character === undefined || !whole.endsWith(";")) throw new Error(`no entity: ${whole}`);
          return character;
        });
  const element = (): Element => {
    const [, name = "", list = "", empty] = expect(TAG);
    const attributes: Record<string, string> = {};
    for (const [, key = "", value = ""] of list.matchAll(/\s+([^=\s]+)="([^"]*)"/g)) {
      if (Object.hasOwn(attributes, key)) throw new Error(`${key} is there twice in ${name}`);
      // As XML asks, white space in an attribute is a space unless it is written as a reference.
      attributes[key] = decoded(value.replace(/[\t\n\r]/g, " "));
    }
    const children: Element[] = [];
    let text = "";
    while (empty === "") {
      const [raw] = expect(TEXT);
      if (raw.includes("]]>")) throw new Error("]]> in text");
      text += decoded(raw.replace(/\r\n?/g, "\n"));
      if (source.startsWith("</", at)) {
        const [, closed] = expect(END_TAG);
        if (closed !== name) throw new Error(`${name} is closed as ${closed}`);
        break;
      }
      children.push(element());
    }
    return { name, attributes, children, text };
  };
  expect(DECLARATION);
  const root = element();
  expect(END);
  return root;
}
