import { setTimeout as sleep } from 'node:timers/promises';
import { AppFailure } from '../../../shared/result.ts';
import { createAddressing } from './addressing.ts';
import { createExecute, type Execute, type Machinery } from './execute.ts';
import { createHeaderTexts } from './header-text.ts';
import { createListing } from './list-objects.ts';
import { headerValue, readObjectHead, writeObjectHeaders } from './object-headers.ts';
import { createPools, DEFAULT_TIMEOUTS, type Timeouts } from './pools.ts';
import type { ProxySettings } from './proxy.ts';
import type { RequestLog } from './request-log.ts';
import type { S3Client, S3Target } from './s3-client.ts';
import { createSigner } from './signing.ts';
import { readTagging, writeTagging } from './tagging.ts';
import { eachElement, elementText, findElement, namespacePrefix } from './xml.ts';

export interface S3ClientOptions {
  /** Where every try is noted. */
  readonly log?: RequestLog;
  readonly timeouts?: Partial<Timeouts>;
  /** Default: none. */
  readonly proxies?: ProxySettings;
  /** For tests: the clock that signs, the dice of the retry pauses, and the pauses themselves. */
  readonly now?: () => Date;
  readonly random?: () => number;
  readonly pause?: Machinery['pause'];
}

/** An object larger than this is never read into memory, whatever the caller allows. */
const MAXIMUM_OBJECT_BYTES = 512 * 1024 * 1024;
const MAXIMUM_SMALL_ANSWER_BYTES = 1024 * 1024;
/** AWS answers up to 10,000 buckets at once. */
const MAXIMUM_BUCKETS_BYTES = 16 * 1024 * 1024;

/** The fast lane. Opens no socket until the first call. Throws `invalid-arguments` for an endpoint that is no base URL. */
export function createS3Client(target: S3Target, options: S3ClientOptions = {}): S3Client {
  const pools = createPools(target.maxWorkers, { ...DEFAULT_TIMEOUTS, ...options.timeouts }, options.proxies);
  const execute = createExecute({
    target,
    addressing: createAddressing(target),
    signer: createSigner(target.credentials, target.region),
    pools,
    log: options.log ?? null,
    now: options.now ?? (() => new Date()),
    random: options.random ?? Math.random,
    pause: options.pause ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal })),
  });
  const listing = createListing(execute);
  return {
    ...objectVerbs(execute),
    ...listing,
    ...bucketVerbs(execute, target, listing.listObjectsV2),
    close: () => pools.close(),
  };
}

function objectVerbs(
  execute: Execute,
): Pick<S3Client, 'getObject' | 'headObject' | 'putObject' | 'deleteObject' | 'getObjectTagging' | 'putObjectTagging'> {
  const texts = createHeaderTexts();

  const getObject: S3Client['getObject'] = async (bucket, key, call) => {
    const headers: Record<string, string> = {};
    if (call.range !== undefined) headers['range'] = call.range;
    if (call.ifMatch !== undefined) headers['if-match'] = call.ifMatch;
    const answer = await execute(
      {
        name: 'GetObject',
        method: 'GET',
        bucket,
        key,
        headers,
        condition: call.ifMatch === undefined ? null : 'if-match',
        maximumBytes: Math.min(call.maximumBytes ?? MAXIMUM_OBJECT_BYTES, MAXIMUM_OBJECT_BYTES),
      },
      call,
    );
    return { head: readObjectHead(key, answer.headers, texts), body: answer.body };
  };

  return {
    getObject,

    async headObject(bucket, key, call) {
      try {
        const answer = await execute({ name: 'HeadObject', method: 'HEAD', bucket, key, maximumBytes: 0 }, call);
        return readObjectHead(key, answer.headers, texts);
      } catch (failure) {
        throw await explained(failure, () => getObject(bucket, key, { ...call, range: 'bytes=0-0' }));
      }
    },

    async putObject(bucket, key, body, call) {
      const headers = writeObjectHeaders(call.headers ?? {}, texts);
      if (call.ifMatch !== undefined) headers['if-match'] = call.ifMatch;
      if (call.ifNoneMatch !== undefined) headers['if-none-match'] = call.ifNoneMatch;
      const answer = await execute(
        {
          name: 'PutObject',
          method: 'PUT',
          bucket,
          key,
          headers,
          body,
          condition: call.ifMatch !== undefined ? 'if-match' : call.ifNoneMatch !== undefined ? 'if-none-match' : null,
          maximumBytes: MAXIMUM_SMALL_ANSWER_BYTES,
        },
        call,
      );
      const etag = headerValue(answer.headers, 'etag');
      if (etag === null) throw answer.notS3();
      return { etag, versionId: headerValue(answer.headers, 'x-amz-version-id') };
    },

    async deleteObject(bucket, key, call) {
      await execute(
        {
          name: 'DeleteObject',
          method: 'DELETE',
          bucket,
          key,
          headers: call.ifMatch === undefined ? {} : { 'if-match': call.ifMatch },
          condition: call.ifMatch === undefined ? null : 'if-match',
          maximumBytes: MAXIMUM_SMALL_ANSWER_BYTES,
        },
        call,
      );
    },

    async getObjectTagging(bucket, key, call) {
      const answer = await execute(
        {
          name: 'GetObjectTagging',
          method: 'GET',
          bucket,
          key,
          query: [['tagging', '']],
          maximumBytes: MAXIMUM_SMALL_ANSWER_BYTES,
        },
        call,
      );
      const tags = readTagging(answer.body.toString('utf8'));
      if (tags === null) throw answer.notS3();
      return tags;
    },

    async putObjectTagging(bucket, key, tags, call) {
      await execute(
        {
          name: 'PutObjectTagging',
          method: 'PUT',
          bucket,
          key,
          query: [['tagging', '']],
          headers: { 'content-type': 'application/xml' },
          body: Buffer.from(writeTagging(tags), 'utf8'),
          maximumBytes: MAXIMUM_SMALL_ANSWER_BYTES,
        },
        call,
      );
    },
  };
}

function bucketVerbs(
  execute: Execute,
  target: S3Target,
  listObjectsV2: S3Client['listObjectsV2'],
): Pick<S3Client, 'listBuckets' | 'headBucket' | 'createBucket'> {
  return {
    async listBuckets(call) {
      const answer = await execute(
        { name: 'ListBuckets', method: 'GET', bucket: null, key: null, maximumBytes: MAXIMUM_BUCKETS_BYTES },
        call,
      );
      const xml = answer.body.toString('utf8');
      const p = namespacePrefix(xml);
      const root = findElement(xml, `${p}ListAllMyBucketsResult`, 0, xml.length);
      if (root === null) throw answer.notS3();
      return Array.from(
        eachElement(xml.slice(root.start, root.end), `${p}Bucket`),
        (bucket) => elementText(bucket, `${p}Name`) ?? '',
      );
    },

    async headBucket(bucket, call) {
      try {
        await execute({ name: 'HeadBucket', method: 'HEAD', bucket, key: null, maximumBytes: 0 }, call);
      } catch (failure) {
        throw await explained(failure, () => listObjectsV2(bucket, { ...call, maxKeys: 1 }));
      }
    },

    async createBucket(bucket, call) {
      // us-east-1 is the one region that may not be named.
      const body = Buffer.from(
        `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${target.region}</LocationConstraint></CreateBucketConfiguration>`,
      );
      await execute(
        {
          name: 'CreateBucket',
          method: 'PUT',
          bucket,
          key: null,
          maximumBytes: MAXIMUM_SMALL_ANSWER_BYTES,
          ...(target.region === 'us-east-1' ? {} : { body }),
        },
        call,
      );
    },
  };
}

/**
 * The answer to a HEAD has no body, so a wrong key, a wrong signature and a missing permission look alike (403, or 400
 * on AWS). The same request as a GET says which it is.
 */
async function explained(failure: unknown, ask: () => Promise<unknown>): Promise<unknown> {
  const status = failure instanceof AppFailure ? failure.error.detail?.status : undefined;
  if (status !== 403 && status !== 400) return failure;
  try {
    await ask();
    return failure;
  } catch (answer) {
    return answer;
  }
}
