import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createHttpBridge } from '../../../renderer/api/http-bridge.ts';
import type { HostState } from '../../../shared/bridge.ts';

/** Also on a busy machine. */
const SOON = { timeout: 10_000 };

let server: Server;

afterEach(() => stop());

/** A host that opens a stream of events, or refuses the token; answers its port. */
async function start(status: 200 | 401, port = 0): Promise<number> {
  server = createServer((_request, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/x-ndjson' });
    if (status === 200) response.write('\n{"name":"job:removed","payload":{"job":"j"}}\n');
    else response.end('{}');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return isAddress(address) ? address.port : 0;
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

async function stop(): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

test('a page learns that Dipper is gone, goes on where it comes back, and that another one has taken its place', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const port = await start(200);
  const bridge = createHttpBridge({ token: Promise.resolve('t'), origin: `http://127.0.0.1:${port}` });
  const seen: (HostState | undefined)[] = [];
  const heard: string[] = [];
  const endWatch = bridge.host?.subscribe(() => seen.push(bridge.host?.state()));
  const end = bridge.subscribe(({ name }) => heard.push(name));
  const aStream = ['connections:changed', 'collections:changed', 'jobs:changed', 'job:removed'];
  try {
    await expect.poll(() => heard, SOON).toEqual(aStream);
    expect([bridge.host?.state(), seen]).toEqual(['there', []]);

    await stop();
    await expect.poll(() => seen, SOON).toEqual(['gone']);
    expect(await bridge.invoke('jobs:list', {}, 'call')).toMatchObject({ error: { code: 'connection-lost' } });

    await start(200, port);
    await expect.poll(() => seen, SOON).toEqual(['gone', 'there']);
    await expect.poll(() => heard, SOON).toEqual([...aStream, ...aStream]);

    await stop();
    await expect.poll(() => seen, SOON).toEqual(['gone', 'there', 'gone']);
    await start(401, port);
    await expect.poll(() => seen, SOON).toEqual(['gone', 'there', 'gone', 'another']);
  } finally {
    end();
    endWatch?.();
  }
});
