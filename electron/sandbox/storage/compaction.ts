import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DiskState } from './disk-state.ts';
import { decodeRecord } from './log-record.ts';
import type { Location, ScannedRecord } from './segments.ts';
import { versionId } from './version-index.ts';

/** A segment that is used by so much is left as it is. */
const WELL_USED = 0.75;
/** Bytes that are looked through before requests get their turn. */
const SLICE = 512 * 1024;

/**
 * Copies what is live in badly used segments to the end, so that they can be removed once a snapshot has been written.
 * Answers their numbers. Ends early, at a segment's end or in the middle of one, when `stop` says so.
 */
export async function moveLiveRecords(state: DiskState, stop: () => boolean): Promise<readonly number[]> {
  if (badlyUsed(state, state.segments.current)) state.segments.roll();
  const candidates = state.segments.numbers.filter(
    (number) => number !== state.segments.current && badlyUsed(state, number),
  );
  const emptied: number[] = [];
  for (const number of candidates) {
    let looked = 0;
    for (const found of state.segments.scan(number, 0)) {
      moveRecord(state, found, number === state.segments.numbers[0]);
      looked += found.location.length;
      if (looked < SLICE) continue;
      looked = 0;
      await nextTurn();
      if (stop()) return emptied;
    }
    emptied.push(number);
  }
  return emptied;
}

function badlyUsed(state: DiskState, number: number): boolean {
  return state.liveIn(number) < state.segments.size(number) * WELL_USED;
}

/**
 * The index decides what is live. Records of what is gone are copied as well while older segments could still bring it
 * back, because without a snapshot the segments alone must give the same answer.
 */
function moveRecord(state: DiskState, { buffer, at, location }: ScannedRecord, oldest: boolean): void {
  const record = decodeRecord(buffer, at);
  const bytes = buffer.subarray(at, at + location.length);
  const bucket = state.buckets.get(record.bucket);
  switch (record.kind) {
    case 'put':
    case 'marker': {
      const version = bucket?.versions.find(record.key, versionId(record)) ?? null;
      if (bucket === undefined || version === null || !isAt(version, location)) return;
      state.replace(bucket.versions, { ...version, ...state.append(bytes) });
      return;
    }
    case 'delete':
      if (!oldest && (bucket?.versions.find(record.key, record.versionId) ?? null) === null) state.append(bytes);
      return;
    case 'upload': {
      const upload = state.uploads.get(record.id);
      if (upload === undefined || !isAt(upload, location)) return;
      state.uploads.set(record.id, { ...upload, ...state.move(upload, bytes) });
      return;
    }
    case 'part': {
      const parts = state.uploads.get(record.upload)?.parts;
      const part = parts?.get(record.number);
      if (parts === undefined || part === undefined || !isAt(part, location)) return;
      parts.set(record.number, { ...part, ...state.move(part, bytes) });
      return;
    }
    case 'end-upload':
      if (!oldest) state.append(bytes);
      return;
    case 'create-bucket':
      if (bucket?.created === record.created) state.append(bytes);
      return;
    case 'versioning':
      if (bucket?.created === record.created && bucket.versioning === record.versioning) state.append(bytes);
      return;
    case 'delete-bucket':
      if (!oldest && bucket === undefined) state.append(bytes);
  }
}

function isAt(known: Location, location: Location): boolean {
  return known.segment === location.segment && known.offset === location.offset;
}
