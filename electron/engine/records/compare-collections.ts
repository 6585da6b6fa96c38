import {
  MOST_DIFFERING,
  type ComparedRecord,
  type ComparedState,
  type Comparison,
} from '../../../shared/comparison.ts';
import type { CodecName } from '../../../shared/collection.ts';
import { equalJson } from '../../../shared/json/equal-json.ts';
import { JsonSyntaxError } from '../../../shared/json/json-syntax-error.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { PromotedCounter } from '../../../shared/promoted-counter.ts';
import { compareUtf8 } from '../../../shared/utf8-order.ts';
import { sameEtag } from '../s3/etag.ts';
import type { CallOptions, FoundObject, ListedObject, S3Client } from '../s3/s3-client.ts';
import type { RequestMeter } from '../s3/request-meter.ts';
import { concurrentMap } from './batch/concurrent-map.ts';
import { decodeBody } from './decode-body.ts';
import { isListedKey } from './key-template.ts';
import { MAXIMUM_BODY_BYTES } from './read-record.ts';
import { UnreadableRecord } from './unreadable-record.ts';

export interface ComparedSide {
  readonly client: S3Client;
  readonly bucket: string;
  readonly prefix: string;
  readonly codec: CodecName;
  /** Of what is sent to this side. */
  readonly meter?: RequestMeter;
}

/** How many names are compared, from the first. */
export interface ComparedPart {
  readonly first: number;
  /** There are names behind these. */
  readonly onMore: () => void;
}

const WHOLE: ComparedPart = { first: Infinity, onMore: () => undefined };

/** Pairs under way at once. */
const LOOKERS = 64;

interface Pair {
  readonly name: string;
  readonly here: ListedObject | null;
  readonly there: ListedObject | null;
}

/**
 * The records of two collections by their names, in the order of these. What has the same ETag is the same unread; else both
 * are read, and the same where their JSON says the same, or their bytes are where one is no JSON. A page of both listings and
 * the bodies under way are in memory.
 */
export async function* compareCollections(
  here: ComparedSide,
  there: ComparedSide,
  call: CallOptions & { readonly signal: AbortSignal },
  part: ComparedPart = WHOLE,
): AsyncGenerator<ComparedRecord, void, undefined> {
  const compare = async ({ name, here: own, there: other }: Pair, _: number, signal: AbortSignal) => {
    const compared = (state: ComparedState): ComparedRecord => {
      return {
        name,
        state,
        etag: own?.etag ?? null,
        etagThere: other?.etag ?? null,
        storageClass: own?.storageClass ?? null,
        size: own?.size ?? 0,
        sizeThere: other?.size ?? 0,
      };
    };
    if (own === null) return compared('only-there');
    if (other === null) return compared('new');
    if (own.size === other.size && sameEtag(own.etag, other.etag)) return compared('same');
    if (Math.max(own.size, other.size) > MAXIMUM_BODY_BYTES) return compared('changed');
    const options = { ...call, signal };
    const [one, two] = await Promise.all([
      here.client.getObject(here.bucket, own.key, { ...options, ...meterOf(here), ifMatch: own.etag }),
      there.client.getObject(there.bucket, other.key, { ...options, ...meterOf(there), ifMatch: other.etag }),
    ]);
    return compared(saySame(one, two) ? 'same' : 'changed');
  };
  yield* concurrentMap(firstOf(pairsOf(here, there, call), part), compare, {
    signal: call.signal,
    tasks: () => LOOKERS,
    ordered: true,
    sizeOf: (pair) => (pair.here?.size ?? 0) + (pair.there?.size ?? 0),
    sizeOfResult: () => 0,
  });
}

/** The same, counted. */
export async function countCompared(
  here: ComparedSide,
  there: ComparedSide,
  first: number,
  call: CallOptions & { readonly signal: AbortSignal },
): Promise<Omit<Comparison, 'sent'>> {
  let more = false;
  const onMore = (): void => {
    more = true;
  };
  const counts = { new: 0, changed: 0, same: 0, 'only-there': 0 };
  const promoted = { new: new PromotedCounter(), changed: new PromotedCounter() };
  const differing: ComparedRecord[] = [];
  for await (const record of compareCollections(here, there, call, { first, onMore })) {
    counts[record.state] += 1;
    if (record.state === 'new' || record.state === 'changed') promoted[record.state].add(record);
    if (record.state !== 'same' && differing.length < MOST_DIFFERING) differing.push(record);
  }
  return { counts, promoted: { new: promoted.new.records, changed: promoted.changed.records }, differing, more };
}

function meterOf({ meter }: Pick<ComparedSide, 'meter'>): Pick<CallOptions, 'meter'> {
  return meter === undefined ? {} : { meter };
}

function saySame(one: FoundObject, two: FoundObject): boolean {
  if (Buffer.compare(one.body, two.body) === 0) return true;
  try {
    return equalJson(readJson(textOf(one)), readJson(textOf(two)));
  } catch (error) {
    if (error instanceof UnreadableRecord || error instanceof JsonSyntaxError) return false;
    throw error;
  }
}

function textOf({ head, body }: FoundObject): string {
  return decodeBody(body, { key: head.key, contentEncoding: head.contentEncoding }, MAXIMUM_BODY_BYTES).text;
}

async function* firstOf(pairs: AsyncGenerator<Pair>, { first, onMore }: ComparedPart): AsyncGenerator<Pair> {
  let count = 0;
  for await (const pair of pairs) {
    if (count === first) return onMore();
    count += 1;
    yield pair;
  }
}

/** Both listings are in the order of their keys. */
async function* pairsOf(
  here: ComparedSide,
  there: ComparedSide,
  call: CallOptions,
): AsyncGenerator<Pair, void, undefined> {
  const own = namedObjects(here, call);
  const others = namedObjects(there, call);
  try {
    let [one, two] = [await own.next(), await others.next()];
    while (one.done !== true || two.done !== true) {
      const order = one.done === true ? 1 : two.done === true ? -1 : compareUtf8(one.value.name, two.value.name);
      const first = order <= 0 ? one.value : two.value;
      if (!first) return;
      yield {
        name: first.name,
        here: order <= 0 && one.value ? one.value.object : null,
        there: order >= 0 && two.value ? two.value.object : null,
      };
      if (order <= 0) one = await own.next();
      if (order >= 0) two = await others.next();
    }
  } finally {
    await Promise.all([own.return(), others.return()]);
  }
}

async function* namedObjects(
  { client, bucket, prefix, codec, ...side }: ComparedSide,
  call: CallOptions,
): AsyncGenerator<{ readonly name: string; readonly object: ListedObject }, void, undefined> {
  for await (const { objects } of client.listAllObjects(bucket, { ...call, ...meterOf(side), prefix })) {
    for (const object of objects) {
      if (isListedKey(codec, prefix, object.key)) yield { name: object.key.slice(prefix.length), object };
    }
  }
}
