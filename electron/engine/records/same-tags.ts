import type { Tag } from '../../../shared/record.ts';

/** Whatever their order, in which S3 keeps none. */
export function sameTags(one: readonly Tag[], other: readonly Tag[]): boolean {
  const values = new Map(one.map(({ key, value }) => [key, value]));
  return values.size === other.length && other.every(({ key, value }) => values.get(key) === value);
}
