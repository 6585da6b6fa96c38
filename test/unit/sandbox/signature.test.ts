import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ChunkedDecoder } from '../../../electron/sandbox/http/chunked-body.ts';
import { readRequest } from '../../../electron/sandbox/http/s3-request.ts';
import { verifySignature } from '../../../electron/sandbox/http/signature.ts';

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
