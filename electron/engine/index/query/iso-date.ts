/** What Python 3.12's `datetime.fromisoformat` makes of a string. */
export interface ReadDate {
  /** Microseconds since 1970-01-01T00:00 UTC, or as written where there is no offset. */
  readonly instant: bigint;
  readonly hasOffset: boolean;
}

interface Moment {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

const MIDNIGHT: Moment = { hour: 0, minute: 0, second: 0, microsecond: 0 };

/**
 * Reads a date as dataknobs does: every `Z` becomes `+00:00`, then the rules of CPython 3.12 (`_datetimemodule.c`), odd
 * ones included: any character stands between date and time, `2024-W05` and `20240105T10` are dates, `24:00` is none.
 * A date alone is midnight. Null where Python raises ValueError.
 */
export function parseDate(text: string): ReadDate | null {
  // The shortest is YYYYWww; the first four are always digits. Keeps ordinary text cheap.
  if (text.length < 7 || !isDigits(text, 0, 4)) return null;
  const source = text.includes('Z') ? text.replaceAll('Z', '+00:00') : text;
  const separator = findSeparator(source);
  if (separator === null) return null;
  const day = readDay(source.slice(0, separator));
  if (day === null) return null;
  if (source.length <= separator) return { instant: toInstant(day, MIDNIGHT), hasOffset: false };
  // One character, which may be two code units; without anything behind it there is no time to read.
  const rest = source.slice(separator + ((source.codePointAt(separator) ?? 0) > 0xffff ? 2 : 1));
  if (rest === '') return null;
  return readTime(rest, day);
}

/** Where the date ends. The comment in CPython's `_find_isoformat_datetime_separator` has the table of forms. */
function findSeparator(text: string): number | null {
  if (text.length === 7) return 7;
  if (text[4] === '-') {
    if (text[5] !== 'W') return 10;
    if (text[8] !== '-') return 8;
    if (text.length === 9) return null;
    // `2020-W01-0…` is ambiguous: CPython takes the dash for the separator.
    return text.length > 10 && isDigits(text, 10, 11) ? 8 : 10;
  }
  if (text[4] !== 'W') return 8;
  let position = 7;
  while (position < text.length && isDigits(text, position, position + 1)) position++;
  if (position < 9) return position;
  return position % 2 === 0 ? 7 : 8;
}

/** Days since 1970-01-01. */
function readDay(text: string): number | null {
  const week = /^(\d{4})(-?)W(\d{2})(?:(-?)(\d))?$/.exec(text);
  if (week !== null) {
    const [, year, dash, weekNumber, secondDash, day] = week;
    if (day !== undefined && secondDash !== dash) return null;
    return dayOfWeekDate(Number(year), Number(weekNumber), day === undefined ? 1 : Number(day));
  }
  const [, year, dash, month, secondDash, day] = /^(\d{4})(-?)(\d{2})(-?)(\d{2})$/.exec(text) ?? [];
  if (year === undefined || dash !== secondDash) return null;
  return dayOfDate(Number(year), Number(month), Number(day));
}

function dayOfDate(year: number, month: number, day: number): number | null {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return dayNumber(year, month, day);
}

function dayOfWeekDate(year: number, week: number, day: number): number | null {
  if (year < 1 || week < 1 || week > 53 || day < 1 || day > 7) return null;
  const first = dayNumber(year, 1, 1);
  // 1970-01-01 was a Thursday; 0 is Monday.
  const weekday = (((first + 3) % 7) + 7) % 7;
  if (week === 53 && !(weekday === 3 || (weekday === 2 && isLeap(year)))) return null;
  const firstMonday = first - weekday + (weekday > 3 ? 7 : 0);
  const days = firstMonday + (week - 1) * 7 + day - 1;
  return days < dayNumber(1, 1, 1) || days > dayNumber(9999, 12, 31) ? null : days;
}

function dayNumber(year: number, month: number, day: number): number {
  // Date.UTC takes years below 100 for 19xx; 400 years later the calendar is the same.
  return Date.UTC(year + 400, month - 1, day) / 86_400_000 - 146_097;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function readTime(text: string, day: number): ReadDate | null {
  const sign = /[+-]/.exec(text);
  const clock = readClock(sign === null ? text : text.slice(0, sign.index));
  if (clock === null || clock.hour > 23 || clock.minute > 59 || clock.second > 59) return null;
  if (sign === null) return { instant: toInstant(day, clock), hasOffset: false };
  const offset = readClock(text.slice(sign.index + 1));
  if (offset === null) return null;
  const microseconds = toInstant(0, offset);
  // CPython wants an offset strictly below a day; minutes above 59 are added up.
  if (microseconds >= 86_400_000_000n) return null;
  const local = toInstant(day, clock);
  return { instant: sign[0] === '+' ? local - microseconds : local + microseconds, hasOffset: true };
}

/** `HH[:MM[:SS[.fraction]]]`, all colons or none. */
function readClock(text: string): Moment | null {
  const match = /^(\d{2})(?:(:?)(\d{2})(?:(:?)(\d{2}))?)?(?:[.,](\d+))?$/.exec(text);
  if (match === null) return null;
  const [, hour, colon, minute, secondColon, second, fraction] = match;
  if (secondColon !== undefined && secondColon !== colon) return null;
  return {
    hour: Number(hour),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    microsecond: Number((fraction ?? '').slice(0, 6).padEnd(6, '0')),
  };
}

function toInstant(day: number, { hour, minute, second, microsecond }: Moment): bigint {
  const seconds = day * 86_400 + hour * 3_600 + minute * 60 + second;
  return BigInt(seconds) * 1_000_000n + BigInt(microsecond);
}

function isDigits(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const code = text.charCodeAt(index);
    if (!(code >= 0x30 && code <= 0x39)) return false;
  }
  return true;
}
