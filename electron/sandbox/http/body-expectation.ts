import { CHECKSUM_ALGORITHMS, checksumHeaderName, checksumLength, readAlgorithm } from '../checksums.ts';
import { notImplemented, S3Failure } from '../s3-failure.ts';
import type { ChecksumAlgorithm } from '../storage/storage.ts';
import { ChunkedDecoder } from './chunked-body.ts';
import type { S3Request } from './s3-request.ts';
import type { SigningContext } from './signature.ts';

/** How a body is signed, framed and summed, as its request's headers say. */
export interface BodyExpectation {
  readonly decoder: ChunkedDecoder | null;
  /** Bytes of the decoded body; null where the headers do not say. */
  readonly length: number | null;
  /** Hex. */
  readonly sha256: string | null;
  /** Base64. */
  readonly md5: string | null;
  readonly checksum: ExpectedChecksum | null;
}

export interface ExpectedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; null where it comes in a trailer. */
  readonly value: string | null;
}

type Headers = ReadonlyMap<string, string>;

const STREAMS = [
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
];

/** Sums of S3 that this server does not know. */
const OTHER_CHECKSUMS = ['sha512', 'md5', 'xxhash64', 'xxhash3', 'xxhash128'];

export function readExpectation(request: S3Request, signing: SigningContext): BodyExpectation {
  const { headers } = request;
  const payload = signing.payloadHash;
  const streaming = STREAMS.includes(payload);
  const hashed = /^[0-9a-f]{64}$/.test(payload);
  if (!hashed && payload !== 'UNSIGNED-PAYLOAD' && !streaming) {
    if (payload.startsWith('STREAMING-')) throw notImplemented(`x-amz-content-sha256: ${payload}`);
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
  return {
    decoder: streaming
      ? new ChunkedDecoder(payload === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' ? null : signing, withTrailer)
      : null,
    length: readLength(headers.get(streaming ? 'x-amz-decoded-content-length' : 'content-length')),
    sha256: hashed ? payload : null,
    md5: readDigest(headers.get('content-md5')),
    checksum: readChecksum(headers, withTrailer),
  };
}

/** Throws `InvalidRequest` where neither Content-MD5 nor a checksum comes with the request. */
export function requireSum(headers: Headers): void {
  if (headers.has('content-md5') || headers.has('x-amz-trailer')) return;
  if (CHECKSUM_ALGORITHMS.some((algorithm) => headers.has(checksumHeaderName(algorithm)))) return;
  throw new S3Failure('InvalidRequest', 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
}

/** Checks the form of a sum, wherever it came from. */
export function readChecksumValue(algorithm: ChecksumAlgorithm, text: string): string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== checksumLength(algorithm) || bytes.toString('base64') !== text) {
    throw new S3Failure('InvalidRequest', `Value for ${checksumHeaderName(algorithm)} header is invalid.`);
  }
  return text;
}

function readChecksum(headers: Headers, withTrailer: boolean): ExpectedChecksum | null {
  for (const name of OTHER_CHECKSUMS) {
    if (headers.has(`x-amz-checksum-${name}`)) throw notImplemented(`the checksum ${name.toUpperCase()}`);
  }
  const sent: ExpectedChecksum[] = [];
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = headers.get(checksumHeaderName(algorithm));
    if (value !== undefined) sent.push({ algorithm, value: readChecksumValue(algorithm, value) });
  }
  for (const name of withTrailer ? trailerNames(headers) : []) {
    const algorithm = CHECKSUM_ALGORITHMS.find((known) => checksumHeaderName(known) === name);
    if (algorithm !== undefined) sent.push({ algorithm, value: null });
    else if (OTHER_CHECKSUMS.some((other) => name === `x-amz-checksum-${other}`)) {
      throw notImplemented(`the trailer ${name}`);
    } else {
      throw new S3Failure('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported');
    }
  }
  if (sent.length > 1) {
    throw new S3Failure(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const [checksum = null] = sent;
  checkNamedAlgorithm(headers.get('x-amz-sdk-checksum-algorithm'), checksum);
  return checksum;
}

function checkNamedAlgorithm(named: string | undefined, checksum: ExpectedChecksum | null): void {
  if (named === undefined) return;
  if (OTHER_CHECKSUMS.includes(named.toLowerCase())) throw notImplemented(`the checksum ${named.toUpperCase()}`);
  if (checksum === null) {
    throw new S3Failure(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (readAlgorithm(named) !== checksum.algorithm) {
    throw new S3Failure('InvalidRequest', 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
}

function trailerNames(headers: Headers): readonly string[] {
  return (headers.get('x-amz-trailer') ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function readLength(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,15}$/.test(text)) throw new S3Failure('InvalidRequest', 'The length of the body is no number.');
  return Number(text);
}

function readDigest(text: string | undefined): string | null {
  if (text === undefined) return null;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== text) {
    throw new S3Failure('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  return text;
}
