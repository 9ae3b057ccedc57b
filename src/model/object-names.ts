const BYTES = 63;
const bytes = (text: string) => new TextEncoder().encode(text).length;

/** makeObjectName() of PostgreSQL: table, addition and label within 63 bytes, the longer part cut first. */
export function objectName(first: string, addition: string, label: string): string {
  const overhead = bytes(label) + 1 + (addition === "" ? 0 : 1);
  let one = first;
  let two = addition;
  while (bytes(one) + bytes(two) + overhead > BYTES) {
    if (bytes(one) > bytes(two)) one = [...one].slice(0, -1).join("");
    else two = [...two].slice(0, -1).join("");
  }
  return [one, ...(addition === "" ? [] : [two]), label].join("_");
}
