import type { Problem } from './problem.ts';

/** The outcome of an operation that may fail in an expected way. Bugs are thrown instead. */
export type Result<T> = { readonly ok: true; readonly value: T } | Failure;

export type Failure = { readonly ok: false; readonly problem: Problem };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const fail = (problem: Problem): Failure => ({ ok: false, problem });
