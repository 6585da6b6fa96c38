import { createHash } from 'node:crypto';
import { checksumHeaderName, createChecksum, USUAL_ALGORITHM } from '../checksums.ts';
import { S3Failure } from '../s3-failure.ts';
import {
  INLINE_LIMIT,
  type BodyWriter,
  type ChecksumAlgorithm,
  type ObjectChecksum,
  type StoredBody,
} from '../storage/storage.ts';
import { readChecksumValue, readExpectation, type BodyExpectation } from './body-expectation.ts';
import { incomplete } from './chunked-body.ts';
import type { S3Request } from './s3-request.ts';
import type { SigningContext } from './signature.ts';

export interface ReceivedBody {
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  /** By the algorithm that the client sums with, and checked then. */
  readonly checksum: ObjectChecksum;
  readonly body: StoredBody;
}

/** Largest body of one PUT. */
const LARGEST_OBJECT = 5 * 1024 ** 3;
/** Most request documents (tags, bucket settings) are small. */
const LARGEST_DOCUMENT = 64 * 1024;

/**
 * Reads a whole body and checks all its sums; `openWriter` is called where it is more than what is kept inline. What
 * the client does not sum itself is summed with `algorithm`.
 */
export async function receiveBody(
  request: S3Request,
  signing: SigningContext,
  openWriter: () => Promise<BodyWriter>,
  algorithm: ChecksumAlgorithm = USUAL_ALGORITHM,
): Promise<ReceivedBody> {
  const expected = readExpectation(request, signing);
  if (expected.length === null)
    throw new S3Failure('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  if (expected.length > LARGEST_OBJECT) throw tooLarge(expected.length);
  let writer: BodyWriter | null = expected.length > INLINE_LIMIT ? await openWriter() : null;
  const chunks: Buffer[] = [];
  try {
    const sums = await receive(request, expected, expected.checksum?.algorithm ?? algorithm, (piece) => {
      if (writer !== null) return writer.write(piece);
      chunks.push(piece);
      return null;
    });
    const body = writer === null ? { bytes: Buffer.concat(chunks) } : await writer.finish();
    writer = null;
    return { ...sums, body };
  } finally {
    await writer?.discard();
  }
}

/** A request document as text; empty where there is none. Throws where it has more than `limit` bytes. */
export async function receiveDocument(
  request: S3Request,
  signing: SigningContext,
  limit = LARGEST_DOCUMENT,
): Promise<string> {
  if (!request.headers.has('content-length') && !request.headers.has('transfer-encoding')) return '';
  const expected = readExpectation(request, signing);
  if (expected.length === null)
    throw new S3Failure('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  if (expected.length > limit) {
    throw new S3Failure('MaxMessageLengthExceeded', 'Your request was too big.', {
      MaxMessageLengthBytes: String(limit),
    });
  }
  const chunks: Buffer[] = [];
  await receive(request, expected, expected.checksum?.algorithm ?? 'CRC32', (piece) => {
    chunks.push(piece);
    return null;
  });
  return Buffer.concat(chunks).toString('utf8');
}

/** `aws-chunked` is how the body travelled, not how the object is encoded. */
export function withoutChunkedCoding(contentEncoding: string): string {
  return contentEncoding
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding.toLowerCase() !== 'aws-chunked')
    .join(',');
}

/** Gives every piece on and checks all sums behind the last one; `take` answers null where it need not be waited for. */
async function receive(
  request: S3Request,
  expected: BodyExpectation,
  algorithm: ChecksumAlgorithm,
  take: (piece: Buffer) => Promise<void> | null,
): Promise<Omit<ReceivedBody, 'body'>> {
  const md5 = createHash('md5');
  const sha256 = expected.sha256 === null ? null : createHash('sha256');
  const checksum = createChecksum(algorithm);
  let size = 0;
  for await (const piece of pieces(request, expected)) {
    size += piece.length;
    if (size > (expected.length ?? 0)) throw incomplete();
    md5.update(piece);
    sha256?.update(piece);
    checksum.update(piece);
    const taken = take(piece);
    if (taken !== null) await taken;
  }
  if (size !== expected.length) throw incomplete();
  const digest = md5.digest();
  const value = checksum.digest().toString('base64');
  checkHashes(expected, digest.toString('base64'), sha256?.digest('hex') ?? null);
  checkChecksum(expected, value);
  return { size, md5: digest.toString('hex'), checksum: { algorithm, type: 'FULL_OBJECT', value } };
}

async function* pieces(request: S3Request, expected: BodyExpectation): AsyncGenerator<Buffer, void, undefined> {
  const { decoder } = expected;
  // A body that turns out to be wrong in its middle must not take the connection with it: its answer goes there.
  const body: AsyncIterable<Buffer> = {
    [Symbol.asyncIterator]: () => request.body.iterator({ destroyOnReturn: false }),
  };
  for await (const chunk of body) {
    if (decoder === null) yield chunk;
    else yield* decoder.push(chunk);
  }
  decoder?.finish();
}

function checkHashes(expected: BodyExpectation, md5: string, sha256: string | null): void {
  if (expected.sha256 !== null && expected.sha256 !== sha256) {
    throw new S3Failure(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { ClientComputedContentSHA256: expected.sha256, S3ComputedContentSHA256: sha256 ?? '' },
    );
  }
  if (expected.md5 !== null && expected.md5 !== md5) {
    throw new S3Failure('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      ExpectedDigest: expected.md5,
      CalculatedDigest: md5,
    });
  }
}

function checkChecksum({ checksum, decoder }: BodyExpectation, found: string): void {
  if (checksum === null) return;
  const { algorithm } = checksum;
  const name = checksumHeaderName(algorithm);
  const sent = checksum.value ?? decoder?.trailers.get(name);
  if (sent === undefined) {
    throw new S3Failure('MalformedTrailerError', `The request lacks the trailer ${name} that its header names.`);
  }
  if (readChecksumValue(algorithm, sent) !== found) {
    throw new S3Failure('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
}

function tooLarge(size: number): S3Failure {
  return new S3Failure('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    ProposedSize: String(size),
    MaxSizeAllowed: String(LARGEST_OBJECT),
  });
}
