import type { Tag } from './record.ts';

/**
 * S3's limits for the tags of an object, lengths in UTF-16 units (Amazon S3 User Guide, "Categorizing your objects using
 * tags").
 */
export const MAXIMUM_TAGS = 10;
export const MAXIMUM_KEY_LENGTH = 128;
export const MAXIMUM_VALUE_LENGTH = 256;

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export interface TagProblem {
  readonly index: number;
  readonly part: 'key' | 'value';
  readonly message: string;
}

/** What S3 would refuse of these tags, in order; the set as a whole is checked by `tooManyTags`. */
export function tagProblems(tags: readonly Tag[]): readonly TagProblem[] {
  const problems: TagProblem[] = [];
  const seen = new Set<string>();
  for (const [index, tag] of tags.entries()) {
    const key = keyProblem(tag.key) ?? (seen.has(tag.key) ? `There is a tag “${tag.key}” already.` : null);
    seen.add(tag.key);
    if (key !== null) problems.push({ index, part: 'key', message: key });
    const value = valueProblem(tag.value);
    if (value !== null) problems.push({ index, part: 'value', message: value });
  }
  return problems;
}

/** One sentence, or null while the number of tags is allowed. */
export function tooManyTags(tags: readonly Tag[]): string | null {
  if (tags.length <= MAXIMUM_TAGS) return null;
  return `S3 keeps ${MAXIMUM_TAGS} tags on an object; remove ${tags.length - MAXIMUM_TAGS}.`;
}

/** Whether S3 keeps it: letters, digits and blanks of any language and `_ . : / = + - @`; `aws:` is Amazon's own. */
export function isAllowedTag({ key, value }: Tag): boolean {
  return keyProblem(key) === null && valueProblem(value) === null;
}

function keyProblem(key: string): string | null {
  if (key === '') return 'A tag needs a key.';
  if (key.toLowerCase().startsWith('aws:')) return 'Keys that begin with “aws:” belong to AWS.';
  if (key.length > MAXIMUM_KEY_LENGTH) {
    return `A key has at most ${MAXIMUM_KEY_LENGTH} characters; this one has ${key.length}.`;
  }
  return characterProblem(key);
}

function valueProblem(value: string): string | null {
  if (value.length > MAXIMUM_VALUE_LENGTH) {
    return `A value has at most ${MAXIMUM_VALUE_LENGTH} characters; this one has ${value.length}.`;
  }
  return characterProblem(value);
}

function characterProblem(text: string): string | null {
  if (ALLOWED.test(text)) return null;
  const odd = Array.from(text).find((character) => !ALLOWED.test(character)) ?? '';
  return `S3 allows letters, digits, blanks and _ . : / = + - @ in tags, not “${odd}”.`;
}
