import { keptByName } from '../kept-by-name.ts';
import type { AnswerHeaders } from '../object-headers.ts';
import { TransportError } from './transport-error.ts';

export interface AnswerSink {
  onHead(status: number, headers: AnswerHeaders): void;
  /** The bytes are there during the call only. */
  onBody(chunk: Buffer): void;
}

/** What is read next: `counted` has a length, `open` ends with its connection. */
type State = 'head' | 'counted' | 'open' | 'chunk-head' | 'chunk' | 'chunk-end' | 'trailers' | 'over';

const HEAD_END = '\r\n\r\n';
const LINE_END = '\r\n';
/** S3 allows 2 KB of user metadata, and names of encryption keys and requests beside it. */
const MOST_HEAD_BYTES = 32 * 1024;

const VERSION = 'HTTP/1.';
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?:[ \r]|$)/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** A line break is both, and only that. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/;

/** The name of a header as it is known here, of the one that a server wrote. */
const readName = keptByName(200, (written) => {
  // A line that is folded begins with a space.
  if (!TOKEN.test(written)) throw notHttp('a header has no name');
  return written.toLowerCase();
});

/**
 * Reads the answers of one connection as RFC 9112 has them, strictly: where a server's answer can be read in two ways, it
 * is none. Our own because the machinery of a general client, with its streams and its parser in WebAssembly, costs more
 * than all that Dipper does for a small object.
 */
export class AnswerReader {
  #sink: AnswerSink | null = null;
  #hasBody = true;
  #state: State = 'over';
  /** The beginning of a head or line whose end is still to come. */
  #unread: Buffer | null = null;
  /** Bytes of a body or chunk that are still to come, or of trailers that may. */
  #left = 0;
  /** Whether another request may be sent behind the answer. */
  keepsAlive = true;
  /** For how many seconds, where the server says that. */
  keepAliveSeconds: number | null = null;

  /** `isHead`: the answer to a HEAD tells of a body that does not come. */
  begin(sink: AnswerSink, isHead: boolean): void {
    this.#sink = sink;
    this.#hasBody = !isHead;
    this.#state = 'head';
  }

  get isInBody(): boolean {
    return this.#state !== 'head' && this.#state !== 'over';
  }

  /** True once the answer is whole. `chunk` may be used again after it. Throws `TransportError` for what is no HTTP. */
  read(chunk: Buffer): boolean {
    const bytes = this.#unread === null ? chunk : Buffer.concat([this.#unread, chunk]);
    this.#unread = null;
    let at = 0;
    while (this.#state !== 'over') {
      const next = this.#readPart(bytes, at);
      if (next === at) {
        if (at < bytes.length) this.#unread = Buffer.from(bytes.subarray(at));
        return false;
      }
      at = next;
    }
    // What follows could be taken for the answer to the next request.
    if (at < bytes.length) this.keepsAlive = false;
    return true;
  }

  /** The server sends no more: true where that was the end of the answer. */
  end(): boolean {
    if (this.#state !== 'open') return false;
    this.#state = 'over';
    return true;
  }

  /** Answers where the next part begins; `at` where more is needed. */
  #readPart(bytes: Buffer, at: number): number {
    switch (this.#state) {
      case 'head': {
        const end = this.#find(bytes, HEAD_END, at);
        // Who speaks another protocol may wait for us after its first line.
        if (!VERSION.startsWith(bytes.toString('latin1', at, Math.min(at + VERSION.length, bytes.length)))) {
          throw notHttp('it begins with something else');
        }
        if (end === -1) return at;
        this.#readHead(bytes.toString('latin1', at, end));
        return end + HEAD_END.length;
      }
      case 'counted':
        return this.#readBody(bytes, at, 'over');
      case 'chunk':
        return this.#readBody(bytes, at, 'chunk-end');
      case 'open':
        if (at < bytes.length) this.#sink?.onBody(bytes.subarray(at));
        return bytes.length;
      case 'chunk-end':
        if (bytes.length - at < LINE_END.length) return at;
        if (bytes.toString('latin1', at, at + LINE_END.length) !== LINE_END)
          throw notHttp('a chunk is longer than it says');
        this.#state = 'chunk-head';
        return at + LINE_END.length;
      case 'chunk-head':
      case 'trailers': {
        const end = this.#find(bytes, LINE_END, at);
        if (end === -1) return at;
        if (this.#state === 'chunk-head') this.#readChunkHead(bytes.toString('latin1', at, end));
        else this.#readTrailer(end + LINE_END.length - at);
        return end + LINE_END.length;
      }
      case 'over':
        return at;
    }
  }

  #find(bytes: Buffer, end: string, at: number): number {
    const found = bytes.indexOf(end, at, 'latin1');
    if ((found === -1 ? bytes.length : found) - at > MOST_HEAD_BYTES) throw notHttp('its head has no end');
    return found;
  }

  #readBody(bytes: Buffer, at: number, then: State): number {
    const end = Math.min(at + this.#left, bytes.length);
    if (end > at) this.#sink?.onBody(bytes.subarray(at, end));
    this.#left -= end - at;
    if (this.#left === 0) this.#state = then;
    return end;
  }

  #readChunkHead(line: string): void {
    const size = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;|$)/.exec(line)?.[1];
    if (size === undefined) throw notHttp('a chunk has no length');
    this.#left = Number.parseInt(size, 16);
    this.#state = 'chunk';
    if (this.#left > 0) return;
    this.#state = 'trailers';
    this.#left = MOST_HEAD_BYTES;
  }

  /** Nothing that S3 says there is needed. */
  #readTrailer(byteLength: number): void {
    this.#left -= byteLength;
    if (this.#left < 0) throw notHttp('its trailers have no end');
    if (byteLength === LINE_END.length) this.#state = 'over';
  }

  #readHead(head: string): void {
    const line = STATUS_LINE.exec(head);
    if (line === null) throw notHttp('its first line is none');
    const status = Number(line[2]);
    const headers = readHeaders(head);
    if (status < 200) {
      if (status === 101) throw notHttp('it changes the protocol');
      return;
    }
    const options = text(headers['connection']).toLowerCase();
    this.keepsAlive = line[1] === '1' ? !options.includes('close') : options.includes('keep-alive');
    this.keepAliveSeconds = secondsOf(headers['keep-alive']);
    this.#state = this.#hasBody && status !== 204 && status !== 304 ? this.#framing(headers) : 'over';
    this.#sink?.onHead(status, headers);
  }

  #framing(headers: AnswerHeaders): State {
    const coding = headers['transfer-encoding'];
    const length = headers['content-length'];
    if (coding !== undefined) {
      if (text(coding).toLowerCase() !== 'chunked') throw notHttp('its transfer coding is unknown');
      if (length !== undefined) throw notHttp('its body has two lengths');
      return 'chunk-head';
    }
    if (length === undefined) {
      this.keepsAlive = false;
      return 'open';
    }
    if (typeof length !== 'string' || !/^\d{1,15}$/.test(length)) throw notHttp('its length is no number');
    this.#left = Number(length);
    return this.#left === 0 ? 'over' : 'counted';
  }
}

function readHeaders(head: string): AnswerHeaders {
  if (CONTROL.test(head)) throw notHttp('a header holds a control character');
  const headers: Record<string, string | string[]> = {};
  for (let start = head.indexOf(LINE_END); start !== -1;) {
    const next = head.indexOf(LINE_END, start + 2);
    const end = next === -1 ? head.length : next;
    const colon = head.indexOf(':', start + 2);
    if (colon === -1 || colon >= end) throw notHttp('a header has no name');
    const name = readName(head.slice(start + 2, colon));
    const value = head.slice(colon + 1, end).trim();
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = before === undefined ? value : [before, value].flat();
    start = next;
  }
  return headers;
}

function text(value: AnswerHeaders[string]): string {
  return value === undefined ? '' : typeof value === 'string' ? value : value.join(', ');
}

function secondsOf(keepAlive: AnswerHeaders[string]): number | null {
  const seconds = keepAlive === undefined ? undefined : /timeout=(\d+)/i.exec(text(keepAlive))?.[1];
  return seconds === undefined ? null : Number(seconds);
}

function notHttp(why: string): TransportError {
  return new TransportError('NOT_HTTP', `The answer is no HTTP: ${why}.`);
}
