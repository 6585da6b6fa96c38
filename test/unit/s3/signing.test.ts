import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';
import { createAddressing } from '../../../electron/engine/s3/addressing.ts';
import { createSigner } from '../../../electron/engine/s3/signing.ts';
import { canonicalQuery, encodeKey } from '../../../electron/engine/s3/uri-encoding.ts';
import { seededRandom } from './seeded-random.ts';

const SEED = 20261125;
const REQUESTS = 5000;

/** The SDK's signer takes any hash; its own is not a package of its own. */
class Sha256 {
  readonly #secret: Uint8Array | string | undefined;
  readonly #chunks: Uint8Array[] = [];

  constructor(secret?: unknown) {
    this.#secret = typeof secret === 'string' || secret instanceof Uint8Array ? secret : undefined;
  }
  update(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }
  digest(): Promise<Uint8Array> {
    const hash = this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
    for (const chunk of this.#chunks) hash.update(chunk);
    return Promise.resolve(hash.digest());
  }
  reset(): void {
    this.#chunks.length = 0;
  }
}

const ALPHABETS = [
  'abcdefghijklmnopqrstuvwxyz0123456789',
  '/./..//+ %&=?#!\'()*,;:@$[]{}|\\^`<>"~_-',
  'äöüßéñçøåÆ日本語中文한국어עבריתعربى',
  '😀🎬👩‍👩‍👧‍👦\u0301\u200d',
  '\u0001\t\n\u007f',
].map((text) => Array.from(text));

/** What servers, proxies and libraries like to change on the way; the last three have 1,024 bytes. */
const ODD_KEYS = [
  '.',
  '..',
  '/',
  '//',
  'a//b',
  './a',
  'a/./b',
  'a/../b',
  '../..',
  '/a/',
  'a%2Fb',
  'a+b c',
  '%',
  '\0',
].concat(['ü'.repeat(512), '/'.repeat(1024), '😀'.repeat(256)]);

function randomText(random: () => number, longest: number): string {
  const length = Math.floor(random() * longest) + 1;
  let text = '';
  while (text.length < length) {
    const characters = ALPHABETS[Math.floor(random() * ALPHABETS.length)] ?? [];
    text += characters[Math.floor(random() * characters.length)] ?? '';
  }
  return text;
}

/** The same identity for both; each keeps its derived keys from one request, and one day, to the next. */
function signersOf(random: () => number, index: number) {
  const region = ['us-east-1', 'eu-central-1', 'garage'][index % 3] ?? '';
  const credentials = {
    accessKeyId: `AKIA${randomText(random, 8).replaceAll(/[^a-z0-9]/g, 'x')}`,
    secretAccessKey: randomText(random, 40),
    sessionToken: index % 2 === 0 ? `token+/=${index}` : null,
  };
  const { sessionToken, ...keys } = credentials;
  const theirs = sessionToken === null ? keys : { ...keys, sessionToken };
  return {
    ourSigner: createSigner(credentials, region),
    theirSigner: new SignatureV4({
      service: 's3',
      region,
      uriEscapePath: false,
      sha256: Sha256,
      credentials: theirs,
    }),
  };
}

describe('signing', () => {
  test(`${REQUESTS} random requests get the signature that the AWS SDK gives them`, async () => {
    const random = seededRandom(SEED);
    const signers = Array.from({ length: 12 }, (_, index) => signersOf(random, index));
    const mismatches: string[] = [];
    for (let index = 0; index < REQUESTS; index += 1) {
      const { ourSigner, theirSigner } = signers[index % signers.length] ?? signersOf(random, index);
      const key = ODD_KEYS[index % 50] ?? randomText(random, 60);
      const parameters: [string, string][] = [
        ['tagging', ''],
        ['list-type', '2'],
        ['prefix', randomText(random, 30)],
        ['start-after', randomText(random, 30)],
        ['x-id', 'a=b&c'],
        ['versionId', 'null'],
        ['partNumber', '7'],
      ];
      const query = parameters.filter(() => random() < 0.5);
      const body = random() < 0.5 ? Buffer.from(randomText(random, 300)) : null;
      const headers: Record<string, string> = {
        host: 's3.example.com:9000',
        'user-agent': 'Dipper',
        'content-type': 'application/json',
        ...(random() < 0.3 ? { 'x-amz-meta-note': `  two  spaces ${index}\tand a tab ` } : {}),
        ...(random() < 0.3 ? { 'cache-control': 'max-age=60', 'if-match': '"0123"' } : {}),
        ...(random() < 0.3 ? { range: 'bytes=0-1023' } : {}),
        ...(random() < 0.3 ? { 'x-amz-tagging': 'a=b%20c&d=' } : {}),
        ...(random() < 0.3 ? { 'x-amz-meta-empty': '', 'x-amz-meta-blank': '   ' } : {}),
        ...(random() < 0.3 ? { 'if-none-match': '*', expect: '100-continue' } : {}),
        ...(random() < 0.3 ? { 'x-amz-copy-source': `/bucket/${encodeKey(randomText(random, 30))}` } : {}),
      };
      const now = new Date(Date.UTC(2026, 10, 25) + Math.floor(random() * 400 * 86_400_000));

      const path = `/bucket/${encodeKey(key)}`;
      const ours = ourSigner.sign(
        { method: body === null ? 'GET' : 'PUT', path, query: canonicalQuery(query), headers, body },
        now,
      );

      const theirs = await theirSigner.sign(
        {
          method: body === null ? 'GET' : 'PUT',
          protocol: 'https:',
          hostname: 's3.example.com',
          path,
          query: Object.fromEntries(query),
          headers,
          ...(body === null ? {} : { body }),
        },
        { signingDate: now },
      );
      if (ours['authorization'] !== theirs.headers['authorization'])
        mismatches.push(JSON.stringify({ index, key, query }));
    }
    expect(mismatches).toEqual([]);
    // Takes a second or two, but for a machine with much else to do.
  }, 30_000);

  test('AWS’s own example of a signed GET comes out to the letter', () => {
    // "Example: GET Object", Signature Calculations for the Authorization Header, Amazon S3 API reference.
    const signer = createSigner(
      {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
        sessionToken: null,
      },
      'us-east-1',
    );
    const headers = signer.sign(
      {
        method: 'GET',
        path: '/test.txt',
        query: '',
        headers: { host: 'examplebucket.s3.amazonaws.com', range: 'bytes=0-9' },
        body: null,
      },
      new Date('2013-05-24T00:00:00Z'),
    );
    expect(headers['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });
});

describe('addressing', () => {
  const base = { region: 'eu-west-1', name: 'test' };
  const USUAL = { accelerate: false, dualStack: false, fips: false };

  test.each([
    [
      'AWS by bucket name',
      { endpoint: null, pathStyle: false },
      'photos',
      'https://photos.s3.eu-west-1.amazonaws.com/a/b',
    ],
    [
      'a bucket with dots by path',
      { endpoint: null, pathStyle: false },
      'a.b.c',
      'https://s3.eu-west-1.amazonaws.com/a.b.c/a/b',
    ],
    [
      'path style when asked for',
      { endpoint: null, pathStyle: true },
      'photos',
      'https://s3.eu-west-1.amazonaws.com/photos/a/b',
    ],
    [
      'an address by path',
      { endpoint: 'http://127.0.0.1:9000', pathStyle: false },
      'photos',
      'http://127.0.0.1:9000/photos/a/b',
    ],
    [
      'an IPv6 address by path',
      { endpoint: 'http://[::1]:9000/', pathStyle: false },
      'photos',
      'http://[::1]:9000/photos/a/b',
    ],
    [
      'localhost by path',
      { endpoint: 'http://localhost:4566', pathStyle: false },
      'photos',
      'http://localhost:4566/photos/a/b',
    ],
    [
      'another host by bucket name',
      { endpoint: 'https://s3.example.com', pathStyle: false },
      'photos',
      'https://photos.s3.example.com/a/b',
    ],
    [
      'an old bucket name by path',
      { endpoint: null, pathStyle: false },
      'Photos_2011',
      'https://s3.eu-west-1.amazonaws.com/Photos_2011/a/b',
    ],
    [
      'China in its own domain',
      { endpoint: null, pathStyle: false, region: 'cn-north-1' },
      'photos',
      'https://photos.s3.cn-north-1.amazonaws.com.cn/a/b',
    ],
    [
      'AWS over IPv6 too',
      { endpoint: null, pathStyle: true, amazon: { ...USUAL, dualStack: true } },
      'photos',
      'https://s3.dualstack.eu-west-1.amazonaws.com/photos/a/b',
    ],
    [
      'AWS with FIPS',
      { endpoint: null, pathStyle: false, amazon: { ...USUAL, dualStack: true, fips: true } },
      'photos',
      'https://photos.s3-fips.dualstack.eu-west-1.amazonaws.com/a/b',
    ],
    [
      'the nearest edge',
      { endpoint: null, pathStyle: false, amazon: { ...USUAL, accelerate: true } },
      'photos',
      'https://photos.s3-accelerate.amazonaws.com/a/b',
    ],
    [
      'an access point in its own region',
      { endpoint: null, pathStyle: true, amazon: { ...USUAL, fips: true } },
      'arn:aws:s3:us-west-2:123456789012:accesspoint/reports',
      'https://reports-123456789012.s3-accesspoint-fips.us-west-2.amazonaws.com/a/b',
    ],
    [
      'no access point on a server of one’s own',
      { endpoint: 'https://s3.example.com', pathStyle: true },
      'arn:aws:s3:us-west-2:123456789012:accesspoint:reports',
      'https://s3.example.com/arn%3Aaws%3As3%3Aus-west-2%3A123456789012%3Aaccesspoint%3Areports/a/b',
    ],
  ])('finds %s', (_, target, bucket, expected) => {
    const address = createAddressing({ ...base, ...target }).locate(bucket, 'a/b');
    expect(`${address.origin}${address.path}`).toBe(expected);
    expect(address.host).toBe(new URL(address.origin).host);
  });

  test.each(['not an address', 'ftp://127.0.0.1', 'http://127.0.0.1/s3', 'http://user:password@127.0.0.1'])(
    'refuses the endpoint %s without repeating a password',
    (endpoint) => {
      expect(() => createAddressing({ ...base, endpoint, pathStyle: true })).toThrow(/endpoint (?!.*password@)/);
    },
  );
});
