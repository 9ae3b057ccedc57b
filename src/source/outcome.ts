/** What the user can put right, as one sentence: what, where, what to do. It ends a run with exit code 2. */
export interface Failure {
  readonly ok: false;
  readonly message: string;
}

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

/** Expected failures are values; exceptions are left for bugs. */
export type Outcome<T> = Success<T> | Failure;

export function success<T>(value: T): Success<T> {
  return { ok: true, value };
}

export function failure(message: string): Failure {
  return { ok: false, message };
}
