/**
 * Faults on purpose, for tests: what networks and servers do to clients, when a test wants it. There is no door to
 * them in HTTP. A test that runs the server in its own process calls `server.faults.set(rules)`; one that runs the
 * sandbox's process sends that process `{ type: 'faults', rules, seed }` and waits for `{ type: 'faults-set' }`, which
 * its parent alone can do.
 *
 *     { operation: 'PutObject', times: 3, fault: { kind: 'answer', status: 503, code: 'SlowDown' } }     the next three
 *     { rate: 0.1, fault: { kind: 'answer', status: 503, code: 'SlowDown' } }                         one in ten, by seed
 *     { allowedPerSecond: 2000, fault: { kind: 'answer', status: 503, code: 'SlowDown' } }            a limit of requests
 *     { fault: { kind: 'delay', milliseconds: 30 } }                                                  latency
 *     { operation: 'PutObject', skip: 2, times: 1, fault: { kind: 'reset', at: 'before-answer' } }    done, but nobody hears
 *     { operation: 'ListObjectsV2', page: 2, fault: { kind: 'repeat-page' } }                         page 1 again
 *     { operation: 'GetObject', key: 'big/', fault: { kind: 'trickle', bytes: 100, milliseconds: 5 } }
 */
export interface FaultRule {
  /** S3's name of it; any where none is given. */
  readonly operation?: string;
  /** What the key, or a listing's prefix, starts with. */
  readonly key?: string;
  /** Of a listing, from 1. Listings with the same parameters that run at once are counted as one. */
  readonly page?: number;
  /** So many requests that fit are left alone first. Default 0. */
  readonly skip?: number;
  /** So many are hit then. Default all. */
  readonly times?: number;
  /** So many of those that fit are left alone each second, counted anew from its start. */
  readonly allowedPerSecond?: number;
  /** Share of those that are hit, 0 to 1; which ones depends on the seed and the order alone. Default 1. */
  readonly rate?: number;
  readonly fault: Fault;
}

export type Fault =
  /** Before anything is done. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'reset'; readonly at: ResetPoint }
  /** The answer's body comes by so many bytes, with a pause between. */
  | { readonly kind: 'trickle'; readonly bytes: number; readonly milliseconds: number }
  | ({ readonly kind: 'answer' } & WrongAnswer)
  /** The listing's document ends in its middle, as if that were all of it. */
  | { readonly kind: 'cut-page' }
  /** The page before this one is answered again, with its token. */
  | { readonly kind: 'repeat-page' };

export type ResetPoint =
  /** Nothing of the body was read, nothing done. */
  | 'request-head'
  /** In the middle of the request's body; nothing done. */
  | 'request-body'
  /** Done, and not a byte answered. */
  | 'before-answer'
  /** In the middle of the answer's body. */
  | 'answer-body'
  /** Closed behind the last byte, without a word of it in the answer: whoever keeps the connection finds it dead. */
  | 'after-answer';

/** Something else than what the operation would answer. */
export interface WrongAnswer {
  readonly status: number;
  /** Makes an error document of S3's form. */
  readonly code?: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of an error document. */
  readonly body?: string;
  /** The operation is done all the same. Default false. */
  readonly done?: boolean;
}

/** What befalls one request; of each kind the first rule that hits. */
export interface FaultPlan {
  readonly delay: number | null;
  readonly reset: ResetPoint | null;
  readonly trickle: { readonly bytes: number; readonly milliseconds: number } | null;
  readonly answer: WrongAnswer | null;
  readonly page: 'cut-page' | 'repeat-page' | null;
}

export const NO_FAULTS: FaultPlan = { delay: null, reset: null, trickle: null, answer: null, page: null };
