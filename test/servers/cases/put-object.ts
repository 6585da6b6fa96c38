import { Readable } from 'node:stream';
import { casesOf, type World } from '../case.ts';
import { digest, md5, outcome, status, text } from '../observe.ts';

const everything = casesOf('PutObject', [
  {
    name: 'answers the MD5 of the body as ETag',
    run: async ({ s3, Bucket }) => [
      (await s3.putObject({ Bucket, Key: 'a', Body: 'Dipper' })).ETag,
      (await s3.putObject({ Bucket, Key: 'empty', Body: '' })).ETag,
    ],
    expected: [`"${md5('Dipper')}"`, `"${md5('')}"`],
  },
  {
    name: 'keeps the headers that describe the content',
    run: async ({ s3, Bucket }) => {
      const described = {
        ContentType: 'application/json',
        ContentEncoding: 'identity',
        ContentLanguage: 'de',
        ContentDisposition: 'attachment; filename="a.json"',
        CacheControl: 'max-age=60',
        Expires: new Date('2030-01-02T03:04:05Z'),
      };
      await s3.putObject({ Bucket, Key: 'a', Body: '{}', ...described });
      const { ContentType, ContentEncoding, ContentLanguage, ContentDisposition, CacheControl, ExpiresString } =
        await s3.headObject({ Bucket, Key: 'a' });
      return { ContentType, ContentEncoding, ContentLanguage, ContentDisposition, CacheControl, ExpiresString };
    },
    expected: {
      ContentType: 'application/json',
      ContentEncoding: 'identity',
      ContentLanguage: 'de',
      ContentDisposition: 'attachment; filename="a.json"',
      CacheControl: 'max-age=60',
      ExpiresString: 'Wed, 02 Jan 2030 03:04:05 GMT',
    },
  },
  {
    name: 'keeps user metadata, its names in small letters',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: '', Metadata: { Source: 'A "b" =;,', 'two-words': 'x y' } });
      return (await s3.headObject({ Bucket, Key: 'a' })).Metadata;
    },
    expected: { source: 'A "b" =;,', 'two-words': 'x y' },
  },
  {
    name: 'refuses user metadata of more than 2 KiB',
    source: 'Working with object metadata (User Guide)',
    run: async ({ s3, Bucket }) => [
      await outcome(s3.putObject({ Bucket, Key: 'a', Body: '', Metadata: { a: 'x'.repeat(2_047) } })),
      await outcome(s3.putObject({ Bucket, Key: 'a', Body: '', Metadata: { a: 'x'.repeat(2_048) } })),
    ],
    expected: ['done', 'MetadataTooLarge 400'],
  },
  {
    name: 'takes tags from a header',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: '', Tagging: 'reviewed=yes&place=a%2Bb%20c' });
      const { TagSet = [] } = await s3.getObjectTagging({ Bucket, Key: 'a' });
      const { TagCount } = await s3.getObject({ Bucket, Key: 'a' });
      return [TagSet.map(({ Key, Value }) => `${Key}=${Value}`).toSorted(), TagCount];
    },
    expected: [['place=a+b c', 'reviewed=yes'], 2],
  },
  {
    name: 'refuses eleven tags in a header, and a tag twice',
    source: 'Categorizing your objects using tags (User Guide)',
    run: async ({ s3, Bucket }) => {
      const put = (Tagging: string): Promise<string> => outcome(s3.putObject({ Bucket, Key: 'a', Body: '', Tagging }));
      return [
        await put(Array.from({ length: 10 }, (_, at) => `k${at}=v`).join('&')),
        await put(Array.from({ length: 11 }, (_, at) => `k${at}=v`).join('&')),
        await put('a=1&a=2'),
      ];
    },
    expected: ['done', 'BadRequest 400', 'InvalidArgument 400'],
  },
  {
    name: 'keeps a storage class and does not name the usual one',
    run: async ({ s3, Bucket }) => {
      const classOf = async (StorageClass?: 'STANDARD' | 'STANDARD_IA'): Promise<string> => {
        await s3.putObject({ Bucket, Key: 'a', Body: '', StorageClass });
        return (await s3.headObject({ Bucket, Key: 'a' })).StorageClass ?? 'none';
      };
      return [await classOf('STANDARD_IA'), await classOf('STANDARD'), await classOf()];
    },
    expected: ['STANDARD_IA', 'none', 'none'],
  },
  {
    name: 'refuses a storage class that does not exist',
    run: async ({ altering, Bucket }) =>
      outcome(altering({ 'x-amz-storage-class': 'COLD' }, 'signed').putObject({ Bucket, Key: 'a', Body: '' })),
    expected: 'InvalidStorageClass 400',
  },
  {
    name: 'encrypts with AES256 where nothing else is asked for',
    source: 'Using server-side encryption with Amazon S3 managed keys (User Guide)',
    run: async ({ s3, Bucket }) => {
      const put = await s3.putObject({ Bucket, Key: 'a', Body: '' });
      const head = await s3.headObject({ Bucket, Key: 'a' });
      return [put.ServerSideEncryption, head.ServerSideEncryption];
    },
    expected: ['AES256', 'AES256'],
  },
  {
    name: 'keeps the key and the bucket key of an encryption with KMS, and its ETag is no MD5',
    run: async ({ s3, Bucket }) => {
      const SSEKMSKeyId = 'arn:aws:kms:us-east-1:000000000000:key/12345678-1234-4234-8234-123456789012';
      const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId, BucketKeyEnabled: true } as const;
      const put = await s3.putObject({ Bucket, Key: 'a', Body: 'Dipper', ...encryption });
      const head = await s3.headObject({ Bucket, Key: 'a' });
      return [
        head.ServerSideEncryption,
        head.SSEKMSKeyId === SSEKMSKeyId,
        head.BucketKeyEnabled,
        put.ETag === `"${md5('Dipper')}"`,
      ];
    },
    expected: ['aws:kms', true, true, false],
  },
  {
    name: 'refuses an encryption that does not exist',
    run: async ({ altering, Bucket }) => {
      const s3 = altering({ 'x-amz-server-side-encryption': 'rot13' }, 'signed');
      return outcome(s3.putObject({ Bucket, Key: 'a', Body: '' }));
    },
    expected: 'InvalidEncryptionAlgorithmError 400',
  },
  {
    name: 'replaces an object with everything that was kept beside it',
    run: async ({ s3, Bucket }) => {
      const Key = 'a';
      await s3.putObject({ Bucket, Key, Body: 'old', Metadata: { a: 'b' }, Tagging: 'a=b', CacheControl: 'no-cache' });
      await s3.putObject({ Bucket, Key, Body: 'new' });
      const { CacheControl = null, Metadata, TagCount = 0 } = await s3.getObject({ Bucket, Key });
      return { CacheControl, Metadata, TagCount, body: await text(s3.getObject({ Bucket, Key })) };
    },
    expected: { CacheControl: null, Metadata: {}, TagCount: 0, body: 'new' },
  },
  {
    name: 'refuses a bucket that is not there',
    run: async ({ s3, Bucket }) => outcome(s3.putObject({ Bucket: `${Bucket}-none`, Key: 'a', Body: '' })),
    expected: 'NoSuchBucket 404',
  },
  {
    name: 'refuses a body that is not the one that was signed',
    run: async ({ altering, s3, Bucket }) => {
      const wrong = altering({ 'x-amz-content-sha256': 'a'.repeat(64) }, 'signed');
      return [
        await outcome(wrong.putObject({ Bucket, Key: 'a', Body: 'Dipper' })),
        await status(s3.headObject({ Bucket, Key: 'a' })),
      ];
    },
    expected: ['XAmzContentSHA256Mismatch 400', 404],
  },
]);

/** Check values of `123456789`, as catalogues of CRCs give them (big-endian, base64). */
const CHECKED = '123456789';
const CHECKSUMS = {
  CRC32: 'y/Q5Jg==',
  CRC32C: '4waSgw==',
  CRC64NVME: 'rosUhgp5mIg=',
  SHA1: digest('sha1', CHECKED),
  SHA256: digest('sha256', CHECKED),
} as const;

function isAlgorithm(name: string): name is keyof typeof CHECKSUMS {
  return name in CHECKSUMS;
}

const checksums = casesOf(
  'PutObject',
  Object.entries(CHECKSUMS).flatMap(([algorithm, sum]) => [
    {
      name: `keeps the ${algorithm} of a body and answers it when asked`,
      source: 'Checking object integrity in Amazon S3 (User Guide)',
      run: async ({ s3, Bucket }: World) => {
        const member = `Checksum${algorithm}` as const;
        const put = await s3.putObject({ Bucket, Key: 'a', Body: CHECKED, [member]: sum });
        const asked = await s3.headObject({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' });
        const plain = await s3.headObject({ Bucket, Key: 'a' });
        return [put, asked, plain].map(
          (answer) => Object.entries(answer).find(([name]) => name === member)?.[1] ?? null,
        );
      },
      expected: [sum, sum, null],
    },
    {
      name: `refuses a body whose ${algorithm} is another`,
      source: 'Checking object integrity in Amazon S3 (User Guide)',
      run: async ({ s3, Bucket }: World) => [
        await outcome(s3.putObject({ Bucket, Key: 'a', Body: '12345678', [`Checksum${algorithm}`]: sum })),
        await status(s3.headObject({ Bucket, Key: 'a' })),
      ],
      expected: ['BadDigest 400', 404],
    },
    {
      name: `reads ${algorithm} behind a streamed body`,
      source: 'Signature Calculations for the Authorization Header: Trailing Headers (SigV4)',
      run: async ({ connect, Bucket }: World) => {
        if (!isAlgorithm(algorithm)) throw new Error(`no algorithm ${algorithm}`);
        const s3 = connect({ requestChecksumCalculation: 'WHEN_SUPPORTED' });
        const Body = Readable.from([Buffer.from(CHECKED)]);
        await s3.putObject({ Bucket, Key: 'a', Body, ContentLength: CHECKED.length, ChecksumAlgorithm: algorithm });
        const got = await s3.getObject({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' });
        return [await got.Body?.transformToString(), got[`Checksum${algorithm}`] ?? null, got.ContentEncoding ?? null];
      },
      expected: [CHECKED, sum, null],
    },
  ]),
);

const digests = casesOf('PutObject', [
  {
    name: 'reckons CRC64NVME where no checksum is sent',
    source: 'Checking object integrity in Amazon S3 (User Guide)',
    run: async ({ s3, Bucket }) => {
      await s3.putObject({ Bucket, Key: 'a', Body: CHECKED });
      return (await s3.headObject({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' })).ChecksumCRC64NVME ?? null;
    },
    expected: CHECKSUMS.CRC64NVME,
  },
  {
    name: 'takes a body whose Content-MD5 fits, refuses another, and one that is no MD5',
    run: async ({ altering, Bucket }) => {
      const put = (value: string): Promise<string> =>
        outcome(altering({ 'content-md5': value }, 'signed').putObject({ Bucket, Key: 'a', Body: 'Dipper' }));
      return [await put(digest('md5', 'Dipper')), await put(digest('md5', 'dipper')), await put('short')];
    },
    expected: ['done', 'BadDigest 400', 'InvalidDigest 400'],
  },
  {
    name: 'refuses a checksum that has not the length of its algorithm',
    run: async ({ s3, Bucket }) => [
      await outcome(s3.putObject({ Bucket, Key: 'a', Body: CHECKED, ChecksumSHA256: CHECKSUMS.CRC32 })),
      await outcome(s3.putObject({ Bucket, Key: 'a', Body: CHECKED, ChecksumCRC32: CHECKSUMS.SHA1 })),
    ],
    expected: ['InvalidRequest 400', 'InvalidRequest 400'],
  },
]);

const conditions = casesOf('PutObject', [
  {
    name: 'with If-None-Match creates an object once',
    run: async ({ s3, Bucket }) => {
      const put = (Body: string): Promise<string> =>
        outcome(s3.putObject({ Bucket, Key: 'a', Body, IfNoneMatch: '*' }));
      return [await put('first'), await put('second'), await text(s3.getObject({ Bucket, Key: 'a' }))];
    },
    expected: ['done', 'PreconditionFailed 412', 'first'],
  },
  {
    name: 'with If-Match replaces only what its writer saw',
    run: async ({ s3, Bucket }) => {
      const { ETag } = await s3.putObject({ Bucket, Key: 'a', Body: 'first' });
      const put = (Body: string, Key = 'a'): Promise<string> =>
        outcome(s3.putObject({ Bucket, Key, Body, IfMatch: ETag }));
      return [
        await put('second'),
        await put('third'),
        await put('fourth', 'none'),
        await text(s3.getObject({ Bucket, Key: 'a' })),
      ];
    },
    expected: ['done', 'PreconditionFailed 412', 'NoSuchKey 404', 'second'],
  },
  {
    name: 'refuses If-None-Match with an ETag, which it does not implement',
    run: async ({ s3, Bucket }) => {
      const { ETag } = await s3.putObject({ Bucket, Key: 'a', Body: '' });
      return outcome(s3.putObject({ Bucket, Key: 'a', Body: 'x', IfNoneMatch: ETag }));
    },
    expected: 'NotImplemented 501',
  },
  {
    name: 'lets one of ten writers at the same time create an object',
    run: async ({ s3, Bucket }) => {
      const writers = Array.from({ length: 10 }, (_, at) =>
        outcome(s3.putObject({ Bucket, Key: 'race', Body: String(at), IfNoneMatch: '*' })),
      );
      const answers = await Promise.all(writers);
      // The losers are told of the object (412) or of the race (409), as it comes.
      return answers.filter((answer) => answer === 'done').length;
    },
    expected: 1,
  },
]);

const ODD_KEYS = {
  'a blank': 'a b',
  'two slashes': 'a//b',
  'a slash at its beginning': '/a',
  'a slash at its end': 'a/',
  'two dots': 'a/../b',
  'a dot at its end': 'a.',
  'a plus': 'a+b',
  'a percent sign': '100%',
  'an escape': 'a%2Fb%20c',
  'an emoji': '😀.json',
  'a composed and a decomposed letter': '\u00fc u\u0308',
  'marks of XML': '<a & "b">\'',
  'marks of an address': 'a?b=c&d#e;f:g@h,i$j',
  'marks of RFC 3986': "~!*'()-_.",
  'a line break': 'a\r\nb\tc',
} as const;

const keys = casesOf('PutObject', [
  ...Object.entries(ODD_KEYS).map(([what, Key]) => ({
    name: `takes a key with ${what}`,
    source: 'Naming Amazon S3 objects (User Guide)',
    run: async ({ s3, Bucket }: World) => {
      await s3.putObject({ Bucket, Key, Body: Key });
      const { Contents = [] } = await s3.listObjectsV2({ Bucket });
      return [await text(s3.getObject({ Bucket, Key })), Contents.map((object) => object.Key)];
    },
    expected: [Key, [Key]],
  })),
  {
    name: 'takes a key of 1,024 bytes and refuses one of 1,025',
    source: 'Naming Amazon S3 objects (User Guide)',
    run: async ({ s3, Bucket }) => [
      await outcome(s3.putObject({ Bucket, Key: 'ü'.repeat(512), Body: '' })),
      await outcome(s3.putObject({ Bucket, Key: `${'ü'.repeat(512)}a`, Body: '' })),
    ],
    expected: ['done', 'KeyTooLongError 400'],
  },
]);

export const putObject = [...everything, ...checksums, ...digests, ...conditions, ...keys];
