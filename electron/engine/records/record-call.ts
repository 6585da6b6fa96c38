import type { CallOptions } from '../s3/s3-client.ts';
import type { WriteIntent } from './write-intent.ts';

/** How the requests of one record are sent, and who hears of its write before that. */
export interface RecordCall extends CallOptions {
  readonly signal: AbortSignal;
  /** Awaited before a write leaves: a job's journal. */
  readonly announce?: (write: AnnouncedWrite) => Promise<void>;
  /** False: the body that is replaced is not wanted. */
  readonly keepsBody?: boolean;
}

export type AnnouncedWrite = Omit<WriteIntent, 'index'>;
