import { checksumHeader, checksumOf } from './checksum.ts';
import { createCopyObject } from './copy-object.ts';
import { createDamageCheck } from './damaged-body.ts';
import { createDeleteObjects } from './delete-objects.ts';
import type { Answer } from './answer.ts';
import type { Execute, Operation } from './execute.ts';
import { explainedHead } from './explained-head.ts';
import type { HeaderTexts } from './header-text.ts';
import { headerValue, readObjectHead, timeOf, writeObjectHeaders } from './object-headers.ts';
import type { FoundObject, GetOptions, HeadOptions, ObjectHead, S3Client } from './s3-client.ts';
import { WriteInDoubt } from './write-in-doubt.ts';

/** An object larger than this is never read into memory, whatever the caller allows. */
const MAXIMUM_OBJECT_BYTES = 512 * 1024 * 1024;

type ObjectVerbs = Pick<
  S3Client,
  'getObject' | 'getObjectIfChanged' | 'headObject' | 'putObject' | 'deleteObject' | 'deleteObjects' | 'copyObject'
>;

/** `givesChecksums`: the server is known to tell them to who asks. */
export function createObjectVerbs(execute: Execute, texts: HeaderTexts, givesChecksums: boolean): ObjectVerbs {
  /**
   * Buckets with objects whose ETag says nothing of their bytes. Checksums are asked for there alone: elsewhere each of
   * thousands of small reads a second would carry a header for what its ETag says already.
   */
  const opaque = new Set<string>();

  function get(bucket: string, key: string, call: GetOptions, ifNoneMatch: string | null): Promise<Answer> {
    const headers: Record<string, string> = {};
    if (call.range !== undefined) headers['range'] = call.range;
    if (call.ifMatch !== undefined) headers['if-match'] = call.ifMatch;
    if (ifNoneMatch !== null) headers['if-none-match'] = ifNoneMatch;
    const isWhole = call.range === undefined;
    if (isWhole && opaque.has(bucket)) headers['x-amz-checksum-mode'] = 'ENABLED';
    const tellOpaque = (): void => {
      if (givesChecksums) opaque.add(bucket);
    };
    return execute(
      {
        name: 'GetObject',
        method: 'GET',
        bucket,
        key,
        headers,
        ...versionQuery(call),
        condition: ifNoneMatch !== null ? 'if-none-match' : call.ifMatch !== undefined ? 'if-match' : null,
        maximumBytes: Math.min(call.maximumBytes ?? MAXIMUM_OBJECT_BYTES, MAXIMUM_OBJECT_BYTES),
        // The ETag is that of the whole.
        ...(isWhole ? { isDamaged: createDamageCheck(tellOpaque) } : {}),
      },
      call,
    );
  }

  const getObject: S3Client['getObject'] = async (bucket, key, call) => {
    return found(key, await get(bucket, key, call, null));
  };

  function found(key: string, answer: Answer): FoundObject {
    return { head: headOf(key, answer), body: answer.body };
  }

  /** Every S3 server tells an ETag; a hotel's page of welcome has none. */
  function headOf(key: string, answer: Answer): ObjectHead {
    if (headerValue(answer.headers, 'etag') === null) throw answer.notS3();
    return readObjectHead(key, answer.headers, texts);
  }

  return {
    getObject,

    async getObjectIfChanged(bucket, key, etag, call) {
      const answer = await get(bucket, key, call, etag);
      return answer.status === 304 ? null : found(key, answer);
    },

    async headObject(bucket, key, call) {
      const operation: Operation = {
        name: 'HeadObject',
        method: 'HEAD',
        bucket,
        key,
        ...versionQuery(call),
        ...(call.ifMatch === undefined ? {} : { headers: { 'if-match': call.ifMatch }, condition: 'if-match' }),
      };
      const answer = await explainedHead(
        () => execute(operation, call),
        () => getObject(bucket, key, { ...call, range: 'bytes=0-0' }),
      );
      return headOf(key, answer);
    },

    async putObject(bucket, key, body, call) {
      const headers = writeObjectHeaders(call.headers ?? {}, texts);
      if (call.ifMatch !== undefined) headers['if-match'] = call.ifMatch;
      if (call.ifNoneMatch !== undefined) headers['if-none-match'] = call.ifNoneMatch;
      if (call.checksum !== undefined) {
        headers[checksumHeader(call.checksum)] = checksumOf(body, call.checksum);
      }
      const answer = await execute(
        {
          name: 'PutObject',
          method: 'PUT',
          bucket,
          key,
          headers,
          body,
          condition: call.ifMatch !== undefined ? 'if-match' : call.ifNoneMatch !== undefined ? 'if-none-match' : null,
        },
        call,
      );
      const etag = headerValue(answer.headers, 'etag');
      if (etag === null) throw new WriteInDoubt(answer.notS3());
      return {
        etag,
        versionId: headerValue(answer.headers, 'x-amz-version-id'),
        lastModified: timeOf(answer.headers, 'date'),
      };
    },

    async deleteObject(bucket, key, call) {
      const answer = await execute(
        {
          name: 'DeleteObject',
          method: 'DELETE',
          bucket,
          key,
          headers: call.ifMatch === undefined ? {} : { 'if-match': call.ifMatch },
          ...versionQuery(call),
          condition: call.ifMatch === undefined ? null : 'if-match',
        },
        call,
      );
      if (answer.body.byteLength > 0) throw new WriteInDoubt(answer.notS3());
    },

    deleteObjects: createDeleteObjects(execute),
    copyObject: createCopyObject(execute, texts),
  };
}

function versionQuery({ versionId }: Pick<HeadOptions, 'versionId'>): Pick<Operation, 'query'> {
  return versionId === undefined ? {} : { query: [['versionId', versionId]] };
}
