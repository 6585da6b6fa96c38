import type { ObjectFacts, Tag } from '../../../shared/record.ts';
import type { WrittenObject } from '../index/collection-index.ts';
import type { CallOptions, ObjectHead, ObjectHeaders, PutAnswer, S3Client } from '../s3/s3-client.ts';
import { md5Of, sameEtag } from '../s3/etag.ts';
import type { RecordCall } from './record-call.ts';
import { UNCHECKED_WRITE } from '../s3/unchecked-conditions.ts';
import { headOrNull, settlePut } from './settle-write.ts';
import { hasCode, recordChanged, recordExists, recordGone, type Place } from './write-failures.ts';
import type { Expectation, WriteIntent } from './write-intent.ts';

export interface ObjectWrite extends Place {
  readonly body: Uint8Array;
  readonly expectation: Expectation;
  readonly headers: ObjectHeaders;
  readonly before: WriteIntent['before'];
}

export interface ObjectWritten {
  readonly written: WrittenObject;
  readonly notes: readonly string[];
}

/**
 * A conditional PUT. Where the server does not check conditions, the object is looked at right before, and a note says
 * that this is less; where nobody knows whether it does, both.
 */
export async function writeObject(client: S3Client, write: ObjectWrite, call: RecordCall): Promise<ObjectWritten> {
  const { announce } = call;
  const { bucket, key, expectation, before, body } = write;
  const heeded = await isConditionHeeded(client, write, call);
  if (announce !== undefined) {
    const storageClass = write.headers.storageClass ?? 'STANDARD';
    const after = { md5: md5Of(body), size: body.byteLength, storageClass };
    await announce({ bucket, key, expectation, before, after });
  }
  if (heeded !== true) await checkByHead(client, write, call);
  if (heeded !== false) {
    try {
      const answer = await settlePut(client, write, call, true);
      return { written: writtenObject(write, answer), notes: [] };
    } catch (error) {
      if (!hasCode(error, 'unsupported-by-server')) throw error;
    }
    if (heeded === true) await checkByHead(client, write, call);
  }
  const answer = await settlePut(client, write, call, false);
  return { written: writtenObject(write, answer), notes: [UNCHECKED_WRITE] };
}

/** Where a write goes and what it expects there. */
export type ConditionalWrite = Pick<ObjectWrite, 'bucket' | 'key' | 'expectation'>;

/** Null where nobody knows. */
export async function isConditionHeeded(
  client: S3Client,
  write: ConditionalWrite,
  call: CallOptions,
): Promise<boolean | null> {
  if ('any' in write.expectation) return true;
  const known = await client.capabilities(write.bucket, write.key, call);
  return 'absent' in write.expectation ? known.conditionalCreate : known.conditionalReplace;
}

/** For a server that does not look at conditions: throws what it would refuse with. */
export async function checkByHead(client: S3Client, write: ConditionalWrite, call: CallOptions): Promise<void> {
  const { expectation } = write;
  if ('any' in expectation) return;
  const head = await headOrNull(client, write, call);
  if ('absent' in expectation) {
    if (head !== null) throw recordExists(write);
  } else if (head === null) {
    throw recordGone(write);
  } else if (!sameEtag(head.etag, expectation.etag)) {
    throw recordChanged(write);
  }
}

/** What S3 knows of an object, without the count of its tags. */
export function factsOf(head: ObjectHead): ObjectFacts {
  const { tagCount: _, ...facts } = head;
  return facts;
}

/** Everything that a PUT has to say so that an object keeps what it has. */
export function keptHeaders(facts: ObjectFacts, tags: readonly Tag[]): ObjectHeaders {
  return {
    contentType: facts.contentType,
    contentEncoding: facts.contentEncoding,
    contentLanguage: facts.contentLanguage,
    contentDisposition: facts.contentDisposition,
    cacheControl: facts.cacheControl,
    expires: facts.expires,
    websiteRedirect: facts.websiteRedirect,
    userMetadata: facts.userMetadata,
    // Servers without classes refuse the header, and STANDARD is what S3 takes by itself.
    storageClass: facts.storageClass === 'STANDARD' ? null : facts.storageClass,
    encryption: facts.encryption,
    tags,
  };
}

function writtenObject(write: ObjectWrite, answer: PutAnswer): WrittenObject {
  const { headers } = write;
  return {
    body: write.body,
    tags: headers.tags ?? [],
    facts: {
      key: write.key,
      etag: answer.etag,
      size: write.body.byteLength,
      lastModified: answer.lastModified ?? null,
      storageClass: headers.storageClass ?? 'STANDARD',
      versionId: answer.versionId,
      contentType: headers.contentType ?? null,
      contentEncoding: headers.contentEncoding ?? null,
      contentLanguage: headers.contentLanguage ?? null,
      contentDisposition: headers.contentDisposition ?? null,
      cacheControl: headers.cacheControl ?? null,
      expires: headers.expires ?? null,
      userMetadata: headers.userMetadata ?? [],
      encryption: headers.encryption ?? null,
      websiteRedirect: headers.websiteRedirect ?? null,
    },
  };
}
