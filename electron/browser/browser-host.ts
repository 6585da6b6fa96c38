import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { CODE_HEADER, TOKEN_HEADER } from '../../shared/bridge.ts';
import { fileErrorCode } from '../../shared/file-failure.ts';
import { AppFailure } from '../../shared/result.ts';
import type { Door } from '../ipc/door.ts';
import { answer as answerJson, answerFailure, createHttpTransport } from '../ipc/http-transport.ts';
import { readPageFile } from '../ipc/page-files.ts';
import { createEntryCodes, ENTRY_MILLISECONDS } from './entry-codes.ts';
import { createRefusals } from './refusals.ts';

export interface BrowserHost {
  /** Of the page, to be opened once and soon. What opens it is in the fragment, which no log ever sees. */
  newAddress(): string;
  /** Cancels what pages asked for and ends their connections. */
  close(): Promise<void>;
}

export interface BrowserHostOptions {
  /** 0 for a free one. */
  readonly port: number;
  /** The built page (`dist/renderer`). */
  readonly rendererFolder: string;
  /** Told of mistakes of ours, such as a page's file that cannot be read. */
  readonly reportMistake: (place: string, error: unknown) => void;
  /** Told in a sentence of what is refused, a few times for however many requests. */
  readonly note: (text: string) => void;
  /** Milliseconds that the head of a request may take. Default: 10,000; a body, 60,000 with its head. */
  readonly longestHead?: number;
  /** Bytes that a call may have. Default: 128 MB. */
  readonly longestBody?: number;
}

const LONGEST_HEAD = 10_000;
const LONGEST_REQUEST = 60_000;
/** A browser opens six for a page; the rest is for pages that went away without a word. */
const MOST_CONNECTIONS = 256;

/** The same application over HTTP, for this machine only. Throws `invalid-arguments` where the port is taken. */
export async function startBrowserHost(door: Door, options: BrowserHostOptions): Promise<BrowserHost> {
  const token = randomBytes(32).toString('base64url');
  const codes = createEntryCodes();
  const transport = createHttpTransport(door, options.longestBody);
  const refusals = createRefusals(options.note);
  const longestHead = options.longestHead ?? LONGEST_HEAD;
  const server = createServer({
    headersTimeout: longestHead,
    requestTimeout: Math.max(longestHead, LONGEST_REQUEST),
    // Node looks at both each half a minute otherwise.
    connectionsCheckingInterval: longestHead / 2,
  });
  server.maxConnections = MOST_CONNECTIONS;
  const port = await listen(server, options.port);
  const origin = `http://127.0.0.1:${port}`;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const foreign = foreignness(request, `127.0.0.1:${port}`, origin);
    if (foreign !== null) {
      refusals.add(foreign, request.headers[foreign]);
      refuse(response, 403, 'This page answers under its own address only.');
      return;
    }
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (!path.startsWith('/api/')) {
      await answerFile(request, response, path, options.rendererFolder);
      return;
    }
    if (path === '/api/enter') {
      const code = request.headers[CODE_HEADER];
      if (request.method === 'POST' && typeof code === 'string' && codes.take(code))
        answerJson(response, 200, { ok: true, value: { token } });
      else {
        refusals.add('code');
        refuse(response, 401, ADDRESS_IS_USED);
      }
      return;
    }
    if (!sameToken(request.headers[TOKEN_HEADER], token)) {
      refusals.add('token');
      refuse(response, 401, `The token is missing or wrong. ${ADDRESS_IS_USED}`);
      return;
    }
    await transport.handle(request, response, path);
  };

  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      options.reportMistake(`${request.method} ${request.url}`, error);
      answerFailure(response, 500, 'The request failed because of a mistake in Dipper. Its log has the cause.');
    });
  });
  // A peer that speaks no HTTP, or so slowly that it holds a connection for nothing, gets no answer.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A page that goes away resets its connections, which is its good right, and browsers open some that they never use.
    const isUnused = socket instanceof Socket && socket.bytesRead === 0;
    if (error.code !== 'ECONNRESET' && !isUnused) refusals.add('too slow, or no HTTP');
    socket.destroy();
  });
  server.on('drop', () => refusals.add('too many connections'));

  return {
    newAddress: () => `${origin}/#code=${codes.make()}`,
    close: async () => {
      transport.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const ADDRESS_IS_USED = `An address that Dipper prints opens one page, once and within ${ENTRY_MILLISECONDS / 60_000} minutes. Run "dipper serve" for a new one.`;

async function listen(server: Server, port: number): Promise<number> {
  try {
    const listening = once(server, 'listening');
    server.listen(port, '127.0.0.1');
    await listening;
  } catch (cause) {
    throw portFailure(port, cause);
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address with a port');
  return address.port;
}

/** Why nobody can listen on the port that `--port` named. */
export function portFailure(port: number, cause: unknown): AppFailure {
  const code = fileErrorCode(cause) ?? 'unknown error';
  const reason = code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code})`;
  return new AppFailure(
    'invalid-arguments',
    `Port ${port} of 127.0.0.1 ${reason}. Choose another with --port, or leave it out for a free one.`,
    { cause },
  );
}

/** Whoever is refused has no more to say on this connection: what it still sends is not even read away. */
function refuse(response: ServerResponse, status: 401 | 403, message: string): void {
  response.setHeader('connection', 'close');
  answerFailure(response, status, message);
}

/**
 * The header that shows that a request is not our page's; null for one that may be. A foreign page can make a browser send
 * requests here, and by DNS rebinding under a name of its own: then Host is that name. Origin and Sec-Fetch-Site are there
 * in every request that a foreign page's script makes.
 */
function foreignness(request: IncomingMessage, host: string, origin: string): 'host' | 'origin' | null {
  if (request.headers.host !== host) return 'host';
  if (request.headers.origin !== undefined && request.headers.origin !== origin) return 'origin';
  const site = request.headers['sec-fetch-site'];
  // Following a link to the page itself is fine wherever the link stands: without the token it shows nothing.
  const isOwn =
    site === undefined || site === 'same-origin' || site === 'none' || request.headers['sec-fetch-mode'] === 'navigate';
  return isOwn ? null : 'origin';
}

async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  folder: string,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    answerFailure(response, 405, 'Files of the page can only be read.');
    return;
  }
  const file = await readPageFile(folder, path);
  response.writeHead(file.status, { ...file.headers, 'content-length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

function sameToken(given: string | readonly string[] | undefined, token: string): boolean {
  if (typeof given !== 'string') return false;
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
