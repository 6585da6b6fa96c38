import type { Tag } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { CallOptions, ObjectHead, S3Client } from '../s3/s3-client.ts';
import { hasCode, type Place } from './write-failures.ts';

/**
 * What has been learnt of a server's tags. The count of tags in a GET's answer is left out by S3 where there are none and
 * where the access key may not read them, and by some servers always: a count of zero proves nothing by itself.
 */
interface TagKnowledge {
  /** False once an object had tags although its GET counted none. */
  countsTags: boolean;
  /** False once the server refused to speak of tags at all. */
  hasTags: boolean;
  /** Objects whose tags this access key has read: of these a count of zero is true. The oldest are forgotten. */
  readonly readable: Set<string>;
}

const MOST_READABLE = 1_000;

const knowledge = new WeakMap<S3Client, TagKnowledge>();

function knowledgeOf(client: S3Client): TagKnowledge {
  let known = knowledge.get(client);
  if (known === undefined) {
    known = { countsTags: true, hasTags: true, readable: new Set() };
    knowledge.set(client, known);
  }
  return known;
}

/** Learns from tags that were read together with their object, whose GET counted `tagCount`. */
export function rememberTags(client: S3Client, { bucket, key }: Place, tags: readonly Tag[], tagCount: number): void {
  const known = knowledgeOf(client);
  if (tagCount === 0 && tags.length > 0) known.countsTags = false;
  const name = nameOf(bucket, key);
  known.readable.delete(name);
  known.readable.add(name);
  const [oldest] = known.readable;
  if (known.readable.size > MOST_READABLE && oldest !== undefined) known.readable.delete(oldest);
}

export interface PresentTags {
  readonly tags: readonly Tag[];
  readonly notes: readonly string[];
}

/**
 * The tags that a PUT would erase. One request, and none for an object without tags that was opened before.
 * `tagging-denied` where they cannot be read and are not given up.
 */
export async function readPresentTags(
  client: S3Client,
  bucket: string,
  head: ObjectHead,
  withoutTags: boolean,
  call: CallOptions,
): Promise<PresentTags> {
  const known = knowledgeOf(client);
  const countIsTrue = !known.hasTags || (known.countsTags && known.readable.has(nameOf(bucket, head.key)));
  if (head.tagCount === 0 && countIsTrue) return { tags: [], notes: [] };
  if (withoutTags) return { tags: [], notes: [lossOf(head.tagCount)] };
  try {
    const tags = await client.getObjectTagging(bucket, head.key, call);
    rememberTags(client, { bucket, key: head.key }, tags, head.tagCount);
    return { tags, notes: [] };
  } catch (error) {
    if (hasCode(error, 'tagging-denied')) throw unreadableTags(error);
    if (head.tagCount > 0 || !isWithoutTags(error)) throw error;
    if (!hasCode(error, 'record-not-found')) known.hasTags = false;
    return { tags: [], notes: [] };
  }
}

function lossOf(count: number): string {
  if (count === 0) return 'The object was saved without tags; any that it had are gone.';
  return `${count === 1 ? 'The tag' : `The ${count} tags`} of the object could not be kept: it was saved without tags.`;
}

function unreadableTags(error: AppFailure): AppFailure {
  const { code, message, detail } = error.error;
  return new AppFailure(
    code,
    `${message} Saving would erase those that it has. Save without tags (on the command line with --without-tags), or ask for the permission s3:GetObjectTagging.`,
    { cause: error, ...(detail === undefined ? {} : { detail }) },
  );
}

/** Servers that have no tags say so in many ways; an object that is gone is the PUT's to tell. */
function isWithoutTags(error: unknown): boolean {
  if (hasCode(error, 'unsupported-by-server', 'not-s3', 'invalid-arguments', 'record-not-found')) return true;
  return hasCode(error, 'server-error') && (error.error.detail?.status ?? 500) < 500;
}

function nameOf(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
