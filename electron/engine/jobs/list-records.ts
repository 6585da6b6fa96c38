import type { JobOutcome } from '../../../shared/job.ts';
import type { KeyPage } from '../index/protocol.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { hasCode } from '../records/write-failures.ts';
import type { Journal, JobRecord } from './journal/journal.ts';
import { readOutcomes } from './journal/scan-journal.ts';
import type { Journals } from './journal/journals.ts';

/** Records in one frame. */
const FRAME_RECORDS = 1_000;
/** HEADs at once. */
const LOOKERS = 64;

/** Writes the records of a job into its journal; answers how many there are, and where they end. */
export async function writeRecordList(
  journal: Journal,
  pages: AsyncIterable<KeyPage>,
  signal: AbortSignal,
): Promise<{ readonly total: number; readonly recordsEnd: number }> {
  let total = 0;
  for await (const { keys, etags, etagsThere, into } of pages) {
    signal.throwIfAborted();
    for (let from = 0; from < keys.length; from += FRAME_RECORDS) {
      const end = from + FRAME_RECORDS;
      const frame = { keys: keys.slice(from, end), etags: etags.slice(from, end) };
      const there = etagsThere === undefined ? {} : { etagsThere: etagsThere.slice(from, end) };
      const classes = into === undefined ? {} : { into: into.slice(from, end) };
      await journal.writeRecords({ from: total, ...frame, ...there, ...classes });
      total += frame.keys.length;
    }
  }
  return { total, recordsEnd: journal.file.size };
}

/** The same record named twice is one record. */
export async function* pickedRecords(
  records: readonly Pick<JobRecord, 'key' | 'etag'>[],
): AsyncGenerator<KeyPage, void, undefined> {
  const byKey = new Map(records.map(({ key, etag }) => [key, etag]));
  yield { keys: [...byKey.keys()], etags: [...byKey.values()] };
}

/** The records that failed in another job, with their ETags of now: who tries again has seen what is there. */
export async function* failedRecords(
  journals: Journals,
  job: string,
  client: S3Client,
  bucket: string,
  signal: AbortSignal,
): AsyncGenerator<KeyPage, void, undefined> {
  for (let from: number | null = 0; from !== null;) {
    const position: number = from;
    const page = await journals.read(job, (file) => readOutcomes(file, position, true, FRAME_RECORDS));
    for (let first = 0; first < page.outcomes.length; first += LOOKERS) {
      const failed = page.outcomes.slice(first, first + LOOKERS);
      const etags = await Promise.all(failed.map((outcome) => etagOfNow(outcome, client, bucket, signal)));
      yield { keys: failed.map(({ key }) => key), etags, into: failed.map(({ into }) => into ?? null) };
    }
    from = page.next;
  }
}

/** What is gone or closed to us keeps its old ETag: the job itself says what that means for it. */
async function etagOfNow(
  { key, etagBefore }: JobOutcome,
  client: S3Client,
  bucket: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    return (await client.headObject(bucket, key, { lane: 'bulk', signal })).etag;
  } catch (error) {
    if (!hasCode(error, 'record-not-found', 'access-denied')) throw error;
    return etagBefore ?? '';
  }
}
