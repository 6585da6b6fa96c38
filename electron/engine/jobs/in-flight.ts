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
  else if (!tries.some(({ after }) => after?.md5 === intent.after?.md5)) inFlight.set(intent.index, [...tries, added]);
}
