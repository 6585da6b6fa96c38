/**
 * The sandbox inside the test's own process, from source, in memory, on a free port:
 *
 *     const sandbox = await startTestSandbox({ buckets: ['records'] });
 *     // sandbox.endpoint, .accessKeyId, .secretAccessKey, .region; path style
 *     await sandbox.stop();
 *
 * `storage` reaches the objects without HTTP, `faults` makes the server fail on purpose (`sandbox/faults/fault-rules.ts`).
 */
import { ALL_CAPABILITIES } from '../../../electron/engine/s3/capabilities.ts';
import type { S3Target } from '../../../electron/engine/s3/s3-client.ts';
import type { Faults } from '../../../electron/sandbox/faults/faults.ts';
import type { SandboxClock } from '../../../electron/sandbox/operations/answer.ts';
import { createSandboxServer } from '../../../electron/sandbox/sandbox-server.ts';
import { createMemoryStorage } from '../../../electron/sandbox/storage/memory-storage.ts';
import type { SandboxStorage } from '../../../electron/sandbox/storage/storage.ts';
import type { Connection } from '../../../shared/connection.ts';

export interface TestSandbox {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly storage: SandboxStorage;
  readonly faults: Faults;
  stop(): Promise<void>;
}

/** A server as the engine's client wants it told. */
export function targetOf(
  server: Pick<TestSandbox, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>,
): S3Target {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  return {
    endpoint,
    region,
    pathStyle: true,
    credentials: { accessKeyId, secretAccessKey, sessionToken: null },
    name: 'test',
    maxWorkers: null,
    capabilities: ALL_CAPABILITIES,
  };
}

/** A connection to it, with keys of its own, as a person saves one; `change` is what a test has otherwise. */
export function connectionTo(
  server: Pick<TestSandbox, 'endpoint' | 'region' | 'accessKeyId'>,
  change: Partial<Connection> & Pick<Connection, 'id' | 'name'>,
): Connection {
  const { endpoint, region, accessKeyId } = server;
  return {
    kind: 'custom',
    endpoint,
    region,
    pathStyle: true,
    credentials: { source: 'keys', accessKeyId },
    environment: 'test',
    readOnly: false,
    maxWorkers: null,
    ...change,
  };
}

export async function startTestSandbox(
  options: {
    readonly buckets?: readonly string[];
    readonly region?: string;
    readonly storage?: SandboxStorage;
    /** For a server that comes back where one was; otherwise a free one. */
    readonly port?: number;
    readonly clock?: SandboxClock;
    /** The keys are those of a session, too. */
    readonly sessionToken?: string;
  } = {},
): Promise<TestSandbox> {
  const storage = options.storage ?? createMemoryStorage();
  for (const bucket of options.buckets ?? []) await storage.createBucket(bucket);
  const identity = {
    accessKeyId: 'test-access-key',
    secretAccessKey: 'test/secret+access/key',
    region: options.region ?? 'us-east-1',
  };
  const failures: unknown[] = [];
  const server = await createSandboxServer({
    ...identity,
    storage,
    port: options.port ?? 0,
    ...(options.sessionToken === undefined ? {} : { sessionToken: options.sessionToken }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    onError: (error) => failures.push(error),
  });
  return {
    ...identity,
    endpoint: server.endpoint,
    storage,
    faults: server.faults,
    stop: async () => {
      await server.close();
      if (failures.length > 0) throw new AggregateError(failures, 'the sandbox failed inside');
    },
  };
}
