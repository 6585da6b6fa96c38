import type { GetObjectCommandInput, HeadObjectCommandInput, S3 } from '@aws-sdk/client-s3';
import { isDeepStrictEqual } from 'node:util';
import { casesOf } from '../case.ts';
import { outcome, status, text } from '../observe.ts';

const BODY = 'abcdefghij';
const DAY_MILLISECONDS = 86_400_000;
const yesterday = new Date(Date.now() - DAY_MILLISECONDS);
const tomorrow = new Date(Date.now() + DAY_MILLISECONDS);
const OTHER_ETAG = '"00000000000000000000000000000000"';

async function ranged(s3: S3, Bucket: string, Range: string): Promise<unknown> {
  try {
    const got = await s3.getObject({ Bucket, Key: 'a', Range });
    return [got.$metadata.httpStatusCode, await got.Body?.transformToString(), got.ContentRange ?? null];
  } catch {
    return outcome(s3.getObject({ Bucket, Key: 'a', Range }));
  }
}

const getObject = casesOf('GetObject', [
  {
    name: 'answers the body with its facts',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: BODY });
      const got = await s3.getObject({ Bucket, Key: 'a' });
      const { ContentLength, ETag, AcceptRanges, LastModified, VersionId = null } = got;
      const body = await got.Body?.transformToString();
      return { body, ContentLength, ETag, AcceptRanges, modified: LastModified instanceof Date, VersionId };
    },
    expected: {
      body: BODY,
      ContentLength: 10,
      ETag: '"a925576942e94b2ef57a066101b48876"',
      AcceptRanges: 'bytes',
      modified: true,
      VersionId: null,
    },
  },
  {
    name: 'refuses a key and a bucket that are not there',
    run: async ({ s3, Bucket }) => [
      await outcome(s3.getObject({ Bucket, Key: 'none' })),
      await outcome(s3.getObject({ Bucket: `${Bucket}-none`, Key: 'none' })),
    ],
    expected: ['NoSuchKey 404', 'NoSuchBucket 404'],
  },
  ...(
    [
      ['the first bytes', 'bytes=0-2', [206, 'abc', 'bytes 0-2/10']],
      ['the last bytes', 'bytes=-3', [206, 'hij', 'bytes 7-9/10']],
      ['all from a byte on', 'bytes=7-', [206, 'hij', 'bytes 7-9/10']],
      ['no more than there is', 'bytes=8-99', [206, 'ij', 'bytes 8-9/10']],
      ['the whole where more last bytes are asked for than there are', 'bytes=-99', [206, BODY, 'bytes 0-9/10']],
      ['the whole for a range that is none', 'bytes=x', [200, BODY, null]],
      ['the whole for a range that ends before it begins', 'bytes=5-2', [200, BODY, null]],
      ['nothing behind the end', 'bytes=10-', 'InvalidRange 416'],
      ['nothing for the last zero bytes', 'bytes=-0', 'InvalidRange 416'],
    ] as const
  ).map(([what, range, expected]) => ({
    name: `reads ${what} (${range})`,
    source: 'RFC 9110, 14.2',
    run: async ({ s3, Bucket }: { readonly s3: S3; readonly Bucket: string }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: BODY });
      return ranged(s3, Bucket, range);
    },
    expected,
  })),
  {
    name: 'has no range of an empty object',
    source: 'RFC 9110, 14.2',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: '' });
      return ranged(s3, Bucket, 'bytes=0-');
    },
    expected: 'InvalidRange 416',
  },
  {
    name: 'answers response-* headers in place of those that were kept',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: BODY, ContentType: 'text/plain', CacheControl: 'max-age=1' });
      const { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ExpiresString } =
        await s3.getObject({
          Bucket,
          Key: 'a',
          ResponseContentType: 'application/json',
          ResponseCacheControl: 'no-store',
          ResponseContentDisposition: 'attachment; filename="b c"',
          ResponseContentEncoding: 'identity',
          ResponseContentLanguage: 'de',
          ResponseExpires: new Date('2030-01-02T03:04:05Z'),
        });
      return { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ExpiresString };
    },
    expected: {
      ContentType: 'application/json',
      CacheControl: 'no-store',
      ContentDisposition: 'attachment; filename="b c"',
      ContentEncoding: 'identity',
      ContentLanguage: 'de',
      ExpiresString: 'Wed, 02 Jan 2030 03:04:05 GMT',
    },
  },
  {
    name: 'reads 3 MB as they were written',
    run: async ({ s3, Bucket }) => {
      const body = Buffer.alloc(3_000_017, 'Dipper ');
      await s3.putObject({ Bucket, Key: 'large', Body: body });
      const back = await (await s3.getObject({ Bucket, Key: 'large' })).Body?.transformToByteArray();
      return Buffer.compare(body, back ?? Buffer.alloc(0));
    },
    expected: 0,
  },
  {
    name: 'answers no checksum for a part of the body',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: BODY, ChecksumAlgorithm: 'SHA256' });
      const part = await s3.getObject({ Bucket, Key: 'a', Range: 'bytes=0-2', ChecksumMode: 'ENABLED' });
      return part.ChecksumSHA256 ?? 'none';
    },
    expected: 'none',
  },
]);

type Conditions = Pick<GetObjectCommandInput, 'IfMatch' | 'IfNoneMatch' | 'IfModifiedSince' | 'IfUnmodifiedSince'>;

const CONDITIONS: readonly (readonly [string, (etag: string | undefined) => Conditions, number])[] = [
  ['If-Match that fits', (IfMatch) => ({ IfMatch }), 200],
  ['If-Match of another', () => ({ IfMatch: OTHER_ETAG }), 412],
  ['If-None-Match that fits', (IfNoneMatch) => ({ IfNoneMatch }), 304],
  ['If-None-Match of another', () => ({ IfNoneMatch: OTHER_ETAG }), 200],
  ['If-Modified-Since before', () => ({ IfModifiedSince: yesterday }), 200],
  ['If-Unmodified-Since before', () => ({ IfUnmodifiedSince: yesterday }), 412],
  ['If-Unmodified-Since after', () => ({ IfUnmodifiedSince: tomorrow }), 200],
  ['If-Match that fits and time that does not', (IfMatch) => ({ IfMatch, IfUnmodifiedSince: yesterday }), 200],
  ['If-None-Match that fits and time that says new', (e) => ({ IfNoneMatch: e, IfModifiedSince: yesterday }), 304],
];

const conditionalReads = CONDITIONS.flatMap(([what, conditions, expected]) => [
  ...casesOf('GetObject', [
    {
      name: `under ${what}`,
      source: 'RFC 9110, 13.2.2',
      run: async ({ s3, Bucket }) => {
        const { ETag } = await s3.putObject({ Bucket, Key: 'a', Body: BODY });
        return status(s3.getObject({ Bucket, Key: 'a', ...conditions(ETag) }));
      },
      expected,
    },
  ]),
]);

const headObject = casesOf('HeadObject', [
  {
    name: 'answers what GetObject answers, without a body',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: BODY, Metadata: { a: 'b' }, CacheControl: 'no-cache' });
      const { Body, TagCount, $metadata: first, ...got } = await s3.getObject({ Bucket, Key: 'a' });
      await Body?.transformToString();
      const { $metadata: second, ...head } = await s3.headObject({ Bucket, Key: 'a' });
      const same = isDeepStrictEqual(
        { ...got, status: first.httpStatusCode },
        { ...head, status: second.httpStatusCode },
      );
      return same && (TagCount ?? 0) === 0;
    },
    expected: true,
  },
  {
    name: 'answers 404 for a key that is not there',
    run: async ({ s3, Bucket }) => status(s3.headObject({ Bucket, Key: 'none' })),
    expected: 404,
  },
  {
    name: 'answers the length of a range',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: BODY });
      const { $metadata, ContentLength } = await s3.headObject({ Bucket, Key: 'a', Range: 'bytes=2-4' });
      return [$metadata.httpStatusCode, ContentLength];
    },
    expected: [206, 3],
  },
  {
    name: 'answers 304 and 412 under conditions',
    run: async ({ s3, Bucket }) => {
      const { ETag } = await s3.putObject({ Bucket, Key: 'a', Body: BODY });
      const head = (more: Partial<HeadObjectCommandInput>): Promise<number | undefined> =>
        status(s3.headObject({ Bucket, Key: 'a', ...more }));
      return [await head({ IfNoneMatch: ETag }), await head({ IfMatch: OTHER_ETAG }), await head({ IfMatch: ETag })];
    },
    expected: [304, 412, 200],
  },
]);

const unchanged = casesOf('GetObject', [
  {
    name: 'reads an object that was deleted meanwhile to no one',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: BODY });
      const before = await text(s3.getObject({ Bucket, Key: 'a' }));
      await s3.deleteObject({ Bucket, Key: 'a' });
      return [before, await outcome(s3.getObject({ Bucket, Key: 'a' }))];
    },
    expected: [BODY, 'NoSuchKey 404'],
  },
]);

export const getAndHeadObject = [...getObject, ...conditionalReads, ...headObject, ...unchanged];
