import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isPresigned } from './http/authorization.ts';
import { readRequest, withQueryHeaders } from './http/s3-request.ts';
import { verifySignature, type Identity } from './http/signature.ts';
import type { Answer } from './operations/answer.ts';
import { findOperation, refuseUnknown } from './operations/route.ts';
import { S3Failure } from './s3-failure.ts';
import type { SandboxStorage } from './storage/storage.ts';
import { element, XML_DECLARATION } from './xml.ts';

export interface SandboxServerOptions {
  readonly storage: SandboxStorage;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Told of failures that no client caused; they answer 500. */
  readonly onError?: (error: unknown) => void;
}

export interface SandboxServer {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** Ends connections, then the storage. */
  close(): Promise<void>;
}

/** Longer than any client keeps an idle connection, so that it is never closed under a request on its way. */
const KEEP_ALIVE_MILLISECONDS = 120_000;

/** An S3 server on 127.0.0.1, path style, for one key pair. Resolves when it listens; rejects where it cannot. */
export async function createSandboxServer(options: SandboxServerOptions): Promise<SandboxServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, requestTimeout: 0 });
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    handle(message, response, options).catch((error: unknown) => {
      options.onError?.(error);
      response.destroy();
    });
  });
  await listen(server, options.port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await ended;
      await options.storage.close();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Consecutive from a random start: asking the system for random bytes costs as much as checking a signature's hash. */
let lastRequestId = randomBytes(8).readBigUInt64BE();

function nextRequestId(): string {
  lastRequestId = BigInt.asUintN(64, lastRequestId + 1n);
  return lastRequestId.toString(16).toUpperCase().padStart(16, '0');
}

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  options: SandboxServerOptions,
): Promise<void> {
  const requestId = nextRequestId();
  response.setHeader('x-amz-request-id', requestId);
  response.setHeader('server', 'dipper-sandbox');
  let answer: Answer;
  try {
    const identity: Identity = options;
    const sent = readRequest(message);
    const signing = verifySignature(sent, identity, Date.now());
    const request = isPresigned(sent) ? withQueryHeaders(sent) : sent;
    const operation = findOperation(request);
    if (operation === null) throw refuseUnknown(request);
    const call = { request, signing, storage: options.storage, identity };
    answer = await operation.run(call, request.bucket ?? '', request.key ?? '');
  } catch (error) {
    // A client that went away in the middle of its body waits for no answer.
    if (message.destroyed && !message.complete) return;
    answer = failureAnswer(error, message, requestId, options);
  }
  // What is left of a body that nobody wanted must be read, or the client would never look at the answer.
  message.resume();
  await send(answer, message.method === 'HEAD', response);
}

async function send(answer: Answer, headOnly: boolean, response: ServerResponse): Promise<void> {
  const { status, headers = {}, document, body } = answer;
  try {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const noBody = headOnly || status === 204 || status === 304;
    if (document !== undefined) {
      response.setHeader('content-type', 'application/xml');
      response.setHeader('content-length', Buffer.byteLength(document));
    } else if (body !== undefined) {
      response.setHeader('content-length', body.length);
    } else if (!noBody) {
      response.setHeader('content-length', 0);
    }
    response.writeHead(status);
    if (noBody) response.end();
    else if (document !== undefined) response.end(document);
    else if (body?.content instanceof Uint8Array) response.end(body.content);
    else if (body === undefined) response.end();
    else await stream(body.content, response);
  } finally {
    await body?.close();
  }
}

async function stream(content: AsyncIterable<Uint8Array>, response: ServerResponse): Promise<void> {
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  for await (const chunk of content) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed]);
  }
  response.end();
}

function failureAnswer(
  error: unknown,
  message: IncomingMessage,
  requestId: string,
  options: SandboxServerOptions,
): Answer {
  if (!(error instanceof S3Failure)) options.onError?.(error);
  const failure =
    error instanceof S3Failure ? error : new S3Failure('InternalError', 'We encountered an internal error. Try again.');
  const facts = Object.entries(failure.facts).map(([name, value]) => element(name, value));
  const resource = (message.url ?? '/').replace(/\?.*$/s, '');
  const document =
    `${XML_DECLARATION}<Error>${element('Code', failure.code)}${element('Message', failure.message)}${facts.join('')}` +
    `${element('Resource', resource)}${element('RequestId', requestId)}${element('HostId', 'sandbox')}</Error>`;
  return { status: failure.status, headers: failure.headers, document };
}
