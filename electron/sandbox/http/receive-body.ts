import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { notImplemented, S3Failure } from '../s3-failure.ts';
import { INLINE_LIMIT, type BodyWriter, type StoredBody } from '../storage/storage.ts';
import { ChunkedDecoder, incomplete } from './chunked-body.ts';
import type { S3Request } from './s3-request.ts';
import type { SigningContext } from './signature.ts';

export interface ReceivedBody {
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  /** Base64, where the client sent one, in a header or a trailer; checked. */
  readonly crc32: string | null;
  readonly body: StoredBody;
}

/** Largest body of one PUT. */
const LARGEST_OBJECT = 5 * 1024 ** 3;
/** Request documents (tags, bucket settings) are small. */
const LARGEST_DOCUMENT = 64 * 1024;

const OTHER_CHECKSUMS = ['crc32c', 'crc64nvme', 'sha1', 'sha256', 'sha512', 'md5', 'xxhash64', 'xxhash3', 'xxhash128'];

/** How the body is signed, framed and summed, as the headers say. */
interface Expectation {
  readonly decoder: ChunkedDecoder | null;
  /** Bytes of the decoded body; null where the headers do not say. */
  readonly length: number | null;
  readonly sha256: string | null;
  readonly md5: string | null;
  readonly crc32: string | null;
  readonly crc32Trailer: boolean;
}

/** Reads a whole body and checks all its sums; `openWriter` is called where it is more than what is kept inline. */
export async function receiveBody(
  request: S3Request,
  signing: SigningContext,
  openWriter: () => Promise<BodyWriter>,
): Promise<ReceivedBody> {
  const expected = readExpectation(request, signing);
  if (expected.length === null)
    throw new S3Failure('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  if (expected.length > LARGEST_OBJECT) throw tooLarge(expected.length);
  const md5 = createHash('md5');
  const sha256 = expected.sha256 === null ? null : createHash('sha256');
  let sum = 0;
  let size = 0;
  let writer: BodyWriter | null = expected.length > INLINE_LIMIT ? await openWriter() : null;
  const chunks: Buffer[] = [];
  try {
    for await (const piece of pieces(request, expected)) {
      size += piece.length;
      if (size > expected.length) throw incomplete();
      md5.update(piece);
      sha256?.update(piece);
      sum = crc32(piece, sum);
      if (writer === null) chunks.push(piece);
      else await writer.write(piece);
    }
    if (size !== expected.length) throw incomplete();
    const digest = md5.digest();
    const crc = crc32Text(sum);
    checkSums(expected, { md5: digest.toString('base64'), sha256: sha256?.digest('hex') ?? null, crc32: crc });
    const body = writer === null ? { bytes: Buffer.concat(chunks) } : await writer.finish();
    writer = null;
    const sent = expected.crc32 !== null || expected.crc32Trailer;
    return { size, md5: digest.toString('hex'), crc32: sent ? crc : null, body };
  } finally {
    await writer?.discard();
  }
}

/** A request document as text; empty where there is none. */
export async function receiveDocument(request: S3Request, signing: SigningContext): Promise<string> {
  const length = Number(
    request.headers.get('x-amz-decoded-content-length') ?? request.headers.get('content-length') ?? 0,
  );
  if (length > LARGEST_DOCUMENT) throw new S3Failure('MalformedXML', 'The request document is too large.');
  if (!request.headers.has('content-length') && !request.headers.has('transfer-encoding')) return '';
  const { body } = await receiveBody(request, signing, async () => {
    throw new S3Failure('MalformedXML', 'The request document is too large.');
  });
  return 'bytes' in body ? Buffer.from(body.bytes).toString('utf8') : '';
}

/** `aws-chunked` is how the body travelled, not how the object is encoded. */
export function withoutChunkedCoding(contentEncoding: string): string {
  return contentEncoding
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding.toLowerCase() !== 'aws-chunked')
    .join(',');
}

function readExpectation(request: S3Request, signing: SigningContext): Expectation {
  const { headers } = request;
  refuseOtherChecksums(headers);
  const payload = headers.get('x-amz-content-sha256') ?? '';
  const streaming = payload.startsWith('STREAMING-');
  const hashed = /^[0-9a-f]{64}$/.test(payload);
  const kinds = [
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  ];
  if (!hashed && payload !== 'UNSIGNED-PAYLOAD' && !kinds.includes(payload)) {
    if (streaming) throw notImplemented(`x-amz-content-sha256: ${payload}`);
    throw new S3Failure(
      'InvalidArgument',
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid sha256 value.',
      { ArgumentName: 'x-amz-content-sha256', ArgumentValue: payload },
    );
  }
  if (!streaming && headers.has('transfer-encoding')) {
    throw new S3Failure('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      Header: 'Transfer-Encoding',
    });
  }
  const withTrailer = payload.endsWith('-TRAILER');
  const trailer = (headers.get('x-amz-trailer') ?? '').toLowerCase();
  if (trailer !== '' && trailer !== 'x-amz-checksum-crc32') throw notImplemented(`the trailer ${trailer}`);
  return {
    decoder: streaming
      ? new ChunkedDecoder(payload === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' ? null : signing, withTrailer)
      : null,
    length: readLength(headers.get(streaming ? 'x-amz-decoded-content-length' : 'content-length')),
    sha256: hashed ? payload : null,
    md5: readDigest(headers.get('content-md5')),
    crc32: readCrc32(headers.get('x-amz-checksum-crc32')),
    crc32Trailer: withTrailer && trailer !== '',
  };
}

function refuseOtherChecksums(headers: ReadonlyMap<string, string>): void {
  const algorithm = headers.get('x-amz-sdk-checksum-algorithm')?.toUpperCase() ?? 'CRC32';
  if (algorithm !== 'CRC32') throw notImplemented(`the checksum ${algorithm}`);
  for (const name of OTHER_CHECKSUMS) {
    if (headers.has(`x-amz-checksum-${name}`)) throw notImplemented(`the checksum ${name.toUpperCase()}`);
  }
}

async function* pieces(request: S3Request, expected: Expectation): AsyncGenerator<Buffer, void, undefined> {
  const { decoder } = expected;
  for await (const chunk of request.body as AsyncIterable<Buffer>) {
    if (decoder === null) yield chunk;
    else yield* decoder.push(chunk);
  }
  decoder?.finish();
}

function checkSums(
  expected: Expectation,
  found: { readonly md5: string; readonly sha256: string | null; readonly crc32: string },
): void {
  if (expected.sha256 !== null && expected.sha256 !== found.sha256) {
    throw new S3Failure(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { ClientComputedContentSHA256: expected.sha256, S3ComputedContentSHA256: found.sha256 ?? '' },
    );
  }
  if (expected.md5 !== null && expected.md5 !== found.md5) {
    throw new S3Failure('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      ExpectedDigest: expected.md5,
      CalculatedDigest: found.md5,
    });
  }
  const trailer = expected.crc32Trailer ? readCrc32(expected.decoder?.trailers.get('x-amz-checksum-crc32')) : null;
  if (expected.crc32Trailer && trailer === null) {
    throw new S3Failure(
      'MalformedTrailerError',
      'The request lacks the trailer x-amz-checksum-crc32 that its header names.',
    );
  }
  for (const sent of [expected.crc32, trailer]) {
    if (sent !== null && sent !== found.crc32) {
      throw new S3Failure('BadDigest', 'The CRC32 you specified did not match the calculated checksum.');
    }
  }
}

function readLength(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,15}$/.test(text)) throw new S3Failure('InvalidRequest', 'The length of the body is no number.');
  return Number(text);
}

function readDigest(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (Buffer.from(text, 'base64').length !== 16) {
    throw new S3Failure('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  return text;
}

function readCrc32(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (Buffer.from(text, 'base64').length !== 4) {
    throw new S3Failure('InvalidRequest', 'Value for x-amz-checksum-crc32 header is invalid.');
  }
  return text;
}

function crc32Text(sum: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sum);
  return bytes.toString('base64');
}

function tooLarge(size: number): S3Failure {
  return new S3Failure('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    ProposedSize: String(size),
    MaxSizeAllowed: String(LARGEST_OBJECT),
  });
}
