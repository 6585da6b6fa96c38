import { isDeepStrictEqual } from 'node:util';
import type { WriteIntent } from '../records/write-intent.ts';

/**
 * Writes without an outcome, by the position of their record in the job. A record that was begun in several runs has
 * several: any of them may have come through, also a request that a killed process left behind in the network.
 */
export type InFlight = Map<number, WriteTries>;

export type WriteTries = readonly [WriteIntent, ...(readonly WriteIntent[])];

/** Without what was there before, which is for the journal alone. */
export function addInFlight(inFlight: InFlight, intent: WriteIntent): void {
  const tries = inFlight.get(intent.index);
  const added = { ...intent, before: null };
  if (tries === undefined) inFlight.set(intent.index, [added]);
  else if (!tries.some((other) => isSame(other, added))) inFlight.set(intent.index, [...tries, added]);
}

/** The same object, in the place of the same. */
function isSame(one: WriteIntent, other: WriteIntent): boolean {
  return one.after?.md5 === other.after?.md5 && isDeepStrictEqual(one.expectation, other.expectation);
}
