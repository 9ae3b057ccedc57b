const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;
export type Paint = (style: Style | readonly Style[], text: string) => string;

/** Puts ANSI styles around a text, or leaves it alone where colours are off. */
export function painter(color: boolean): Paint {
  if (!color) return (_, text) => text;
  return (style, text) => {
    if (text === "") return text;
    const styles = typeof style === "string" ? [style] : style;
    return styles.reduce((inner, name) => `\u001b[${CODES[name][0]}m${inner}\u001b[${CODES[name][1]}m`, text);
  };
}
