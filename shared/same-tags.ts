import type { Tag } from './record.ts';

/** Whether two lists of tags say the same; S3 keeps no order. */
export function sameTags(one: readonly Tag[], other: readonly Tag[]): boolean {
  if (one.length !== other.length) return false;
  const values = new Map(one.map(({ key, value }) => [key, value]));
  return values.size === one.length && other.every(({ key, value }) => values.get(key) === value);
}
