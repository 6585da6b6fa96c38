import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';

/** The sandbox behind a way that can be slow, or closed after some objects: signatures hold, because Host stays. */
export interface SlowServer {
  readonly endpoint: string;
  /** Each GET of an object takes so long, one after the other. */
  pace(milliseconds: number): void;
  /** After so many GETs of objects the others wait; resolves when the first one does. */
  holdAfter(count: number): Promise<void>;
  /** Ends the pace and lets go what waits. */
  release(): void;
  stop(): Promise<void>;
}

export async function startSlowServer(target: string): Promise<SlowServer> {
  let pace = 0;
  let left = Number.POSITIVE_INFINITY;
  let last: Promise<void> = Promise.resolve();
  let held: (() => void)[] = [];
  let tellHeld: (() => void) | undefined;

  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const { method, url, headers } = request;
    const onward = forward(
      new URL(url ?? '/', target),
      { method: method ?? 'GET', headers, setHost: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  };

  const server = createServer((request, response) => {
    const isObject = request.method === 'GET' && !(request.url ?? '').includes('list-type=2');
    if (!isObject) {
      pass(request, response);
    } else if (left <= 0) {
      held.push(() => pass(request, response));
      tellHeld?.();
    } else {
      left -= 1;
      if (pace === 0) pass(request, response);
      else {
        last = last.then(() => new Promise((done) => setTimeout(done, pace)));
        void last.then(() => pass(request, response));
      }
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    pace: (milliseconds) => {
      pace = milliseconds;
    },
    holdAfter: (count) => {
      left = count;
      return new Promise((resolve) => {
        tellHeld = resolve;
      });
    },
    release: () => {
      pace = 0;
      left = Number.POSITIVE_INFINITY;
      for (const go of held.splice(0)) go();
      held = [];
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
