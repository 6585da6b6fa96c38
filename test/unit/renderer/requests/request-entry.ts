import type { RequestEntry } from '../../../../shared/request-log.ts';

/** A GET that succeeded, but for what a test says otherwise. */
export function requestEntry(facts: Partial<RequestEntry> = {}): RequestEntry {
  return {
    sequence: 1,
    request: facts.sequence ?? 1,
    attempt: 1,
    triedAgain: false,
    started: 1_795_591_482_000,
    milliseconds: 6.5,
    firstByteMilliseconds: 4,
    connection: 'Lab',
    region: 'eu-west-1',
    collection: null,
    lane: 'interactive',
    operation: 'GetObject',
    method: 'GET',
    origin: 'https://s3.eu-west-1.amazonaws.com',
    path: '/records/a.json',
    bucket: 'records',
    key: 'a.json',
    status: 200,
    failure: null,
    s3Code: null,
    bytesUp: 0,
    bytesDown: 300,
    requestId: 'R1',
    sentHeaders: [],
    receivedHeaders: [],
    ...facts,
  };
}
