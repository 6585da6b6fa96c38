import { diffJson } from '../../shared/json/diff-json.ts';
import { findNode, type JsonPath } from '../../shared/json/find-node.ts';
import { JsonSyntaxError } from '../../shared/json/json-syntax-error.ts';
import { readJson } from '../../shared/json/read-json.ts';
import { LONGEST_PREVIEW, type PreviewedObject, type PreviewedRecord } from '../../shared/job-preview.ts';
import type { CodecName } from '../../shared/collection.ts';
import type { Tag } from '../../shared/record.ts';
import type { ChangedValue } from '../ui/ChangedValues.tsx';
import { storageClassName } from '../ui/format.ts';

/** What becomes different of a record; null where its bodies cannot be compared here. */
export function previewChanges(
  { before, after }: Pick<PreviewedRecord, 'before' | 'after'>,
  codec: CodecName,
): readonly ChangedValue[] | null {
  if (before === null || after === null) return [];
  const inBody = bodyChanges(before.body, after.body, codec);
  if (inBody === null) return null;
  return [...inBody, ...tagChanges(before.tags ?? [], after.tags ?? []), ...factChanges(before, after)];
}

/** Bodies beside each other, by their JSON values; null where one of them is no JSON or not here whole. */
export function bodyChanges(
  before: string | null,
  after: string | null,
  codec: CodecName,
): readonly ChangedValue[] | null {
  if (before === after) return [];
  if (before === null || after === null) return null;
  if (Math.max(before.length, after.length) >= LONGEST_PREVIEW) return null;
  try {
    const [old, made] = [readJson(before), readJson(after)];
    return diffJson(old, made, { before, after }).flatMap(({ path, text }) => {
      if (codec === 'dataknobs' && isOwn(path)) return [];
      const was = findNode(old, path);
      return [
        { name: nameOf(path, codec), before: was === null ? null : before.slice(was.start, was.end), after: text },
      ];
    });
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}

/** Every write sets it: it says nothing of the change. */
function isOwn(path: JsonPath): boolean {
  return path.length === 2 && path[0] === 'metadata' && path[1] === 'updated_at';
}

/** As the record is read: a field of dataknobs without what it lies in. */
function nameOf(path: JsonPath, codec: CodecName): string {
  const [part, name, wrapper, ...below] = path;
  if (codec !== 'dataknobs' || (part !== 'fields' && part !== 'data') || name === undefined) {
    return path.length === 0 ? 'the whole record' : path.join('.');
  }
  return (part === 'fields' && wrapper === 'value' ? [name, ...below] : path.slice(1)).join('.');
}

function tagChanges(before: readonly Tag[], after: readonly Tag[]): readonly ChangedValue[] {
  const [old, made] = [before, after].map((tags) => new Map(tags.map(({ key, value }) => [key, value])));
  return [...new Set([...before, ...after].map(({ key }) => key))]
    .map((key) => ({ name: key, before: old?.get(key) ?? null, after: made?.get(key) ?? null }))
    .filter((tag) => tag.before !== tag.after);
}

function factChanges(before: PreviewedObject, after: PreviewedObject): readonly ChangedValue[] {
  const facts: readonly ChangedValue[] = [
    { name: 'content type', before: before.contentType, after: after.contentType },
    {
      name: 'storage class',
      before: storageClassName(before.storageClass),
      after: storageClassName(after.storageClass),
    },
  ];
  return facts.filter((fact) => fact.before !== fact.after);
}
