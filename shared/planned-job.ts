import type { OfferedRecords } from './class-offer.ts';
import type { JobKind, JobRequest, RestoreTier } from './job.ts';
import type { StorageRule } from './storage-rules.ts';

/** What of a job decides which requests it sends and what they cost. */
export interface PlannedTask {
  readonly collection: string;
  readonly kind: JobKind;
  readonly records: number;
  /** Which they are: priced by their sizes and classes. Left out: as objects of STANDARD, of whose bytes nothing is known. */
  readonly of?: OfferedRecords;
  /** The collection that is written to; left out where it is the same. */
  readonly to?: string;
  /** That is written into; left out: that of each record. */
  readonly storageClass?: string;
  /** That say it of each before; `of` names a result then. */
  readonly storageRules?: readonly StorageRule[];
  readonly days?: number;
  readonly tier?: RestoreTier;
  /**
   * What is in the places of its records is written over: so many bytes, where the caller knows them; true: as far as the
   * index of the place knows it. Left out: nothing is.
   */
  readonly replaces?: true | number;
  /** See `JobTasks`. */
  readonly undoable?: boolean;
}

/** A job that is to be started, or another one that is to be taken back or tried again. */
export type PlannedJob = PlannedTask | { readonly job: string; readonly as: 'undo' | 'retry' };

export function plannedTask(request: JobRequest, records: number, of?: OfferedRecords): PlannedTask {
  return {
    collection: request.collection,
    kind: request.kind,
    records,
    ...(of === undefined ? {} : { of }),
    ...('to' in request ? { to: request.to } : {}),
    ...('storageClass' in request && request.storageClass !== undefined ? { storageClass: request.storageClass } : {}),
    ...('storageRules' in request && request.storageRules !== undefined ? { storageRules: request.storageRules } : {}),
    ...(request.kind === 'restore' ? { days: request.days, tier: request.tier } : {}),
    ...(replaces(request) ? { replaces: true } : {}),
    ...('undoable' in request && request.undoable !== undefined ? { undoable: request.undoable } : {}),
  };
}

function replaces(request: JobRequest): boolean {
  const { kind } = request;
  if (kind === 'copy' || kind === 'move') return request.ifExists === 'overwrite';
  if (kind === 'import') return request.settings.onConflict !== 'fail' && request.settings.onConflict !== 'skip';
  return kind === 'promote' && request.states.includes('changed');
}

/** The records that a request names, where they are named. */
export function recordsOfRequest(request: JobRequest): OfferedRecords | undefined {
  if (!('records' in request)) return undefined;
  const { records } = request;
  return 'result' in records
    ? { of: 'result', result: records.result, ranges: records.ranges ?? null }
    : { of: 'keys', keys: records.records.map(({ key }) => key) };
}
