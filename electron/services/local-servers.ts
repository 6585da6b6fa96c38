import { get } from 'node:http';
import type { LocalServer } from '../../shared/local-server.ts';

/** Looks for S3 servers of this machine at the ports where they usually are. */
export interface LocalServers {
  find(signal: AbortSignal): Promise<readonly LocalServer[]>;
  /** What answers at an endpoint of this machine; null where nothing does that is known, and for other machines. */
  recognise(endpoint: string, signal: AbortSignal): Promise<LocalServer | null>;
}

/** A server of this machine answers in some milliseconds; one that is busy starting counts as not there yet. */
const PATIENCE_MILLISECONDS = 1_000;

/** Of an answer; LocalStack's health is 2 KB. */
const MOST_BYTES = 64 * 1024;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function createLocalServers(
  environment: Readonly<Record<string, string | undefined>>,
  patience = PATIENCE_MILLISECONDS,
): LocalServers {
  // Servers that are started with these variables are where they say.
  const places = [
    { ask: askLocalStack, port: portIn(environment['GATEWAY_LISTEN']) ?? 4566 },
    { ask: askMinio, port: portIn(environment['MINIO_ADDRESS']) ?? 9000 },
  ];
  return {
    find: async (signal) => {
      const patient = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      const answers = await Promise.all(places.map(({ ask, port }) => ask(`http://127.0.0.1:${port}`, patient)));
      signal.throwIfAborted();
      return answers.filter((server) => server !== null);
    },
    recognise: async (endpoint, signal) => {
      const { protocol, hostname } = new URL(endpoint);
      if (protocol !== 'http:' || !LOOPBACK.has(hostname)) return null;
      const patient = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      const answers = await Promise.all(places.map(({ ask }) => ask(endpoint, patient)));
      signal.throwIfAborted();
      return answers.find((server) => server !== null) ?? null;
    },
  };
}

/** Of `host:port` or `:port`, the first of several. */
function portIn(addresses: string | undefined): number | null {
  const port = /:(\d{1,5})(?:,|$)/.exec(addresses ?? '')?.[1];
  return port === undefined ? null : Number(port);
}

async function askLocalStack(endpoint: string, signal: AbortSignal): Promise<LocalServer | null> {
  const answer = await read(`${endpoint}/_localstack/health`, signal);
  if (answer?.status !== 200) return null;
  let health: unknown;
  try {
    health = JSON.parse(answer.body);
  } catch {
    // Something else that answers every path.
    return null;
  }
  if (typeof health !== 'object' || health === null || !('services' in health)) return null;
  const version = 'version' in health && typeof health.version === 'string' ? health.version : null;
  return { kind: 'localstack', endpoint, version };
}

async function askMinio(endpoint: string, signal: AbortSignal): Promise<LocalServer | null> {
  const answer = await read(`${endpoint}/minio/health/live`, signal);
  if (answer === null || !/^minio\b/i.test(answer.server)) return null;
  // Only old ones say it: `MinIO/RELEASE.2020-01-16T22-40-29Z`.
  return { kind: 'minio', endpoint, version: /^minio\/(\S+)/i.exec(answer.server)?.[1] ?? null };
}

interface Answer {
  readonly status: number;
  readonly server: string;
  readonly body: string;
}

/** Past every proxy; null where nobody answers in time or at all. */
function read(url: string, signal: AbortSignal): Promise<Answer | null> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.byteLength;
        if (bytes > MOST_BYTES) request.destroy();
      });
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          server: String(response.headers.server ?? ''),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
      response.on('error', () => resolve(null));
    });
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
  });
}
