import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createSigner } from '../../../electron/engine/s3/signing.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const CONDITIONS = new Set(['if-match', 'if-none-match']);
/** Of this hop, or written anew by the signature. */
const OWN_HEADERS = new Set([
  'authorization',
  'connection',
  'content-length',
  'host',
  'x-amz-content-sha256',
  'x-amz-date',
]);

/**
 * The sandbox behind a server that takes conditions and writes all the same, as some do: it leaves out `If-Match`,
 * `If-None-Match` and the ETags of DeleteObjects, and signs what is left anew.
 */
export async function startCarelessServer(sandbox: TestSandbox): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const signer = createSigner({ ...sandbox, sessionToken: null }, sandbox.region);
  const { host } = new URL(sandbox.endpoint);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    const [path = '', query = ''] = url.split('?');
    const headers: Record<string, string> = { host };
    for (const [name, value] of Object.entries(request.headers)) {
      if (!CONDITIONS.has(name) && !OWN_HEADERS.has(name) && name !== 'content-md5') headers[name] = String(value);
    }
    let body: Buffer | null = await buffer(request);
    if (query === 'delete=') body = Buffer.from(body.toString().replaceAll(/<ETag>.*?<\/ETag>/g, ''));
    if (method === 'GET' || method === 'HEAD' || method === 'DELETE') body = null;
    if (query === 'delete=')
      headers['content-md5'] = createHash('md5')
        .update(body ?? '')
        .digest('base64');
    const { host: _, ...signed } = signer.sign({ method, path, query, headers, body }, new Date());
    const from = await fetch(`${sandbox.endpoint}${url}`, {
      method,
      headers: signed,
      body: body === null ? null : new Uint8Array(body),
    });
    response.writeHead(from.status, Object.fromEntries(from.headers));
    response.end(Buffer.from(await from.arrayBuffer()));
  };

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
