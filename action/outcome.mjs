/**
 * @template T
 * @typedef {{ readonly ok: true, readonly value: T } | { readonly ok: false, readonly message: string }} Outcome
 * What may fail through no bug of ours: the value, or one sentence that says what, where and what to do.
 */

/** @template T @param {T} value @returns {{ readonly ok: true, readonly value: T }} */
export const success = (value) => ({ ok: true, value });

/** @param {string} message @returns {{ readonly ok: false, readonly message: string }} */
export const failure = (message) => ({ ok: false, message });
