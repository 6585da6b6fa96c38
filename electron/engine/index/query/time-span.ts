import { TIME_UNITS, type QueryValue, type TimeUnit } from '../../../../shared/query.ts';
import { isList } from './value-node.ts';

/** The value of `within_last`. */
export interface TimeSpan {
  readonly count: number;
  readonly unit: TimeUnit;
}

/** Microseconds since 1970, both ends included. A date without an offset counts as UTC. */
export interface Instants {
  readonly first: bigint;
  readonly last: bigint;
}

const FIXED_MILLISECONDS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000, weeks: 604_800_000 };

/** Null for what is no span: a whole number from 0 and a unit. */
export function timeSpanOf(value: QueryValue): TimeSpan | null {
  if (value === null || typeof value !== 'object' || isList(value)) return null;
  const { count, unit: name, ...others } = value;
  const unit = TIME_UNITS.find((known) => known === name);
  const isWhole = typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;
  return isWhole && unit !== undefined && Object.keys(others).length === 0 ? { count, unit } : null;
}

/** @param now milliseconds since 1970 */
export function instantsOf({ count, unit }: TimeSpan, now: number): Instants {
  return { first: microseconds(before(count, unit, now)), last: microseconds(now) };
}

function before(count: number, unit: TimeUnit, now: number): number {
  if (unit !== 'months' && unit !== 'years') return now - count * FIXED_MILLISECONDS[unit];
  const date = new Date(now);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() - (unit === 'months' ? count : 12 * count));
  // There is no 31 June: the last day of the month before is meant, not 1 July.
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return date.getTime();
}

/** Further back than JavaScript's dates go is before every date that a record can hold. */
function microseconds(milliseconds: number): bigint {
  return Number.isNaN(milliseconds) ? -(2n ** 62n) : BigInt(Math.max(Math.trunc(milliseconds), -4e15)) * 1000n;
}
