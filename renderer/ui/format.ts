import { groupDigits } from './number-text.ts';

/** `12431` → `12,431`. */
export function formatCount(count: number): string {
  return groupDigits(String(Math.trunc(count)));
}

/** `1 record`, `12,431 records`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Milliseconds since 1970 as local date and time, `2026-10-02 09:41:07`. */
export function formatTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}

/** `just now`, `14 s ago`, `3 min ago`, `2 h ago`, then the day. */
export function formatAgo(milliseconds: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - milliseconds) / 1000));
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return formatTime(milliseconds).slice(0, 10);
}

/** Milliseconds until `formatAgo` says something else; never more than an hour, which a clock that is set may change. */
export function agoChangesIn(milliseconds: number, now: number): number {
  const age = now - milliseconds;
  // Seconds are rounded, minutes and hours are whole ones, of seconds that are rounded.
  const step = age < 59_500 ? 1000 : age < 3_599_500 ? 60_000 : 3_600_000;
  return step - ((Math.max(age, 0) + 500) % step);
}

const CLASS_NAMES: Readonly<Record<string, string>> = {
  STANDARD: 'Standard',
  REDUCED_REDUNDANCY: 'Reduced redundancy',
  STANDARD_IA: 'Standard-IA',
  ONEZONE_IA: 'One Zone-IA',
  INTELLIGENT_TIERING: 'Intelligent-Tiering',
  GLACIER: 'Glacier Flexible',
  GLACIER_IR: 'Glacier IR',
  DEEP_ARCHIVE: 'Deep Archive',
  EXPRESS_ONEZONE: 'Express One Zone',
};

/** S3's name of a storage class in words; one that is not known stands as it is. */
export function storageClassName(storageClass: string): string {
  return CLASS_NAMES[storageClass] ?? storageClass;
}
