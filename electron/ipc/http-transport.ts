import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { CLIENT_HEADER, type EventMessage } from '../../shared/bridge.ts';
import { AppFailure, type AppError } from '../../shared/result.ts';
import type { Door, DoorSession } from './door.ts';
import { pageDoor } from './page-door.ts';

/** The contract over HTTP as shared/bridge.ts describes it. Who may ask has been settled by the host before. */
export interface HttpTransport {
  /** `path` such as `/api/call`. Answers every request; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
  /** Ends all sessions and event streams. */
  close(): void;
}

/** A record's text may be long; an upload of more is not what calls are for. */
const LONGEST_BODY = 128 * 1024 * 1024;
const MOST_CLIENTS = 100;
/** A page that does not read its events for so long is not there. */
const MOST_BUFFERED_EVENTS = 4 * 1024 * 1024;
const HEARTBEAT_MILLISECONDS = 15_000;

const clientSchema = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
const callSchema = z.object({ call: z.string().min(1).max(200), channel: z.string().max(200), args: z.unknown() });
const cancelSchema = z.object({ call: z.string().max(200) });

interface Client {
  readonly session: DoorSession;
  stream: ServerResponse | null;
}

/** `longestBody` in bytes; of what is longer no more is kept. */
export function createHttpTransport(door: Door, longestBody = LONGEST_BODY): HttpTransport {
  const clients = new Map<string, Client>();

  const remove = (id: string, client: Client): void => {
    if (clients.get(id) === client) clients.delete(id);
    client.session.close();
    client.stream?.end();
  };

  const clientOf = (id: string): Client => {
    const known = clients.get(id);
    if (known) return known;
    if (clients.size >= MOST_CLIENTS) {
      // A page always has a stream: what has none is a program that never said it is done.
      const [oldest] = [...clients].filter(([, client]) => client.stream === null);
      if (oldest) remove(...oldest);
    }
    const client: Client = { session: pageDoor(door).connect((event) => send(client, event)), stream: null };
    clients.set(id, client);
    return client;
  };

  const call = async (request: IncomingMessage, response: ServerResponse, client: Client): Promise<void> => {
    const message = callSchema.safeParse(await readJson(request, longestBody));
    if (!message.success) throw badRequest('The body of a call is { call, channel, args }.');
    const { call: callId, channel, args } = message.data;
    response.on('close', () => {
      if (!response.writableFinished) client.session.cancel(callId);
    });
    answer(response, 200, await client.session.call(callId, channel, args));
  };

  const events = (id: string, response: ServerResponse, client: Client): void => {
    client.stream?.end();
    client.stream = response;
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    response.write('\n');
    const heartbeat = setInterval(() => response.write('\n'), HEARTBEAT_MILLISECONDS);
    response.on('close', () => {
      clearInterval(heartbeat);
      // A stream that took over from this one keeps the client.
      if (client.stream === response) remove(id, client);
    });
  };

  const route = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const id = clientSchema.safeParse(request.headers[CLIENT_HEADER]);
    if (!id.success) throw badRequest(`The header ${CLIENT_HEADER} holds 8 to 64 of A-Z a-z 0-9 _ -.`);
    const place = `${request.method} ${path}`;
    if (place === 'POST /api/call') {
      await call(request, response, clientOf(id.data));
    } else if (place === 'GET /api/events') {
      events(id.data, response, clientOf(id.data));
    } else if (place === 'POST /api/cancel') {
      const message = cancelSchema.safeParse(await readJson(request, longestBody));
      if (!message.success) throw badRequest('The body of a cancellation is { call }.');
      clients.get(id.data)?.session.cancel(message.data.call);
      response.writeHead(204).end();
    } else {
      throw new HttpFailure(404, 'There is nothing at this address.');
    }
  };

  return {
    handle: async (request, response, path) => {
      try {
        await route(request, response, path);
      } catch (error) {
        // A request that broke off while it was read has nobody left to answer.
        const failure = error instanceof HttpFailure ? error : badRequest('The request broke off.');
        answerFailure(response, failure.status, failure.message);
      }
    },
    close: () => {
      for (const [id, client] of clients) remove(id, client);
    },
  };
}

function send(client: Client, event: EventMessage): void {
  const { stream } = client;
  if (!stream) return;
  stream.write(`${JSON.stringify(event)}\n`);
  if (stream.writableLength > MOST_BUFFERED_EVENTS) stream.destroy();
}

class HttpFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function badRequest(message: string): HttpFailure {
  return new HttpFailure(400, message);
}

async function readJson(request: IncomingMessage, longestBody: number): Promise<unknown> {
  // Another type can be sent by a form of a foreign page without asking first.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw badRequest('The body has to be application/json.');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw badRequest('The body could not be read.');
    length += chunk.length;
    if (length > longestBody) throw new HttpFailure(413, `The body is longer than ${longestBody / 1024 / 1024} MB.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw badRequest('The body is no JSON.');
  }
}

export function answer(response: ServerResponse, status: number, value: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

/** An answer in the form of a failed call, so that a page needs to understand one form only. */
export function answerFailure(response: ServerResponse, status: number, message: string): void {
  const code: AppError['code'] = status === 401 || status === 403 ? 'access-denied' : 'invalid-arguments';
  if (response.headersSent) response.destroy();
  else answer(response, status, { ok: false, error: new AppFailure(code, message, { detail: { status } }).error });
}
