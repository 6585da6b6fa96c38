import { get, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnswerReader } from '../../../../electron/engine/s3/http/answer-reader.ts';
import { TransportError } from '../../../../electron/engine/s3/http/transport-error.ts';
import type { AnswerHeaders } from '../../../../electron/engine/s3/object-headers.ts';

interface Read {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: string;
}

interface ReadAnswer extends Read {
  readonly keepsAlive: boolean;
}

/** `whole`: with nothing missing when the connection ended; null for an answer that is cut. */
function readPieces(pieces: readonly string[], isHead = false): ReadAnswer | null {
  let status = 0;
  let headers: AnswerHeaders = {};
  let body = '';
  const reader = new AnswerReader();
  reader.begin(
    {
      onHead(given, those) {
        [status, headers] = [given, those];
      },
      onBody(chunk) {
        body += chunk.toString('latin1');
      },
    },
    isHead,
  );
  const isWhole = pieces.some((piece) => readPiece(reader, piece)) || reader.end();
  return isWhole ? { status, headers, body, keepsAlive: reader.keepsAlive } : null;
}

/** From a buffer that something else is read into afterwards. */
function readPiece(reader: AnswerReader, piece: string): boolean {
  const chunk = Buffer.from(piece, 'latin1');
  const isWhole = reader.read(chunk);
  chunk.fill('#');
  return isWhole;
}

function outcome(read: () => ReadAnswer | null): ReadAnswer | string {
  try {
    return read() ?? 'cut';
  } catch (error) {
    if (error instanceof TransportError) return error.code;
    throw error;
  }
}

const OK = 'HTTP/1.1 200 OK\r\n';

const UNDERSTOOD: Readonly<Record<string, string>> = {
  'with a length': `${OK}Content-Length: 5\r\nETag: "a"\r\n\r\nhello`,
  'without a body': 'HTTP/1.1 204 No Content\r\nx-amz-request-id:1\r\n\r\n',
  'of an object that did not change': 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
  'of no bytes': `${OK}Content-Length: 0\r\n\r\n`,
  'in chunks': `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n00A;name=x\r\n and more!\r\n0\r\n\r\n`,
  'in chunks with trailers': `${OK}transfer-encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nx-amz-checksum-crc32: AAAA\r\nb: c\r\n\r\n`,
  'that ends with its connection': `${OK}content-type: text/xml\r\n\r\n<a/>\r\n\r\n`,
  'of HTTP 1.0': 'HTTP/1.0 200 OK\r\n\r\nold',
  'without a reason': 'HTTP/1.1 404\r\nContent-Length: 1\r\n\r\nx',
  'with words on the way': `HTTP/1.1 102 Processing\r\nx: y\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`,
  'with bytes beyond ASCII and space around them': `${OK}x-amz-meta-name: \t M\xc3\xbcller \t\r\nContent-Length: 1\r\n\r\n\xff`,
  'with an empty header': `${OK}x-amz-meta-empty:\r\nContent-Length: 0\r\n\r\n`,
  'with names of our own language': `${OK}constructor: a\r\ntoString: b\r\nContent-Length: 0\r\n\r\n`,
};

const REFUSED: Readonly<Record<string, string>> = {
  'a greeting of SMTP': '220 mail.example ESMTP\r\n',
  'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
  'a header without a colon': `${OK}nothing\r\n\r\n`,
  'a header that is folded': `${OK}a: b\r\n c\r\n\r\n`,
  'a name with a space behind it': `${OK}Content-Length : 1\r\n\r\nx`,
  'a header with a lone line feed': `${OK}a: b\nc: d\r\n\r\n`,
  'a header with a lone carriage return': `${OK}a: b\rc: d\r\n\r\n`,
  'a length that is no number': `${OK}Content-Length: +5\r\n\r\nhello`,
  'two lengths': `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
  'a length beside chunks': `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'a chunk without a length': `${OK}Transfer-Encoding: chunked\r\n\r\nhello\r\n`,
  'a chunk that is longer than it says': `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n`,
  'a head without an end': `${OK}a: ${'x'.repeat(40_000)}`,
  'trailers without an end': `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(10_000)}`,
};

/** Node takes these. */
const REFUSED_BY_US: Readonly<Record<string, string>> = {
  'another version': 'HTTP/2.0 200 OK\r\n\r\n',
  'another protocol': 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n',
  'an unknown transfer coding': `${OK}Transfer-Encoding: gzip\r\n\r\nx`,
};

const CUT: Readonly<Record<string, string>> = {
  'in its head': `${OK}Content-Le`,
  'in its body': `${OK}Content-Length: 5\r\n\r\nhell`,
  'in a chunk': `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`,
  'before the last chunk': `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
  'behind what comes first': 'HTTP/1.1 102 Processing\r\n\r\n',
};

describe('an answer', () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (request) => {
      const path = /^GET \/(\S+)/.exec(request.toString('latin1'))?.[1] ?? '';
      socket.end(Buffer.from(path, 'base64url'));
    });
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  /** What Node's own client makes of the same bytes. */
  async function readByNode(text: string): Promise<Read> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
    const { port } = server.address() as AddressInfo;
    const path = `/${Buffer.from(text, 'latin1').toString('base64url')}`;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, host: '127.0.0.1', path, agent: false }, resolve).on('error', reject);
    });
    const { statusCode = 0, headers } = answer;
    return { status: statusCode, headers, body: (await buffer(answer)).toString('latin1') };
  }

  test.each(Object.entries(UNDERSTOOD))('%s is what Node makes of it, however its bytes arrive', async (_, text) => {
    const byNode = await readByNode(text);
    const whole = outcome(() => readPieces([text]));
    expect(whole).toMatchObject({ ...byNode });
    expect(outcome(() => readPieces(text.split('')))).toEqual(whole);
    for (let at = 1; at < text.length; at += 1) {
      expect(outcome(() => readPieces([text.slice(0, at), text.slice(at)]))).toEqual(whole);
    }
  });

  test.each(Object.entries(REFUSED))('with %s is none, for Node too', async (_, text) => {
    expect(outcome(() => readPieces([text]))).toBe('NOT_HTTP');
    expect(outcome(() => readPieces(text.split('')))).toBe('NOT_HTTP');
    await expect(readByNode(text)).rejects.toThrow();
  });

  test.each(Object.entries(REFUSED_BY_US))('with %s is none', (_, text) => {
    expect(outcome(() => readPieces([text]))).toBe('NOT_HTTP');
  });

  test.each(Object.entries(CUT))('that is cut %s is not whole', (_, text) => {
    expect(outcome(() => readPieces([text]))).toBe('cut');
  });

  test('to a HEAD has no body, whatever its length says', () => {
    const text = `${OK}Content-Length: 5\r\n\r\n`;
    expect(outcome(() => readPieces([text], true))).toMatchObject({ body: '', keepsAlive: true });
  });

  test('that comes twice has both values of a header', () => {
    const text = `${OK}via: a\r\nvia: b\r\nvia: c\r\nContent-Length: 0\r\n\r\n`;
    expect(outcome(() => readPieces([text]))).toMatchObject({ headers: { via: ['a', 'b', 'c'] } });
  });

  test.each([
    ['of HTTP 1.1', `${OK}Content-Length: 0\r\n\r\n`, true],
    ['that closes', `${OK}Connection: Close\r\nContent-Length: 0\r\n\r\n`, false],
    ['of HTTP 1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
    ['of HTTP 1.0 that keeps it', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', true],
    ['with more behind it', `${OK}Content-Length: 1\r\n\r\nab`, false],
    ['that ends with it', `${OK}\r\nab`, false],
  ])('%s says whether its connection can be used again', (_, text, keepsAlive) => {
    expect(outcome(() => readPieces([text]))).toMatchObject({ keepsAlive });
  });
});
