import type { CalendarStep } from '../../../../shared/profile.ts';

const MOST_NUMBER_BINS = 24;
const MOST_DATE_BINS = 60;
/** Values that are a rounding error below an edge belong above it: 0.3 is no value of 0.2 to 0.3. */
const TOLERANCE = 1e-9;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Monday. */
const FIRST_WEEK = Date.UTC(1970, 0, 5);

const FIXED_STEPS: readonly (CalendarStep & { readonly milliseconds: number })[] = [
  { count: 1, unit: 'minute', milliseconds: MINUTE },
  { count: 15, unit: 'minute', milliseconds: 15 * MINUTE },
  { count: 1, unit: 'hour', milliseconds: HOUR },
  { count: 6, unit: 'hour', milliseconds: 6 * HOUR },
  { count: 1, unit: 'day', milliseconds: DAY },
  { count: 7, unit: 'day', milliseconds: 7 * DAY },
];

const MONTH_STEPS: readonly (CalendarStep & { readonly months: number })[] = [
  { count: 1, unit: 'month', months: 1 },
  { count: 3, unit: 'month', months: 3 },
  { count: 1, unit: 'year', months: 12 },
  { count: 5, unit: 'year', months: 60 },
  { count: 10, unit: 'year', months: 120 },
  { count: 50, unit: 'year', months: 600 },
  { count: 250, unit: 'year', months: 3_000 },
];

/** Where bins begin and end, and the SQL that gives a value's bin. */
export interface BinScale {
  readonly edges: readonly number[];
  /**
   * `column` is a DOUBLE, or a BIGINT of microseconds since 1970, between the first edge and the last, or NULL. A number on
   * the last edge may be in a bin of its own behind it.
   */
  binOf(column: string): string;
  /** SQL of a value in the same bin that stands for many others, where a bin takes longer to find than this. */
  standIn?(column: string): string;
}

export interface CalendarScale extends BinScale {
  readonly step: CalendarStep;
}

/** Equal bins with round edges around two finite numbers; `whole` has no edges with fractions. */
export function numberScale(least: number, greatest: number, whole: boolean): BinScale {
  const step = roundStep(least, greatest, whole);
  const first = Math.floor(least / step + TOLERANCE);
  const bin = (column: string): string =>
    `floor(${column} / ${double(step)} + ${double(TOLERANCE)}) - ${double(first)}`;
  // Integers are divided in two thirds of the time.
  const isExact = whole && [least, greatest, step, first * step].every(Number.isSafeInteger);
  const wholeBin = (column: string): string => `(${column}::BIGINT - ${String(first * step)}) // ${String(step)}`;
  const edges = Array.from({ length: countSteps(least, greatest, step, whole) + 1 }, (_, place) =>
    tidy((first + place) * step),
  );
  return {
    edges,
    binOf: (column) => `(${isExact ? wholeBin(column) : bin(column)})::UTINYINT`,
  };
}

/** The smallest of 1, 2 and 5 times a power of ten that needs no more bins than there may be. */
function roundStep(least: number, greatest: number, whole: boolean): number {
  // Halves, because the span of two doubles may be more than a double.
  const span = (greatest / 2 - least / 2) * 2 || Math.abs(least) / 10 || 1;
  const wanted = Math.max(span / MOST_NUMBER_BINS, Math.abs(least) * 1e-12, whole ? 1 : 1e-300);
  const power = 10 ** Math.floor(Math.log10(Math.min(wanted, 1e307)));
  const steps = [1, 2, 5, 10, 20, 50].map((factor) => tidy(factor * power)).filter((step) => !whole || step >= 1);
  return steps.find((step) => countSteps(least, greatest, step, whole) <= MOST_NUMBER_BINS) ?? Number.MAX_VALUE;
}

/** Of integers the last has a bin up to the next edge: 10 stands in that from 10 to 11. */
function countSteps(least: number, greatest: number, step: number, whole: boolean): number {
  const first = Math.floor(least / step + TOLERANCE);
  const last = whole ? Math.floor(greatest / step) + 1 : Math.ceil(greatest / step - TOLERANCE);
  return Math.max(last - first, 1);
}

/** Without the digits that only come from multiplying doubles. */
function tidy(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number(value.toPrecision(14)), Number.MAX_VALUE));
}

/** Bins of the calendar around two instants, in milliseconds since 1970. */
export function calendarScale(least: number, greatest: number): CalendarScale {
  for (const { milliseconds, ...step } of FIXED_STEPS) {
    const origin = step.count === 7 ? FIRST_WEEK : 0;
    const first = Math.floor((least - origin) / milliseconds);
    const count = Math.floor((greatest - origin) / milliseconds) - first + 1;
    if (count > MOST_DATE_BINS) continue;
    const edges = Array.from({ length: count + 1 }, (_, place) => origin + (first + place) * milliseconds);
    const [start = 0] = edges;
    return {
      step,
      edges,
      binOf: (column) => `((${column} - ${micros(start)}) // ${micros(milliseconds)})::UTINYINT`,
    };
  }
  return monthScale(least, greatest);
}

function monthScale(least: number, greatest: number): CalendarScale {
  const { months, ...step } =
    MONTH_STEPS.find((each) => countMonths(least, greatest, each.months) <= MOST_DATE_BINS) ?? LONGEST_STEP;
  const first = Math.floor(monthOf(least) / months);
  const count = countMonths(least, greatest, months);
  const edges = Array.from({ length: count + 1 }, (_, place) => startOfMonth((first + place) * months));
  const month = (column: string): string =>
    `(year(make_timestamp(${column})) * 12 + month(make_timestamp(${column})) - 1 - ${String(first * months)})`;
  const [start = 0] = edges;
  return {
    step,
    edges,
    binOf: (column) => `(${month(column)} // ${String(months)})::UTINYINT`,
    standIn: (column) => `${column} - (${column} - ${micros(start)}) % ${micros(DAY)}`,
  };
}

const LONGEST_STEP = { count: 250, unit: 'year', months: 3_000 } as const;

function countMonths(least: number, greatest: number, months: number): number {
  return Math.floor(monthOf(greatest) / months) - Math.floor(monthOf(least) / months) + 1;
}

/** Months since the year 0. */
function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function startOfMonth(month: number): number {
  // Date.UTC takes the years 0 to 99 for those of the last century.
  return new Date(0).setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
}

function double(value: number): string {
  return `${String(value)}::DOUBLE`;
}

function micros(milliseconds: number): string {
  return `${String(milliseconds)}000::BIGINT`;
}
