import type { ObjectFacts, Tag } from '../../../shared/record.ts';
import type { WrittenObject } from '../index/collection-index.ts';
import type { ObjectHeaders, PutAnswer, S3Client } from '../s3/s3-client.ts';
import { sameEtag } from './etag.ts';
import { headOrNull, settlePut, type Expectation } from './settle-write.ts';
import { hasCode, recordChanged, recordExists, recordGone, type Place } from './write-failures.ts';

export interface ObjectWrite extends Place {
  readonly body: Uint8Array;
  readonly expectation: Expectation;
  readonly headers: ObjectHeaders;
  readonly signal: AbortSignal;
}

export interface ObjectWritten {
  readonly written: WrittenObject;
  readonly notes: readonly string[];
}

/** A conditional PUT; where the server cannot do one, the object is looked at right before, and a note says so. */
export async function writeObject(client: S3Client, write: ObjectWrite): Promise<ObjectWritten> {
  const options = { headers: write.headers, signal: write.signal };
  try {
    const answer = await settlePut(client, { ...write, conditional: true, options });
    return { written: writtenObject(write, answer), notes: [] };
  } catch (error) {
    if (!hasCode(error, 'unsupported-by-server')) throw error;
  }
  await checkByHead(client, write);
  const answer = await settlePut(client, { ...write, conditional: false, options });
  return {
    written: writtenObject(write, answer),
    notes: [
      'The server cannot write conditionally: the object was looked at right before, but a change in the same moment would be lost.',
    ],
  };
}

async function checkByHead(client: S3Client, write: ObjectWrite): Promise<void> {
  const head = await headOrNull(client, write, write.signal);
  if ('absent' in write.expectation) {
    if (head !== null) throw recordExists(write);
  } else if (head === null) {
    throw recordGone(write);
  } else if (!sameEtag(head.etag, write.expectation.etag)) {
    throw recordChanged(write);
  }
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
    facts: {
      key: write.key,
      etag: answer.etag,
      size: write.body.byteLength,
      // A PUT's answer does not say it.
      lastModified: null,
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
