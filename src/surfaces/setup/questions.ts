import { POSTGRES_VERSIONS } from "../../engine/config.ts";
import type { Part } from "./change.ts";

/** Each answer is undefined where the user gave up (Ctrl-C, Escape). */
export interface Questions {
  /** Major version; "unknown" where the user does not know. */
  postgres(
    found: { readonly version: number; readonly because: string } | undefined,
  ): Promise<number | "unknown" | undefined>;
  /** The branch that is deployed; "unknown" for none of them. */
  base(branches: readonly string[]): Promise<string | undefined>;
  /** Which of the files are to be written. */
  parts(
    parts: readonly { readonly part: Part; readonly label: string; readonly hint: string }[],
  ): Promise<readonly Part[] | undefined>;
}

/** Questions on the terminal of the process. */
export async function terminalQuestions(): Promise<Questions> {
  const { isCancel, multiselect, select } = await import("@clack/prompts");
  const given = <T>(answer: T): Exclude<T, symbol> | undefined =>
    isCancel(answer) ? undefined : (answer as Exclude<T, symbol>);
  return {
    async postgres(found) {
      const options = [
        ...[...POSTGRES_VERSIONS].reverse().map((version) => ({
          value: String(version),
          label: `PostgreSQL ${version}`,
          ...(found?.version === version && { hint: found.because }),
        })),
        { value: "unknown", label: "I do not know", hint: "17 is taken" },
      ];
      const answer = given(
        await select({
          message: "Which PostgreSQL does production run?",
          options,
          initialValue: found ? String(found.version) : "unknown",
        }),
      );
      return answer === undefined || answer === "unknown" ? answer : Number(answer);
    },
    async base(branches) {
      const options = [
        ...branches.map((name) => ({ value: name, label: name })),
        {
          value: "unknown",
          label: "none of them",
          hint: "all migrations are checked, each as a deployment of its own",
        },
      ];
      return given(
        await select({ message: "Which branch is deployed? Migrations that are not on it are pending.", options }),
      );
    },
    async parts(parts) {
      return given(
        await multiselect({
          message: "Write these? (space leaves one out)",
          options: parts.map(({ part, label, hint }) => ({ value: part, label, hint })),
          initialValues: parts.map(({ part }) => part),
          required: false,
        }),
      );
    },
  };
}
