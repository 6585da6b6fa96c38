import type { ComparedRecord, ComparedState, Comparison, PromotedRecords } from '../../shared/comparison.ts';
import type { RequestOf } from '../../shared/job.ts';
import { PromotedCounter } from '../../shared/promoted-counter.ts';
import { sumOfSizes } from '../../shared/size-counter.ts';

/** States of records that can be promoted. */
export type Promoted = Extract<ComparedState, 'new' | 'changed'>;

export interface PromoteChoice {
  readonly states: readonly Promoted[];
  /** Names that are left out of these. */
  readonly leftOut: ReadonlySet<string>;
}

export const FIRST_PROMOTION: PromoteChoice = { states: ['new', 'changed'], leftOut: new Set() };

export function isPromoted({ name, state }: ComparedRecord, { states, leftOut }: PromoteChoice): boolean {
  return states.some((each) => each === state) && !leftOut.has(name);
}

/** What is written comes first, what is replaced before what is new. */
export function inOrder(records: readonly ComparedRecord[]): readonly ComparedRecord[] {
  const order: readonly ComparedState[] = ['changed', 'new', 'only-there', 'same'];
  return records.toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
}

/** Why single records cannot be left out; null where they can. */
export function wholeOnly({ counts, differing }: Comparison): string | null {
  const all = counts.new + counts.changed + counts['only-there'];
  return all > differing.length ? 'More differ than are listed: they are promoted together' : null;
}

/** How many records would be written. */
export function countPromoted({ counts, differing }: Comparison, choice: PromoteChoice): number {
  const all = choice.states.reduce((sum, state) => sum + counts[state], 0);
  const leftOut = differing.filter(
    ({ name, state }) => choice.states.some((each) => each === state) && choice.leftOut.has(name),
  );
  return all - leftOut.length;
}

/** What promoting them copies, and what that writes over. */
export function promotedRecords({ promoted, differing }: Comparison, choice: PromoteChoice): PromotedRecords {
  const { states, leftOut } = choice;
  if (leftOut.size === 0) {
    return {
      sizes: sumOfSizes(states.flatMap((state) => promoted[state].sizes)),
      replaced: states.reduce((sum, state) => sum + promoted[state].replaced, 0),
    };
  }
  const counter = new PromotedCounter();
  for (const record of differing) if (isPromoted(record, choice)) counter.add(record);
  return counter.records;
}

/** What the job is asked for; it compares once more, so that all are named by their state unless some are left out. */
export function promotionOf(
  { differing }: Comparison,
  choice: PromoteChoice,
): Pick<RequestOf<'promote'>, 'states' | 'names'> {
  const { states, leftOut } = choice;
  if (leftOut.size === 0) return { states };
  return { states, names: differing.filter((record) => isPromoted(record, choice)).map(({ name }) => name) };
}
