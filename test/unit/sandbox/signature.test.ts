import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createChecksum } from '../../../electron/sandbox/checksums.ts';
import { ChunkedDecoder } from '../../../electron/sandbox/http/chunked-body.ts';
import { readRequest } from '../../../electron/sandbox/http/s3-request.ts';
import { verifySignature } from '../../../electron/sandbox/http/signature.ts';
import { S3Failure } from '../../../electron/sandbox/s3-failure.ts';

/** Keys, requests and signatures of the examples in Amazon's S3 API reference, "Authenticating Requests". */
const identity = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const instant = '20130524T000000Z';
const now = Date.UTC(2013, 4, 24);
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

interface Example {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signature: string;
}

const examples: readonly Example[] = [
  {
    method: 'GET',
    url: '/test.txt',
    headers: { range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    method: 'PUT',
    url: '/test$file.text',
    headers: {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    method: 'GET',
    url: '/?lifecycle',
    headers: { 'x-amz-content-sha256': EMPTY },
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    method: 'GET',
    url: '/?prefix=J&max-keys=2',
    headers: { 'x-amz-content-sha256': EMPTY },
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
];

function message(example: Example, changes: Readonly<Record<string, string>> = {}): IncomingMessage {
  const signed = { host: 'examplebucket.s3.amazonaws.com', 'x-amz-date': instant, ...example.headers };
  const names = Object.keys(signed).toSorted();
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/20130524/us-east-1/s3/aws4_request,` +
    `SignedHeaders=${names.join(';')},Signature=${example.signature}`;
  const request = new IncomingMessage(new Socket());
  request.method = example.method;
  request.url = example.url;
  for (const [name, value] of Object.entries({ ...signed, authorization, ...changes })) {
    if (value !== '') request.rawHeaders.push(name, value);
  }
  return request;
}

describe('a request of the reference', () => {
  it.each(examples)('$method $url is accepted, and refused with anything changed', (example) => {
    expect(verifySignature(readRequest(message(example)), identity, now)).toMatchObject({
      signature: example.signature,
    });
    const changed = { ...example, url: example.url.replace(/^\/(.?)/, '/x$1') };
    const refused: readonly [IncomingMessage, string][] = [
      [message(changed), 'SignatureDoesNotMatch'],
      [message({ ...example, method: 'DELETE' }), 'SignatureDoesNotMatch'],
      [message(example, { host: 'another' }), 'SignatureDoesNotMatch'],
      [message(example, { 'x-amz-acl': 'private' }), 'AccessDenied'],
      [message(example, { authorization: '' }), 'AccessDenied'],
      [message(example, { authorization: 'AWS a:b' }), 'InvalidRequest'],
      [
        message(example, { authorization: 'AWS4-HMAC-SHA256 Credential=a/b, Signature=c' }),
        'AuthorizationHeaderMalformed',
      ],
      [message(example, { 'x-amz-content-sha256': '' }), 'InvalidRequest'],
    ];
    for (const [request, code] of refused) {
      expect(() => verifySignature(readRequest(request), identity, now)).toThrowError(
        expect.objectContaining({ code }),
      );
    }
    const verify =
      (changes: object, at = now) =>
      () =>
        verifySignature(readRequest(message(example)), { ...identity, ...changes }, at);
    expect(verify({ accessKeyId: 'other' })).toThrowError(expect.objectContaining({ code: 'InvalidAccessKeyId' }));
    expect(verify({ region: 'eu-west-1' })).toThrowError(
      expect.objectContaining({ code: 'AuthorizationHeaderMalformed', facts: { Region: 'eu-west-1' } }),
    );
    const quarter = 15 * 60 * 1000;
    for (const at of [now + quarter + 1, now - quarter - 1]) {
      expect(verify({}, at)).toThrowError(expect.objectContaining({ code: 'RequestTimeTooSkewed' }));
    }
    expect(verify({}, now + quarter)).not.toThrow();
  });
});

it("the reference's presigned URL is good for its day, for what it was made for", () => {
  const query = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${identity.accessKeyId}/20130524/us-east-1/s3/aws4_request`,
    'X-Amz-Date': instant,
    'X-Amz-Expires': '86400',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  };
  const verify = (changes: Readonly<Record<string, string>>, at = now, headers: readonly string[] = []): string => {
    const request = new IncomingMessage(new Socket());
    request.method = 'GET';
    request.url = `/test.txt?${new URLSearchParams({ ...query, ...changes }).toString()}`;
    request.rawHeaders.push('host', 'examplebucket.s3.amazonaws.com', ...headers);
    try {
      return verifySignature(readRequest(request), identity, at).payloadHash;
    } catch (error) {
      if (error instanceof S3Failure) return `${error.code}: ${error.message}`;
      throw error;
    }
  };
  const day = 86_400_000;
  expect([
    verify({}),
    verify({}, now + day),
    verify({}, now + day + 1),
    verify({}, now - 15 * 60 * 1000),
    verify({}, now - 15 * 60 * 1000 - 1),
    verify({ 'X-Amz-Expires': '86401' }),
    verify({ 'response-content-type': 'text/html' }),
    verify({}, now, ['x-amz-acl', 'private']),
    verify({}, now, ['authorization', 'AWS4-HMAC-SHA256 Credential=a']),
    verify({ 'X-Amz-Expires': '604801' }),
    verify({ 'X-Amz-Expires': '-1' }),
    verify({ 'X-Amz-Expires': 'soon' }),
    verify({ 'X-Amz-Signature': '' }),
    verify({ 'X-Amz-Credential': 'a/b' }),
    verify({ 'X-Amz-Credential': `${identity.accessKeyId}/20130524/eu-west-1/s3/aws4_request` }),
    verify({ 'X-Amz-Security-Token': 'token' }),
  ]).toEqual([
    'UNSIGNED-PAYLOAD',
    'UNSIGNED-PAYLOAD',
    'AccessDenied: Request has expired',
    'UNSIGNED-PAYLOAD',
    'AccessDenied: Request is not valid yet',
    expect.stringMatching(/^SignatureDoesNotMatch/),
    expect.stringMatching(/^SignatureDoesNotMatch/),
    expect.stringMatching(/^AccessDenied: There were headers/),
    expect.stringMatching(/^InvalidArgument: Only one auth mechanism/),
    expect.stringMatching(/^AuthorizationQueryParametersError: X-Amz-Expires must be less/),
    expect.stringMatching(/^AuthorizationQueryParametersError: X-Amz-Expires must be non-negative/),
    expect.stringMatching(/^AuthorizationQueryParametersError: X-Amz-Expires should be a number/),
    expect.stringMatching(/^AuthorizationQueryParametersError: Query-string authentication/),
    expect.stringMatching(/^AuthorizationQueryParametersError: Error parsing the X-Amz-Credential/),
    expect.stringMatching(/^AuthorizationQueryParametersError: .*the region 'eu-west-1' is wrong/),
    expect.stringMatching(/^InvalidToken/),
  ]);
});

function chunk(text: string, signature: string): string {
  return `${text.length.toString(16)};chunk-signature=${signature}\r\n${text}\r\n`;
}

it('a body signed chunk by chunk is decoded, however it is cut, and refused with one byte changed', () => {
  const put = message({
    method: 'PUT',
    url: '/examplebucket/chunkObject.txt',
    headers: {
      host: 's3.amazonaws.com',
      'content-encoding': 'aws-chunked',
      'content-length': '66824',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': '66560',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  });
  const signing = verifySignature(readRequest(put), identity, now);
  const body = Buffer.from(
    chunk('a'.repeat(65_536), 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648') +
      chunk('a'.repeat(1_024), '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497') +
      chunk('', 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'),
  );
  expect(body).toHaveLength(66_824);
  const decode = (bytes: Buffer, size: number): string => {
    const decoder = new ChunkedDecoder(signing, false);
    const decoded: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) decoded.push(...decoder.push(bytes.subarray(at, at + size)));
    decoder.finish();
    return Buffer.concat(decoded).toString();
  };
  for (const size of [1, 7, 4_096, body.length]) expect(decode(body, size)).toBe('a'.repeat(66_560));
  const changed = Buffer.from(body);
  changed.write('b', 66_000);
  expect(() => decode(changed, 1_000)).toThrowError(expect.objectContaining({ code: 'SignatureDoesNotMatch' }));
  expect(() => decode(body.subarray(0, 66_700), 1_000)).toThrowError(
    expect.objectContaining({ code: 'IncompleteBody' }),
  );
});

it("the reference's body with a signed trailer is accepted, and refused with its sum or a line changed", () => {
  const put = message({
    method: 'PUT',
    url: '/examplebucket/chunkObject.txt',
    headers: {
      host: 's3.amazonaws.com',
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '66560',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-trailer': 'x-amz-checksum-crc32c',
    },
    signature: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  });
  const signing = verifySignature(readRequest(put), identity, now);
  const trailer =
    'x-amz-checksum-crc32c:sOO8/Q==\r\n' +
    'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n';
  const body =
    chunk('a'.repeat(65_536), 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2') +
    chunk('a'.repeat(1_024), '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7') +
    '0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n';
  const decode = (text: string): readonly [number, string | undefined] => {
    const decoder = new ChunkedDecoder(signing, true);
    const checksum = createChecksum('CRC32C');
    let size = 0;
    for (const piece of decoder.push(Buffer.from(text))) {
      checksum.update(piece);
      size += piece.length;
    }
    decoder.finish();
    expect(decoder.trailers.get('x-amz-checksum-crc32c')).toBe(checksum.digest().toString('base64'));
    return [size, decoder.trailers.get('x-amz-checksum-crc32c')];
  };
  expect(decode(body + trailer)).toEqual([66_560, 'sOO8/Q==']);
  for (const wrong of [
    trailer.replace('sOO8', 'sOO9'),
    trailer.replace('x-amz-trailer-signature:d', 'x-amz-trailer-signature:e'),
    trailer.replace('x-amz-checksum', 'x-amz-meta-a:b\r\nx-amz-checksum'),
    trailer.replace(/x-amz-trailer-signature.*/, ''),
  ]) {
    expect(() => decode(body + wrong)).toThrowError(expect.objectContaining({ code: 'SignatureDoesNotMatch' }));
  }
});

it('a body in small chunks is refused, as S3 does', () => {
  const decoder = new ChunkedDecoder(null, true);
  expect(() => [...decoder.push(Buffer.from(`3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n`))]).toThrowError(
    expect.objectContaining({ code: 'InvalidChunkSizeError' }),
  );
});

it('trailers without end are refused before they fill the memory', () => {
  const decoder = new ChunkedDecoder(null, true);
  const trailer = Buffer.from(`x-amz-meta-a:${'b'.repeat(1000)}\r\n`);
  const pushAll = (): void => {
    for (let count = 0; count < 100; count += 1) expect([...decoder.push(trailer)]).toEqual([]);
  };
  expect([...decoder.push(Buffer.from('0\r\n'))]).toEqual([]);
  expect(pushAll).toThrowError(expect.objectContaining({ code: 'MalformedTrailerError' }));
});
