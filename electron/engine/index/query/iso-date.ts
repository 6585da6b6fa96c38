/** What Python 3.12's `datetime.fromisoformat` makes of a string. */
export interface ReadDate {
  /** Microseconds since 1970-01-01T00:00 UTC, or as written where there is no offset. */
  readonly instant: bigint;
  readonly hasOffset: boolean;
}

interface Clock {
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
  /** Something that is no part of a time stands behind it. */
  hasMore: boolean;
}

/**
 * Reads a date as dataknobs does: every `Z` becomes `+00:00`, then the rules of CPython 3.12 (`_datetimemodule.c`,
 * followed step by step because it takes more than its documentation says): any character stands between date and time,
 * `2024-W05` and `20240105T10` are dates, `24:00` is none. A date alone is midnight. Null where Python
 * raises ValueError.
 */
export function parseDate(text: string): ReadDate | null {
  // The shortest is YYYYWww; the first four are always digits. Keeps ordinary text cheap.
  if (text.length < 7 || readDigits(text, 0, 4) === null) return null;
  const source = text.includes('Z') ? text.replaceAll('Z', '+00:00') : text;
  return readBytes(ASCII.test(source) ? source : Buffer.from(source, 'utf8').toString('latin1'));
}

// oxlint-disable-next-line no-control-regex -- all of ASCII; `\p{ASCII}` takes several times as long
const ASCII = /^[\u0000-\u007F]*$/;

/** CPython reads UTF-8: a character of `text` is a byte of it. */
function readBytes(text: string): ReadDate | null {
  const separator = findSeparator(text);
  if (separator === null) return null;
  const day = readDay(text, separator);
  if (day === null) return null;
  if (text.length <= separator) return { instant: toInstant(day, 0, 0), hasOffset: false };
  return readTime(text, separator + characterLength(text.charCodeAt(separator)), day);
}

function characterLength(firstByte: number): number {
  if (firstByte < 0x80) return 1;
  if ((firstByte & 0xf0) === 0xf0) return 4;
  return (firstByte & 0xf0) === 0xe0 ? 3 : 2;
}

/** Where the date ends. The comment in CPython's `_find_isoformat_datetime_separator` has the table of forms. */
function findSeparator(text: string): number | null {
  if (text.length === 7) return 7;
  if (text[4] === '-') {
    if (text[5] !== 'W') return 10;
    if (text[8] !== '-') return 8;
    if (text.length === 9) return null;
    // `2020-W01-0…` is ambiguous: CPython takes the dash for the separator.
    return text.length > 10 && isDigit(text, 10) ? 8 : 10;
  }
  if (text[4] !== 'W') return 8;
  let position = 7;
  while (position < text.length && isDigit(text, position)) position++;
  if (position < 9) return position;
  return position % 2 === 0 ? 7 : 8;
}

/** Days since 1970-01-01, from the first `length` characters. */
function readDay(text: string, length: number): number | null {
  const year = readDigits(text, 0, 4);
  const hasDash = text[4] === '-';
  let position = hasDash ? 5 : 4;
  if (year === null) return null;
  if (text[position] === 'W') {
    const week = readDigits(text, position + 1, 2);
    position += 3;
    if (week === null) return null;
    if (position >= length) return dayOfWeekDate(year, week, 1);
    if (hasDash && text[position] !== '-') return null;
    const day = readDigits(text, position + (hasDash ? 1 : 0), 1);
    return day === null ? null : dayOfWeekDate(year, week, day);
  }
  const month = readDigits(text, position, 2);
  position += 2;
  if (month === null || (hasDash && text[position] !== '-')) return null;
  if (hasDash) position++;
  const day = readDigits(text, position, 2);
  return day === null || position + 2 !== length ? null : dayOfDate(year, month, day);
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

function readTime(text: string, start: number, day: number): ReadDate | null {
  // CPython looks at the first character before it asks whether there is one.
  let sign = start;
  do if (text[sign] === '+' || text[sign] === '-') break;
  while (++sign < text.length);
  const clock = readClock(text, start, sign);
  if (clock === null || clock.hour > 23 || clock.minute > 59 || clock.second > 59) return null;
  const local = toInstant(day, clock.hour * 3_600 + clock.minute * 60 + clock.second, clock.microsecond);
  if (sign >= text.length) return clock.hasMore ? null : { instant: local, hasOffset: false };
  const offset = readClock(text, sign + 1, text.length);
  if (offset === null || offset.hasMore) return null;
  const seconds = offset.hour * 3_600 + offset.minute * 60 + offset.second;
  // Without a second CPython makes it UTC, microseconds or not. A day or more is no offset.
  const microseconds = seconds === 0 ? 0n : toInstant(0, seconds, offset.microsecond);
  if (microseconds >= 86_400_000_000n) return null;
  return { instant: text[sign] === '+' ? local - microseconds : local + microseconds, hasOffset: true };
}

/** `HH[:MM[:SS[.fraction]]]`, with or without colons, as `parse_hh_mm_ss_ff` reads it. */
function readClock(text: string, start: number, end: number): Clock | null {
  const clock: Clock = { hour: 0, minute: 0, second: 0, microsecond: 0, hasMore: false };
  let position = start;
  let hasColon = true;
  for (const part of ['hour', 'minute', 'second'] as const) {
    const value = readDigits(text, position, 2);
    if (value === null) return null;
    clock[part] = value;
    const next = text[position + 2] ?? '\0';
    position += 3;
    if (part === 'hour') hasColon = next === ':';
    if (position >= end) return { ...clock, hasMore: next !== '\0' };
    if (hasColon && next === ':') continue;
    if (next === '.' || next === ',') break;
    if (hasColon) return null;
    position--;
  }
  const digits = Math.min(end - position, 6);
  const fraction = readDigits(text, position, digits);
  if (fraction === null) return null;
  position += digits;
  while (isDigit(text, position)) position++;
  return { ...clock, microsecond: fraction * 10 ** (6 - digits), hasMore: (text[position] ?? '\0') !== '\0' };
}

/** Microseconds since 1970. */
function toInstant(day: number, seconds: number, microseconds: number): bigint {
  return BigInt(day * 86_400 + seconds) * 1_000_000n + BigInt(microseconds);
}

function readDigits(text: string, from: number, count: number): number | null {
  for (let index = from; index < from + count; index++) if (!isDigit(text, index)) return null;
  return Number(text.slice(from, from + count));
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0x30 && code <= 0x39;
}
