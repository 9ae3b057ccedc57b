import { InvalidArgumentError, Option } from "commander";

const REPEATABLE = new WeakSet<Option>();

/** An option that may be given again; `add` puts the value to those before it. */
export function repeatable<T>(
  flags: string,
  description: string,
  add: (value: string, before: T | undefined) => T,
): Option {
  const option = new Option(flags, `${description}; repeatable`).argParser(add);
  REPEATABLE.add(option);
  return option;
}

export const isRepeatable = (option: Option): boolean => REPEATABLE.has(option);

/** A whole number. */
export function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("Give a whole number from 0.");
  return Number(value);
}

/** Each time that the option is given adds one. */
export const several = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** "json=FILE", with one of `formats`; `example` is a name for such a file. */
export function formatFile<Format extends string>(formats: readonly Format[], example: string) {
  return (value: string, before: readonly [Format, string][] | undefined): readonly [Format, string][] => {
    const [, name, file] = /^([^=]+)=(.+)$/.exec(value) ?? [];
    const format = formats.find((each) => each === name);
    if (format === undefined || file === undefined)
      throw new InvalidArgumentError(
        `Write a format (${formats.join(", ")}), = and a file: --output-file json=${example}.`,
      );
    return [...(before ?? []), [format, file]];
  };
}
