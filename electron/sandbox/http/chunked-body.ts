import { createHash, createHmac, type Hash } from 'node:crypto';
import { S3Failure } from '../s3-failure.ts';
import { sameText, type SigningContext } from './signature.ts';

const LONGEST_LINE = 8 * 1024;
/** Characters of all trailers together: a sum and a signature are a few hundred. */
const LONGEST_TRAILERS = 16 * 1024;
/** Of all chunks but the last. */
const SMALLEST_CHUNK = 8192;
const EMPTY_SHA256 = createHash('sha256').digest('hex');

/**
 * Undoes `aws-chunked`: lines of `size[;chunk-signature=…]`, each followed by so many bytes, then trailers. Bytes are
 * given on before their chunk's signature is checked; whoever takes them must not keep them before `finish`.
 */
export class ChunkedDecoder {
  readonly #signing: SigningContext | null;
  readonly #wantsTrailer: boolean;
  readonly trailers = new Map<string, string>();
  #previousSignature: string;
  #state: 'size' | 'data' | 'data-end' | 'trailer' | 'done' = 'size';
  #line = '';
  #remaining = 0;
  #chunks = 0;
  #chunkSize = 0;
  #chunkSignature = '';
  #chunkHash: Hash | null = null;
  #trailerText = '';

  /** `signing` is null where the chunks are unsigned. */
  constructor(signing: SigningContext | null, wantsTrailer: boolean) {
    this.#signing = signing;
    this.#wantsTrailer = wantsTrailer;
    this.#previousSignature = signing?.signature ?? '';
  }

  /** Answers the decoded bytes of this piece. */
  *push(piece: Buffer): Generator<Buffer, void, undefined> {
    let at = 0;
    while (at < piece.length) {
      if (this.#state === 'data') {
        const taken = piece.subarray(at, at + this.#remaining);
        at += taken.length;
        this.#remaining -= taken.length;
        this.#chunkHash?.update(taken);
        if (this.#remaining === 0) this.#state = 'data-end';
        yield taken;
        continue;
      }
      const end = piece.indexOf(0x0a, at);
      this.#line += piece.toString('latin1', at, end === -1 ? piece.length : end + 1);
      if (this.#line.length > LONGEST_LINE) throw incomplete();
      if (end === -1) return;
      at = end + 1;
      const line = this.#line.replace(/\r?\n$/, '');
      this.#line = '';
      this.#takeLine(line);
    }
  }

  /** Throws where the body ended early. */
  finish(): void {
    // Some clients leave out the empty line at the very end.
    if (this.#state === 'trailer') this.#endTrailers();
    if (this.#state !== 'done') throw incomplete();
  }

  #takeLine(line: string): void {
    if (this.#state === 'size') this.#startChunk(line);
    else if (this.#state === 'data-end') {
      if (line !== '') throw incomplete();
      this.#endChunk();
      this.#state = 'size';
    } else if (this.#state === 'trailer') {
      if (line === '') {
        this.#endTrailers();
        return;
      }
      const colon = line.indexOf(':');
      if (colon === -1 || this.#trailerText.length + line.length > LONGEST_TRAILERS) {
        throw new S3Failure('MalformedTrailerError', 'The request contained trailing data that was not well-formed.');
      }
      const name = line.slice(0, colon).trim().toLowerCase();
      const value = line.slice(colon + 1).trim();
      this.trailers.set(name, value);
      if (name !== 'x-amz-trailer-signature') this.#trailerText += `${name}:${value}\n`;
    } else if (line !== '') throw incomplete();
  }

  #startChunk(line: string): void {
    const match = /^([0-9a-fA-F]{1,13})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
    if (match === null) throw incomplete();
    if ((match[2] === undefined) !== (this.#signing === null)) throw chunkSignatureMismatch();
    this.#remaining = Number.parseInt(match[1] ?? '', 16);
    if (this.#remaining > 0 && this.#chunks > 0 && this.#chunkSize < SMALLEST_CHUNK) {
      throw new S3Failure(
        'InvalidChunkSizeError',
        'Only the last chunk is allowed to have a size less than 8192 bytes',
        { Chunk: String(this.#chunks + 1), BadChunkSize: String(this.#chunkSize) },
      );
    }
    this.#chunks += 1;
    this.#chunkSize = this.#remaining;
    this.#chunkSignature = match[2] ?? '';
    this.#chunkHash = this.#signing === null ? null : createHash('sha256');
    if (this.#remaining > 0) {
      this.#state = 'data';
      return;
    }
    this.#endChunk();
    this.#state = 'trailer';
  }

  #endChunk(): void {
    if (this.#signing === null || this.#chunkHash === null) return;
    const body = `${EMPTY_SHA256}\n${this.#chunkHash.digest('hex')}`;
    this.#checkSignature('AWS4-HMAC-SHA256-PAYLOAD', body, this.#chunkSignature, this.#signing);
  }

  #endTrailers(): void {
    this.#state = 'done';
    if (this.#signing === null || !this.#wantsTrailer) return;
    const hash = createHash('sha256').update(this.#trailerText, 'latin1').digest('hex');
    const sent = this.trailers.get('x-amz-trailer-signature') ?? '';
    this.#checkSignature('AWS4-HMAC-SHA256-TRAILER', hash, sent, this.#signing);
  }

  #checkSignature(kind: string, body: string, sent: string, signing: SigningContext): void {
    const toSign = `${kind}\n${signing.instant}\n${signing.scope}\n${this.#previousSignature}\n${body}`;
    const expected = createHmac('sha256', signing.signingKey).update(toSign).digest('hex');
    if (!sameText(expected, sent)) throw chunkSignatureMismatch();
    this.#previousSignature = expected;
  }
}

export function incomplete(): S3Failure {
  return new S3Failure(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}

function chunkSignatureMismatch(): S3Failure {
  return new S3Failure(
    'SignatureDoesNotMatch',
    'The signature of a chunk that we calculated does not match the signature you provided.',
  );
}
