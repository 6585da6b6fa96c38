import type { EndedTry } from '../../../electron/engine/s3/request-log.ts';
import type { AnswerHeaders } from '../../../electron/engine/s3/object-headers.ts';

export interface TryFacts {
  readonly number?: number;
  readonly attempt?: number;
  readonly operation?: string;
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly key?: string | null;
  readonly path?: string;
  readonly sent?: Record<string, string>;
  readonly received?: AnswerHeaders;
  readonly body?: Uint8Array | null;
  readonly status?: number | null;
  readonly error?: EndedTry['error'];
  readonly triedAgain?: boolean;
  readonly connection?: string;
}

/** A try of a GET of `records/a.json` that succeeded, but for what a test says otherwise. */
export function endedTry(facts: TryFacts = {}): EndedTry {
  const key = facts.key === undefined ? 'a.json' : facts.key;
  return {
    number: facts.number ?? 1,
    attempt: facts.attempt ?? 1,
    context: {
      connection: facts.connection ?? 'Lab',
      endpoint: 'http://127.0.0.1:9000',
      region: 'us-east-1',
      proxy: null,
      clockOffset: 0,
      operation: facts.operation ?? 'GetObject',
      bucket: 'records',
      key,
      source: null,
      condition: null,
      withTags: false,
    },
    request: {
      method: facts.method ?? 'GET',
      origin: 'http://127.0.0.1:9000',
      path: facts.path ?? `/records/${key ?? ''}`,
      headers: facts.sent ?? {},
      body: facts.body ?? null,
    },
    trace: {
      started: 1_795_591_482_000,
      startedAt: 1_000,
      sentAt: 1_000,
      firstByteAt: 1_004,
      endedAt: 1_006.5,
      status: facts.status === undefined ? 200 : facts.status,
      headers: facts.received ?? {},
      bytesDown: 300,
    },
    lane: 'bulk',
    collection: 'movies',
    error: facts.error ?? null,
    triedAgain: facts.triedAgain ?? false,
  };
}
