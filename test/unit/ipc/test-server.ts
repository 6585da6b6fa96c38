import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../../electron/engine/engine.ts';
import { createLedger } from '../../../electron/engine/cost/ledger.ts';
import { createRequestLog } from '../../../electron/engine/s3/request-log.ts';
import { createHandlers } from '../../../electron/handlers/create-handlers.ts';
import type { Services } from '../../../electron/handlers/services.ts';
import { createMistakeLog } from '../../../electron/services/mistake-log.ts';
import { createDownloads } from '../../../electron/services/downloads.ts';
import { createGivenFiles } from '../../../electron/services/given-files.ts';
import { createExportPlaces } from '../../../electron/services/export-places.ts';
import { createLocalServers } from '../../../electron/services/local-servers.ts';
import { createLocalStackStarter } from '../../../electron/services/localstack-program.ts';
import { createSandboxKeeper } from '../../../electron/services/sandbox-keeper.ts';
import { createServerStates } from '../../../electron/services/server-states.ts';
import { createAwsCredentials } from '../../../electron/engine/credentials/aws-credentials.ts';
import { readNetworkSettings } from '../../../electron/engine/s3/network-settings.ts';
import { createTargets } from '../../../electron/services/targets.ts';
import { createContractServer, type ContractServer } from '../../../electron/ipc/contract-server.ts';
import { createEventHub, type EventHub } from '../../../electron/ipc/event-hub.ts';
import { createMemorySecretStore } from '../../../electron/store/secrets.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';
import type { Collection } from '../../../shared/collection.ts';
import type { Connection } from '../../../shared/connection.ts';
import type { OpenedQuery } from '../../../shared/page.ts';

export interface TestServer {
  readonly server: ContractServer;
  readonly events: EventHub;
  readonly store: Store;
  readonly targets: Services['targets'];
  /** `place` of each mistake that was reported. */
  readonly mistakes: readonly string[];
  end(): Promise<void>;
}

/** The real handlers, store and server; of the engine only what a test gives. */
export async function startTestServer(
  engine: Partial<Engine>,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'dipper-ipc-'));
  const store = await openStore(folder);
  const secrets = createMemorySecretStore();
  const mistakes: string[] = [];
  const events = createEventHub((place) => mistakes.push(place));
  const sandbox = createSandboxKeeper({
    start: () => Promise.reject(new Error('no test here needs the sandbox')),
    onLost: () => undefined,
    onChanged: () => undefined,
  });
  const aws = createAwsCredentials(environment, readNetworkSettings(environment));
  const targets = createTargets({ secrets, environment, aws, isCommand: false, sandbox: () => sandbox.running() });
  const localServers = createLocalServers(environment);
  const quiet: Partial<Engine> = {
    forgetConnection: () => Promise.resolve(),
    forgetUploads: () => Promise.resolve(),
    forgetCollection: () => Promise.resolve(),
    knownRecords: () => Promise.resolve(null),
  };
  // A test that reaches what it has not given fails with a TypeError, which the server reports as a mistake.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const given = { ...quiet, ...engine } as Engine;
  const handlers = createHandlers({
    engine: given,
    requestLog: createRequestLog({
      onChanged: (change) => events.emit({ name: 'requests:changed', payload: change }),
    }),
    ledger: createLedger({ days: [], onChanged: () => undefined }),
    mistakes: createMistakeLog(),
    store,
    secrets,
    targets,
    sandbox,
    localServers,
    localStack: createLocalStackStarter(environment, () => undefined),
    serverStates: createServerStates({ engine: given, localServers, sandbox }),
    aws,
    downloads: createDownloads(join(folder, 'downloads')),
    givenFiles: createGivenFiles(join(folder, 'given'), () => []),
    exportPlaces: createExportPlaces(join(folder, 'downloads'), null),
    emit: (event) => events.emit(event),
    state: () => ({
      version: '0',
      shell: 'command-line',
      platform: 'linux',
      dataFolder: folder,
      secrets: secrets.kind,
      notes: store.problems,
    }),
  });
  const server = createContractServer(handlers, events, (place) => mistakes.push(place));
  return {
    server,
    events,
    store,
    targets,
    mistakes,
    end: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const testConnection: Connection = {
  id: 'minio',
  name: 'MinIO',
  kind: 'minio',
  endpoint: 'http://127.0.0.1:9000',
  region: 'us-east-1',
  pathStyle: true,
  credentials: { source: 'keys', accessKeyId: 'AKIDEXAMPLE' },
  environment: 'development',
  readOnly: false,
  maxWorkers: null,
};

export const testCollection: Collection = {
  id: 'movies',
  connectionId: 'minio',
  name: 'Movies',
  bucket: 'films',
  prefix: 'movies/',
  codec: 'plain',
  keyTemplate: '{id}.json',
  tagMapping: false,
  defaultStorageClass: null,
  encryption: null,
  cacheTtlSeconds: 60,
  maxWorkers: null,
  indexSizeCap: 4_194_304,
  memoryOnly: false,
};

export function emptyAnswer(result: string): OpenedQuery {
  return {
    result,
    total: 0,
    records: 0,
    unreadable: 0,
    complete: true,
    notes: [],
    syncing: false,
    syncedAt: null,
    version: 1,
    columns: [],
    statistics: { requests: {}, bytes: 0, scanned: 0, milliseconds: 0 },
  };
}

/** Something that a test waits for. */
export function latch(): { readonly reached: Promise<void>; readonly reach: () => void } {
  let reach: (() => void) | undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return { reached, reach: () => reach?.() };
}
