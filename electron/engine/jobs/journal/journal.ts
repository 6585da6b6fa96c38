import type { CodecName } from '../../../../shared/collection.ts';
import type { JobCounts, JobKind, JobOutcome, JobState, JobTasks } from '../../../../shared/job.ts';
import type { AppError } from '../../../../shared/result.ts';
import { isVersion } from '../../records/before-image.ts';
import type { WriteIntent } from '../../records/write-intent.ts';
import { encodeFrame, FRAME, type FrameKind } from './frame.ts';
import { FrameReader, type Frame } from './frame-reader.ts';
import type { JournalFile } from './journal-file.ts';

export const JOURNAL_FORMAT = 1;

/** What a job is to do, apart from its records. */
export interface JournalHeader {
  readonly format: typeof JOURNAL_FORMAT;
  readonly id: string;
  readonly work: JobWork;
  readonly collection: string;
  readonly collectionName: string;
  /** Where the collection was when the job was started: the job is for nowhere else. */
  readonly place: JobPlace;
  /** Another collection that it writes to; left out where there is none. */
  readonly to?: JobDestination;
  /** The job whose failed rows this one tries again; left out where there is none. */
  readonly retries?: string;
  readonly createdAt: number;
}

export interface JobDestination {
  readonly collection: string;
  readonly name: string;
  readonly place: JobPlace;
}

/** A task without its records, which are frames of their own. */
export type JobWork = { readonly [K in JobKind]: WorkOf<K> }[JobKind];

export type WorkOf<K extends JobKind> = { readonly kind: K } & Omit<JobTasks[K], 'records'>;

export interface JobPlace {
  readonly connection: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly codec: CodecName;
}

/** How a job stands: the content of a state frame. */
export interface JobStanding {
  readonly state: JobState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly counts: JobCounts;
  readonly requests: number;
  readonly bytes: number;
  readonly error: AppError | null;
  /** Where the records end in the journal; null while they are being listed. */
  readonly recordsEnd: number | null;
}

export interface JobRecord {
  /** Its position in the job. */
  readonly index: number;
  readonly key: string;
  readonly etag: string;
  /** Of the record of the same name in another collection, as it was compared; null where there was none. */
  readonly etagThere?: string | null;
  /** The class that a rule says it goes into. */
  readonly into?: string;
}

/** Records by columns; `from` is the position of the first one in the job. */
export interface RecordsFrame {
  readonly from: number;
  readonly keys: readonly string[];
  readonly etags: readonly string[];
  readonly etagsThere?: readonly (string | null)[];
  readonly into?: readonly (string | null)[];
}

export interface OutcomesFrame {
  /** Of the job so far. */
  readonly requests: number;
  readonly bytes: number;
  readonly outcomes: readonly JobOutcome[];
}

/** `before`: its body is in the frame behind the JSON, `bodyBytes` long; null where it is not. */
export type JournalledIntent = Omit<WriteIntent, 'before'> & {
  readonly before: (Omit<NonNullable<WriteIntent['before']>, 'body'> & { readonly bodyBytes: number | null }) | null;
};

const RECORDS: ReadonlySet<FrameKind> = new Set([FRAME.records]);

/** The journal of one job, open for writing. Resolves each time when a crash of the process cannot take it any more. */
export class Journal {
  readonly file: JournalFile;
  /** False where what records held before must not be kept. */
  readonly #keepsBodies: boolean;

  constructor(file: JournalFile, keepsBodies: boolean) {
    this.file = file;
    this.#keepsBodies = keepsBodies;
  }

  async writeHeader(header: JournalHeader): Promise<void> {
    await this.file.append(encodeFrame(FRAME.header, header));
  }

  async writeStanding(standing: JobStanding): Promise<void> {
    await this.file.append(encodeFrame(FRAME.state, standing));
  }

  /** How far a kind has got that does not go by a list of records: what its next run begins with, as JSON. */
  async writeCheckpoint(checkpoint: unknown): Promise<void> {
    await this.file.append(encodeFrame(FRAME.checkpoint, checkpoint));
  }

  async writeRecords(frame: RecordsFrame): Promise<void> {
    await this.file.append(encodeFrame(FRAME.records, frame));
  }

  async writeIntents(intents: readonly WriteIntent[]): Promise<void> {
    const bodies: Uint8Array[] = [];
    const content = intents.map((intent): JournalledIntent => {
      if (intent.before === null) return { ...intent, before: null };
      const { body, facts, tags } = intent.before;
      const isKept = this.#keepsBodies && body !== null && !isVersion(facts);
      if (isKept) bodies.push(body);
      return { ...intent, before: { facts, tags, bodyBytes: isKept ? body.byteLength : null } };
    });
    await this.file.append(encodeFrame(FRAME.intents, content, bodies));
  }

  async writeOutcomes(frame: OutcomesFrame): Promise<void> {
    const { outcomes, ...spent } = frame;
    const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
    const others = outcomes.filter(({ outcome }) => outcome !== 'failed');
    const parts: Uint8Array[] = [];
    if (others.length > 0) parts.push(...encodeFrame(FRAME.outcomes, { ...spent, outcomes: others }));
    if (failed.length > 0) parts.push(...encodeFrame(FRAME.failures, { ...spent, outcomes: failed }));
    if (parts.length > 0) await this.file.append(parts);
  }

  /** The records of the job in their order, with their positions. */
  async *records(end: number): AsyncGenerator<JobRecord, void, undefined> {
    const reader = new FrameReader(this.file);
    while (reader.position < end) {
      const frame = await reader.next(RECORDS);
      if (frame === null) return;
      if (frame.kind !== FRAME.records) continue;
      const { from, keys, etags, etagsThere, into: classes } = contentOf(FRAME.records, frame);
      for (const [row, key] of keys.entries()) {
        const into = classes?.[row] ?? null;
        yield {
          index: from + row,
          key,
          etag: etags[row] ?? '',
          ...(etagsThere === undefined ? {} : { etagThere: etagsThere[row] ?? null }),
          ...(into === null ? {} : { into }),
        };
      }
    }
  }
}

interface FrameContents {
  readonly [FRAME.header]: JournalHeader;
  readonly [FRAME.records]: RecordsFrame;
  readonly [FRAME.state]: JobStanding;
  readonly [FRAME.intents]: readonly JournalledIntent[];
  readonly [FRAME.outcomes]: OutcomesFrame;
  readonly [FRAME.failures]: OutcomesFrame;
  readonly [FRAME.checkpoint]: unknown;
}

/** What a frame of this kind holds; the checksum says that it is what was written. */
export function contentOf<K extends FrameKind>(_kind: K, { content }: Frame): FrameContents[K] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else writes frames of this kind
  return content as FrameContents[K];
}
