import type { RecordProblem } from '../../../shared/record.ts';

/** Thrown where an object turns out to be no record; never a failure of a query, always a row with its reason. */
export class UnreadableRecord extends Error {
  readonly problem: RecordProblem;

  constructor(message: string, place: { readonly line: number; readonly column: number } | null = null) {
    super(message);
    this.name = 'UnreadableRecord';
    this.problem = { message, line: place?.line ?? null, column: place?.column ?? null };
  }
}
