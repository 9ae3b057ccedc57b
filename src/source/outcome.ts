/** What the user can put right, as one sentence: what, where, what to do. It ends a run with exit code 2. */
export interface FailedOutcome {
  readonly ok: false;
  readonly message: string;
  /** What it is, for who goes on without. */
  readonly code?: FailureCode;
}

export type FailureCode =
  | "no git" // the program is not there
  | "no repository" // git knows of none at the place
  | "no work tree"; // the repository is bare

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

/** Expected failures are values; exceptions are left for bugs. */
export type Outcome<T> = Success<T> | FailedOutcome;

export function success<T>(value: T): Success<T> {
  return { ok: true, value };
}

export function failure(message: string, code?: FailureCode): FailedOutcome {
  return { ok: false, message, ...(code !== undefined && { code }) };
}
