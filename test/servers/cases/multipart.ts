import type { CompletedPart, CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { casesOf, type World } from '../case.ts';
import { digest, md5, outcome, status, text } from '../observe.ts';

const SMALLEST_PART = 5 * 1024 * 1024;
const LIMITS = 'Amazon S3 multipart upload limits (User Guide)';

interface Upload {
  readonly UploadId: string;
  readonly part: (number: number, body: Uint8Array | string) => Promise<CompletedPart>;
  readonly complete: (parts: CompletedPart[] | undefined, more?: object) => Promise<string>;
}

async function begin({ s3, Bucket }: World, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<Upload> {
  const Key = more.Key ?? 'a';
  const { UploadId = '' } = await s3.createMultipartUpload({ Bucket, ...more, Key });
  return {
    UploadId,
    part: async (PartNumber, Body) => {
      const { ETag } = await s3.uploadPart({ Bucket, Key, UploadId, PartNumber, Body });
      return { ETag, PartNumber };
    },
    complete: (Parts, conditions = {}) =>
      outcome(s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...conditions })),
  };
}

function etagOfParts(...bodies: readonly (Uint8Array | string)[]): string {
  const sums = bodies.map((body) => createHash('md5').update(body).digest());
  return `"${md5(Buffer.concat(sums))}-${bodies.length}"`;
}

function crc32Text(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

const large = Buffer.alloc(SMALLEST_PART, 'Dipper ');

const complete = casesOf('CompleteMultipartUpload', [
  {
    name: 'makes one object of parts, its ETag one of theirs, with all that the upload was begun with',
    run: async (world) => {
      const { s3, Bucket } = world;
      const upload = await begin(world, {
        ContentType: 'text/plain',
        Metadata: { a: 'b' },
        Tagging: 'color=blue',
        StorageClass: 'STANDARD_IA',
      });
      const parts = [await upload.part(3, large), await upload.part(7, 'end')];
      const before = await status(s3.headObject({ Bucket, Key: 'a' }));
      const answer = await upload.complete(parts);
      const head = await s3.headObject({ Bucket, Key: 'a' });
      const { ContentLength, ETag, ContentType, Metadata, StorageClass } = head;
      const last = await text(s3.getObject({ Bucket, Key: 'a', Range: 'bytes=-5' }));
      const { TagSet } = await s3.getObjectTagging({ Bucket, Key: 'a' });
      return { before, answer, ContentLength, ETag, ContentType, Metadata, StorageClass, last, TagSet };
    },
    expected: {
      before: 404,
      answer: 'done',
      ContentLength: SMALLEST_PART + 3,
      ETag: etagOfParts(large, 'end'),
      ContentType: 'text/plain',
      Metadata: { a: 'b' },
      StorageClass: 'STANDARD_IA',
      last: `${large.subarray(-2).toString()}end`,
      TagSet: [{ Key: 'color', Value: 'blue' }],
    },
  },
  {
    name: 'refuses parts that are not in their order',
    run: async (world) => {
      const upload = await begin(world);
      const [one, two] = [await upload.part(1, large), await upload.part(2, 'end')];
      return upload.complete([two, one]);
    },
    expected: 'InvalidPartOrder 400',
  },
  {
    name: 'refuses a part that was not sent, and one with another ETag',
    run: async (world) => {
      const upload = await begin(world);
      const one = await upload.part(1, 'only');
      return [
        await upload.complete([{ PartNumber: 2, ETag: one.ETag }]),
        await upload.complete([{ PartNumber: 1, ETag: `"${md5('other')}"` }]),
      ];
    },
    expected: ['InvalidPart 400', 'InvalidPart 400'],
  },
  {
    name: 'refuses a part below 5 MiB that is not the last',
    source: LIMITS,
    run: async (world) => {
      const upload = await begin(world);
      return upload.complete([await upload.part(1, large.subarray(1)), await upload.part(2, 'end')]);
    },
    expected: 'EntityTooSmall 400',
  },
  {
    name: 'refuses an empty list of parts',
    run: async (world) => {
      const upload = await begin(world);
      await upload.part(1, 'only');
      return upload.complete(undefined);
    },
    expected: 'MalformedXML 400',
  },
  {
    name: 'takes a part that was sent twice as it was sent last',
    run: async (world) => {
      const upload = await begin(world);
      await upload.part(1, 'first');
      const one = await upload.part(1, 'second');
      return [await upload.complete([one]), await text(world.s3.getObject({ Bucket: world.Bucket, Key: 'a' }))];
    },
    expected: ['done', 'second'],
  },
  {
    name: 'leaves out parts that are not named',
    run: async (world) => {
      const upload = await begin(world);
      const one = await upload.part(1, 'wanted');
      await upload.part(2, 'not wanted');
      return [await upload.complete([one]), await text(world.s3.getObject({ Bucket: world.Bucket, Key: 'a' }))];
    },
    expected: ['done', 'wanted'],
  },
  {
    name: 'answers the same when it is sent again',
    run: async (world) => {
      const upload = await begin(world);
      const parts = [await upload.part(1, 'only')];
      return [await upload.complete(parts), await upload.complete(parts)];
    },
    expected: ['done', 'done'],
  },
  {
    name: 'with If-None-Match never replaces what is there',
    source: 'How to prevent object overwrites with conditional writes (User Guide)',
    run: async (world) => {
      await world.s3.putObject({ Bucket: world.Bucket, Key: 'a', Body: 'there' });
      const upload = await begin(world);
      const parts = [await upload.part(1, 'only')];
      return [
        await upload.complete(parts, { IfNoneMatch: '*' }),
        await text(world.s3.getObject({ Bucket: world.Bucket, Key: 'a' })),
      ];
    },
    expected: ['PreconditionFailed 412', 'there'],
  },
  {
    name: 'with If-Match replaces only what its caller saw',
    source: 'How to prevent object overwrites with conditional writes (User Guide)',
    run: async (world) => {
      const { ETag } = await world.s3.putObject({ Bucket: world.Bucket, Key: 'a', Body: 'there' });
      const wrong = await begin(world);
      const right = await begin(world);
      return [
        await wrong.complete([await wrong.part(1, 'wrong')], { IfMatch: `"${md5('other')}"` }),
        await right.complete([await right.part(1, 'right')], { IfMatch: ETag }),
        await text(world.s3.getObject({ Bucket: world.Bucket, Key: 'a' })),
      ];
    },
    expected: ['PreconditionFailed 412', 'done', 'right'],
  },
  {
    name: 'answers the CRC of the whole where the upload was begun with FULL_OBJECT',
    source: 'Checking object integrity in Amazon S3 (User Guide)',
    run: async ({ s3, Bucket }) => {
      const Key = 'a';
      const begun = { Bucket, Key, ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
      const { UploadId } = await s3.createMultipartUpload(begun);
      const Parts: CompletedPart[] = [];
      for (const [at, Body] of [large, 'end'].entries()) {
        const part = { Bucket, Key, UploadId, PartNumber: at + 1, Body, ChecksumAlgorithm: 'CRC32' } as const;
        const { ETag, ChecksumCRC32 } = await s3.uploadPart(part);
        Parts.push({ ETag, ChecksumCRC32, PartNumber: at + 1 });
      }
      const whole = { Bucket, Key, UploadId, MultipartUpload: { Parts }, ChecksumType: 'FULL_OBJECT' } as const;
      await s3.completeMultipartUpload(whole);
      const { ChecksumCRC32, ChecksumType } = await s3.headObject({ Bucket, Key, ChecksumMode: 'ENABLED' });
      return { ChecksumCRC32, ChecksumType };
    },
    expected: { ChecksumCRC32: crc32Text(Buffer.concat([large, Buffer.from('end')])), ChecksumType: 'FULL_OBJECT' },
  },
  {
    name: 'answers a checksum of the parts’ checksums',
    source: 'Checking object integrity in Amazon S3 (User Guide)',
    run: async ({ s3, Bucket }) => {
      const Key = 'a';
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key, ChecksumAlgorithm: 'SHA256' });
      const Parts: CompletedPart[] = [];
      for (const [at, Body] of [large, 'end'].entries()) {
        const part = { Bucket, Key, UploadId, PartNumber: at + 1, Body, ChecksumSHA256: digest('sha256', Body) };
        const { ETag, ChecksumSHA256 } = await s3.uploadPart(part);
        Parts.push({ ETag, ChecksumSHA256, PartNumber: at + 1 });
      }
      await s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } });
      const { ChecksumSHA256, ChecksumType } = await s3.headObject({ Bucket, Key, ChecksumMode: 'ENABLED' });
      return { ChecksumSHA256, ChecksumType };
    },
    expected: {
      ChecksumSHA256: `${digest(
        'sha256',
        Buffer.concat([large, 'end'].map((body) => createHash('sha256').update(body).digest())),
      )}-2`,
      ChecksumType: 'COMPOSITE',
    },
  },
]);

const create = casesOf('CreateMultipartUpload', [
  {
    name: 'begins two uploads of one key that know nothing of each other',
    run: async (world) => {
      const { s3, Bucket } = world;
      const [one, other] = [await begin(world), await begin(world)];
      const [first, second] = [await one.part(1, 'first'), await other.part(1, 'second')];
      const answers = [await other.complete([second]), await one.complete([first])];
      return [one.UploadId === other.UploadId, answers, await text(s3.getObject({ Bucket, Key: 'a' }))];
    },
    expected: [false, ['done', 'done'], 'first'],
  },
  {
    name: 'refuses a bucket that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.createMultipartUpload({ Bucket: `${Bucket}-none`, Key: 'a' })),
    expected: 'NoSuchBucket 404',
  },
  {
    name: 'refuses a storage class that does not exist',
    run: async ({ altering, Bucket }) =>
      outcome(altering({ 'x-amz-storage-class': 'COLD' }, 'signed').createMultipartUpload({ Bucket, Key: 'a' })),
    expected: 'InvalidStorageClass 400',
  },
]);

const uploadPart = casesOf('UploadPart', [
  {
    name: 'answers the MD5 of the part as ETag',
    run: async (world) => (await (await begin(world)).part(1, 'Dipper')).ETag,
    expected: `"${md5('Dipper')}"`,
  },
  {
    name: 'takes part numbers from 1 to 10,000',
    source: LIMITS,
    run: async (world) => {
      const { part } = await begin(world);
      return [await outcome(part(10_000, 'x')), await outcome(part(10_001, 'x')), await outcome(part(0, 'x'))];
    },
    expected: ['done', 'InvalidArgument 400', 'InvalidArgument 400'],
  },
  {
    name: 'refuses an upload that is not there, and one of another key',
    run: async (world) => {
      const { s3, Bucket } = world;
      const { UploadId } = await begin(world);
      const send = (Key: string, id: string): Promise<string> =>
        outcome(s3.uploadPart({ Bucket, Key, UploadId: id, PartNumber: 1, Body: 'x' }));
      return [await send('a', 'made-up'), await send('b', UploadId)];
    },
    expected: ['NoSuchUpload 404', 'NoSuchUpload 404'],
  },
  {
    name: 'refuses a part whose checksum is another',
    run: async ({ s3, Bucket }) => {
      const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'a', ChecksumAlgorithm: 'SHA256' });
      const ChecksumSHA256 = digest('sha256', 'other');
      return outcome(s3.uploadPart({ Bucket, Key: 'a', UploadId, PartNumber: 1, Body: 'x', ChecksumSHA256 }));
    },
    expected: 'BadDigest 400',
  },
]);

const uploadPartCopy = casesOf('UploadPartCopy', [
  {
    name: 'makes parts of ranges of another object',
    run: async (world) => {
      const { s3, Bucket } = world;
      await s3.putObject({ Bucket, Key: 'from', Body: Buffer.concat([large, Buffer.from('and an end')]) });
      const { UploadId, complete: finish } = await begin(world);
      const Parts: CompletedPart[] = [];
      for (const CopySourceRange of [
        `bytes=0-${SMALLEST_PART - 1}`,
        `bytes=${SMALLEST_PART + 7}-${SMALLEST_PART + 9}`,
      ]) {
        const PartNumber = Parts.length + 1;
        const copied = await s3.uploadPartCopy({
          Bucket,
          Key: 'a',
          UploadId,
          PartNumber,
          CopySource: `${Bucket}/from`,
          CopySourceRange,
        });
        Parts.push({ PartNumber, ETag: copied.CopyPartResult?.ETag });
      }
      return [await finish(Parts), (await s3.headObject({ Bucket, Key: 'a' })).ETag];
    },
    expected: ['done', etagOfParts(large, 'end')],
  },
  {
    name: 'refuses a range beyond the source and a source that is not there',
    run: async (world) => {
      const { s3, Bucket } = world;
      await s3.putObject({ Bucket, Key: 'from', Body: 'Dipper' });
      const { UploadId } = await begin(world);
      const copy = (source: string, CopySourceRange?: string): Promise<string> => {
        const CopySource = `${Bucket}/${source}`;
        return outcome(s3.uploadPartCopy({ Bucket, Key: 'a', UploadId, PartNumber: 1, CopySource, CopySourceRange }));
      };
      return [await copy('from', 'bytes=3-9'), await copy('none')];
    },
    expected: ['InvalidArgument 400', 'NoSuchKey 404'],
  },
]);

const lists = [
  ...casesOf('ListParts', [
    {
      name: 'lists parts by their numbers, page by page',
      run: async (world) => {
        const { s3, Bucket } = world;
        const { UploadId, part } = await begin(world);
        for (const number of [3, 1, 2]) await part(number, 'x'.repeat(number));
        const first = await s3.listParts({ Bucket, Key: 'a', UploadId, MaxParts: 2 });
        const second = await s3.listParts({ Bucket, Key: 'a', UploadId, PartNumberMarker: first.NextPartNumberMarker });
        return [first, second].map(({ Parts = [], IsTruncated }) => [
          Parts.map(({ PartNumber, Size }) => `${PartNumber}: ${Size}`),
          IsTruncated,
        ]);
      },
      expected: [
        [['1: 1', '2: 2'], true],
        [['3: 3'], false],
      ],
    },
    {
      name: 'refuses an upload that is not there',
      run: async ({ s3, Bucket }) => outcome(s3.listParts({ Bucket, Key: 'a', UploadId: 'made-up' })),
      expected: 'NoSuchUpload 404',
    },
  ]),
  ...casesOf('ListMultipartUploads', [
    {
      name: 'lists uploads by keys, by prefix, delimiter and pages',
      run: async (world) => {
        const { s3, Bucket } = world;
        for (const Key of ['b/2', 'a', 'b/1', 'c']) await begin(world, { Key });
        const keys = async (input: object): Promise<unknown> => {
          const {
            Uploads = [],
            CommonPrefixes = [],
            IsTruncated,
          } = await s3.listMultipartUploads({ Bucket, ...input });
          return [Uploads.map(({ Key }) => Key), CommonPrefixes.map(({ Prefix }) => Prefix), IsTruncated];
        };
        return [
          await keys({}),
          await keys({ Prefix: 'b' }),
          await keys({ Delimiter: '/' }),
          await keys({ MaxUploads: 2 }),
        ];
      },
      expected: [
        [['a', 'b/1', 'b/2', 'c'], [], false],
        [['b/1', 'b/2'], [], false],
        [['a', 'c'], ['b/'], false],
        [['a', 'b/1'], [], true],
      ],
    },
    {
      name: 'goes on behind the markers it gave',
      run: async (world) => {
        const { s3, Bucket } = world;
        for (const Key of ['a', 'a', 'b']) await begin(world, { Key });
        const first = await s3.listMultipartUploads({ Bucket, MaxUploads: 1 });
        const rest = await s3.listMultipartUploads({
          Bucket,
          KeyMarker: first.NextKeyMarker,
          UploadIdMarker: first.NextUploadIdMarker,
        });
        return [first, rest].map(({ Uploads = [] }) => Uploads.map(({ Key }) => Key));
      },
      expected: [['a'], ['a', 'b']],
    },
    {
      name: 'no longer lists what is complete',
      run: async (world) => {
        const { complete: finish, part } = await begin(world);
        await finish([await part(1, 'x')]);
        return (await world.s3.listMultipartUploads({ Bucket: world.Bucket })).Uploads ?? [];
      },
      expected: [],
    },
  ]),
];

const abort = casesOf('AbortMultipartUpload', [
  {
    name: 'drops an upload with its parts',
    run: async (world) => {
      const { s3, Bucket } = world;
      const { UploadId, part, complete: finish } = await begin(world);
      const parts = [await part(1, 'x')];
      return [
        await status(s3.abortMultipartUpload({ Bucket, Key: 'a', UploadId })),
        await outcome(part(2, 'x')),
        await finish(parts),
        await outcome(s3.listParts({ Bucket, Key: 'a', UploadId })),
        await status(s3.headObject({ Bucket, Key: 'a' })),
      ];
    },
    expected: [204, 'NoSuchUpload 404', 'NoSuchUpload 404', 'NoSuchUpload 404', 404],
  },
  {
    name: 'refuses an upload that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.abortMultipartUpload({ Bucket, Key: 'a', UploadId: 'made-up' })),
    expected: 'NoSuchUpload 404',
  },
]);

const byPart = casesOf('GetObject', [
  {
    name: 'reads one part of an object by its number',
    run: async (world) => {
      const { part, complete: finish } = await begin(world);
      await finish([await part(1, large), await part(2, 'end')]);
      const { s3, Bucket } = world;
      const got = await s3.getObject({ Bucket, Key: 'a', PartNumber: 2 });
      const { $metadata, PartsCount, ContentRange } = got;
      return [$metadata.httpStatusCode, await got.Body?.transformToString(), PartsCount, ContentRange];
    },
    expected: [206, 'end', 2, `bytes ${SMALLEST_PART}-${SMALLEST_PART + 2}/${SMALLEST_PART + 3}`],
  },
  {
    name: 'refuses a part number that the object does not have',
    run: async (world) => {
      const { part, complete: finish } = await begin(world);
      await finish([await part(1, 'only')]);
      return outcome(world.s3.getObject({ Bucket: world.Bucket, Key: 'a', PartNumber: 2 }));
    },
    expected: 'InvalidPartNumber 416',
  },
]);

export const multipart = [...create, ...complete, ...uploadPart, ...uploadPartCopy, ...lists, ...abort, ...byPart];
