import { printCompact } from '../../../shared/json/print-json.ts';
import type { Tag } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import { isAllowedTag, MAXIMUM_KEY_LENGTH, MAXIMUM_TAGS, MAXIMUM_VALUE_LENGTH } from '../../../shared/tag-limits.ts';
import type { DecodedMember, DecodedRecord } from './codec.ts';

const FIRST_NAMES = ['id', 'created_at', 'updated_at'] as const;

export interface MappedTags {
  readonly tags: readonly Tag[];
  /** What could not be mirrored, in sentences. */
  readonly notes: readonly string[];
}

export interface MappedRecord {
  readonly id: string;
  readonly record: DecodedRecord;
  /** The record as it was: its tags are rewritten; null for a new one. */
  readonly before: DecodedRecord | null;
}

/**
 * The tags of a record whose collection mirrors it in tags: `id`, `created_at`, `updated_at`, then its metadata in order,
 * ten at most with foreign tags (those of `present` that mirror nothing) counted first and kept.
 */
export function mapTags(present: readonly Tag[], { id, record, before }: MappedRecord): MappedTags {
  const mirrored = new Map<string, string>([['id', id]]);
  for (const name of FIRST_NAMES) mirror(mirrored, record, name);
  for (const { name } of record.metadata) mirror(mirrored, record, name);

  const ours = new Set<string>([
    ...FIRST_NAMES,
    ...mirrored.keys(),
    ...(before?.metadata ?? []).map(({ name }) => name),
  ]);
  const foreign = present.filter(({ key }) => !ours.has(key));
  const tags: Tag[] = [...foreign];
  const crowdedOut: string[] = [];
  const refused: string[] = [];
  for (const [key, value] of mirrored) {
    if (!isAllowedTag({ key, value })) refused.push(key);
    else if (tags.length >= MAXIMUM_TAGS) crowdedOut.push(key);
    else tags.push({ key, value });
  }
  const notes: string[] = [];
  if (refused.length > 0) notes.push(`Not mirrored as tags, because S3 does not allow them in tags: ${list(refused)}.`);
  if (crowdedOut.length > 0) {
    notes.push(`Not mirrored as tags, because S3 allows ${MAXIMUM_TAGS} tags an object: ${list(crowdedOut)}.`);
  }
  return { tags, notes };
}

/** Tags that a person gave. `invalid-arguments` where S3 can hold no such set. */
export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MAXIMUM_TAGS) {
    throw new AppFailure(
      'invalid-arguments',
      `S3 allows ${MAXIMUM_TAGS} tags an object, not ${tags.length}. Remove some.`,
    );
  }
  const keys = new Set<string>();
  for (const { key, value } of tags) {
    if (key === '' || key.length > MAXIMUM_KEY_LENGTH || value.length > MAXIMUM_VALUE_LENGTH) {
      throw new AppFailure(
        'invalid-arguments',
        `The tag ${JSON.stringify(key)} does not fit: S3 allows 1 to ${MAXIMUM_KEY_LENGTH} characters in a tag's key and ${MAXIMUM_VALUE_LENGTH} in its value. Shorten it.`,
      );
    }
    if (keys.has(key)) {
      throw new AppFailure('invalid-arguments', `The tag ${JSON.stringify(key)} is there twice. Remove one of them.`);
    }
    keys.add(key);
  }
  return tags;
}

function mirror(mirrored: Map<string, string>, record: DecodedRecord, name: string): void {
  const member = record.metadata.find((entry) => entry.name === name);
  if (member === undefined || mirrored.has(name)) return;
  mirrored.set(name, valueText(record, member));
}

/** Strings as themselves, null as nothing, all else as JSON. */
function valueText(record: DecodedRecord, { value }: DecodedMember): string {
  if (value.kind === 'string') return value.value;
  return value.kind === 'null' ? '' : printCompact(record.text, value);
}

function list(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
}
