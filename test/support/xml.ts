/** An element as a strict reader sees it: what is not well-formed XML 1.0 is an error. No comments, CDATA, DTDs or namespaces: reports have none. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** All text directly in it. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export function parseXml(source: string): Element {
  const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(source);
  if (forbidden) throw new Error(`a character that XML forbids at ${forbidden.index}`);
  let at = 0;
  const expect = (pattern: RegExp): RegExpExecArray => {
    const sticky = new RegExp(pattern.source, "yu");
    sticky.lastIndex = at;
    const found = sticky.exec(source);
    if (!found) throw new Error(`${pattern.source} expected at ${at}: ${JSON.stringify(source.slice(at, at + 40))}`);
    at = sticky.lastIndex;
    return found;
  };
  const decoded = (raw: string): string =>
    raw.replace(/&([^;]*);?/g, (whole, name: string) => {
      const character = /^#\d+$/.test(name) ? String.fromCodePoint(Number(name.slice(1))) : ENTITIES[name];
      if (character === undefined || !whole.endsWith(";")) throw new Error(`no entity: ${whole}`);
      return character;
    });
  const element = (): Element => {
    const [, name = "", list = "", empty] = expect(/<([A-Za-z_][\w.-]*)((?:\s+[A-Za-z_][\w.-]*="[^"<]*")*)\s*(\/?)>/);
    const attributes: Record<string, string> = {};
    for (const [, key = "", value = ""] of list.matchAll(/\s+([^=\s]+)="([^"]*)"/g)) {
      if (Object.hasOwn(attributes, key)) throw new Error(`${key} is there twice in ${name}`);
      // As XML asks, white space in an attribute is a space unless it is written as a reference.
      attributes[key] = decoded(value.replace(/[\t\n\r]/g, " "));
    }
    const children: Element[] = [];
    let text = "";
    while (empty === "") {
      const [raw] = expect(/[^<]*/);
      if (raw.includes("]]>")) throw new Error("]]> in text");
      text += decoded(raw.replace(/\r\n?/g, "\n"));
      if (source.startsWith("</", at)) {
        const [, closed] = expect(/<\/([^\s>]+)\s*>/);
        if (closed !== name) throw new Error(`${name} is closed as ${closed}`);
        break;
      }
      children.push(element());
    }
    return { name, attributes, children, text };
  };
  expect(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/);
  const root = element();
  expect(/\s*$/);
  return root;
}
