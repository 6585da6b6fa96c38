import type { CalendarStep, DateBins, FieldFigures, NumberBins, TopValues } from '../../shared/profile.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { groupDigits, showNumber } from '../ui/number-text.ts';
import { glyphWord } from '../ui/TypeGlyph.tsx';

export const DAY = 86_400_000;

export type BinnedChart = NumberBins | DateBins;

/** Both ends of a range, as texts of a condition; both are included. */
export interface Range {
  readonly low: string;
  readonly high: string;
}

/** What the bins from one to another hold. The upper edge belongs to the next bin: where it can be left out, it is. */
export function rangeOfBins(chart: BinnedChart, first: number, last: number): Range {
  const low = chart.edges[first] ?? 0;
  const high = chart.edges[last + 1] ?? low;
  if (chart.shape === 'numbers') {
    return { low: numberText(low), high: numberText(chart.whole ? Math.max(low, high - 1) : high) };
  }
  return { low: dateText(chart, low), high: dateText(chart, chart.days ? high - DAY : high) };
}

/** Where a value of a condition stands on the chart's axis; null where it does not read. */
export function placeOnAxis(chart: BinnedChart, text: string): number | null {
  if (chart.shape === 'numbers') return text === '' || Number.isNaN(Number(text)) ? null : Number(text);
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  const time = Date.parse(hasOffset ? text : text.length > 10 ? `${text}Z` : text);
  return Number.isNaN(time) ? null : time;
}

/** A bin in words: `7 to 7.5`, `1994`, `2024-05`. */
export function binWords(chart: BinnedChart, bin: number, field: string): string {
  if (chart.shape === 'numbers') {
    const { low, high } = rangeOfBins(chart, bin, bin);
    return low === high ? showNumber(low, field) : `${showNumber(low, field)} to ${showNumber(high, field)}`;
  }
  const [from = 0, to = 0] = chart.edges.slice(bin, bin + 2);
  const { unit, count } = chart.step;
  const words = calendarWords(from, chart.step);
  if (count === 1) return words;
  // Of days and longer the last one is named, of hours and minutes where the bin ends.
  const last = unit === 'minute' || unit === 'hour' ? to : to - 1;
  return `${words} to ${calendarWords(last, chart.step)}`;
}

function calendarWords(time: number, { unit }: CalendarStep): string {
  const text = new Date(time).toISOString();
  const year = text.slice(0, text.indexOf('-', 1));
  if (unit === 'year') return String(Number(year));
  if (unit === 'month') return `${year}${text.slice(year.length, year.length + 3)}`;
  if (unit === 'day') return `${year}${text.slice(year.length, year.length + 6)}`;
  return `${year}${text.slice(year.length, year.length + 6)} ${text.slice(year.length + 7, year.length + 12)}`;
}

/** How often the highest bar has the one in the middle before the others are hardly to be seen. */
const SKEWED = 50;

/** Few bins have nearly all records: bars as high as their counts would hide the others. */
export function isSkewed({ all }: BinnedChart): boolean {
  const filled = all.filter((rows) => rows > 0).toSorted((left, right) => left - right);
  const middle = filled[Math.floor(filled.length / 2)] ?? 0;
  return filled.length >= 3 && (filled.at(-1) ?? 0) > SKEWED * middle;
}

/** Both ends of the axis. */
export function axisWords(chart: BinnedChart, field: string): readonly [string, string] {
  const [first = 0, second = 0] = chart.edges;
  const last = chart.edges.at(-1) ?? 0;
  if (chart.shape === 'dates') return [calendarWords(first, chart.step), calendarWords(last - 1, chart.step)];
  const isStep = chart.whole && second - first === 1;
  return [showNumber(numberText(first), field), showNumber(numberText(isStep ? last - 1 : last), field)];
}

/** The least or greatest value found. */
export function limitWords(chart: BinnedChart, limit: number, field: string): string {
  if (chart.shape === 'numbers') return showNumber(shortNumber(limit), field);
  const { unit } = chart.step;
  return calendarWords(limit, { count: 1, unit: unit === 'year' || unit === 'month' ? 'day' : unit });
}

/** `by year`, `by 15 minutes`. */
export function stepWords({ step: { count, unit } }: DateBins): string {
  if (unit === 'day' && count === 7) return 'by week';
  if (unit === 'month' && count === 3) return 'by quarter';
  return count === 1 ? `by ${unit}` : `by ${count} ${unit}s`;
}

export function distinctWords({ distinct, sampled }: TopValues): string {
  return sampled ? `over ${countOf(distinct, 'value')}` : countOf(distinct, 'value');
}

const KIND_WORDS = {
  number: 'numbers',
  string: 'texts',
  date: 'dates',
  boolean: 'true or false',
  list: 'lists',
  object: 'objects',
} as const;

/** Of the rows found: those without a value, and those whose value is of another kind than most. */
export function otherWords(figures: FieldFigures, found: number): readonly string[] {
  const { kinds, chart } = figures;
  const main = chart === null ? null : mainKind(figures);
  const words: string[] = [];
  for (const kind of ['number', 'string', 'date', 'boolean', 'list', 'object'] as const) {
    const rows = kinds[kind]?.found ?? 0;
    // Texts that are dates are values of a field of texts like all others.
    const drawn = kind === main || (kind === 'date' && main === 'string');
    if (rows > 0 && !drawn) words.push(countOf(rows, glyphWord(kind), KIND_WORDS[kind]));
  }
  const missing = withoutValue(figures).found;
  if (missing > 0) words.push(`${shareWords(missing, found)} without a value`);
  return words;
}

function mainKind({ kinds, chart }: FieldFigures): string | null {
  if (chart?.shape === 'numbers') return 'number';
  if (chart?.shape === 'dates') return 'date';
  return (kinds.boolean?.all ?? 0) > (kinds.string?.all ?? 0) ? 'boolean' : 'string';
}

/** Missing or null: what `has no value` finds. */
export function withoutValue({ missing, kinds }: FieldFigures): { readonly found: number; readonly all: number } {
  return { found: missing.found + (kinds.null?.found ?? 0), all: missing.all + (kinds.null?.all ?? 0) };
}

/** A share in full percent; what is there is never 0 %, and not 100 % where something else is. */
export function shareWords(part: number, whole: number): string {
  if (part === whole) return '100 %';
  const percent = Math.round((100 * part) / whole);
  if (percent === 0) return 'under 1 %';
  return percent === 100 ? 'over 99 %' : `${percent} %`;
}

/** `351 of 3,201`. */
export function countWords({ found, all }: { readonly found: number; readonly all: number }): string {
  return `${formatCount(found)} of ${formatCount(all)}`;
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '0' : String(value).replace('e+', 'e');
}

/** Twelve digits say enough, and 0.1 + 0.2 is not 0.30000000000000004 then. */
function shortNumber(value: number): string {
  const text = numberText(Number(value.toPrecision(12)));
  return Math.abs(value) >= 1e12 ? groupDigits(value.toExponential(3)) : text;
}

/** As short as it can be said: a day alone is its midnight. */
function dateText({ hasOffset }: DateBins, time: number): string {
  const text = new Date(time).toISOString();
  if (hasOffset) return text.replace('.000Z', 'Z');
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, -14) : text.replace(/(?::00)?\.000Z$/, '');
}
