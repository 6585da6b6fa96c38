import type { ApplicationState } from '../shared/contract.ts';
import { hasEnded } from '../shared/job.ts';
import { createAwsCredentials } from './engine/credentials/aws-credentials.ts';
import { createEngine } from './engine/create-engine.ts';
import type { SpawnIndexProcess } from './engine/index/index-process.ts';
import { startNodeIndexProcess } from './engine/index/node-index-process.ts';
import { readNetworkSettings } from './engine/s3/network-settings.ts';
import type { SystemProxy } from './engine/s3/proxy.ts';
import { createLedger, type RequestLedger } from './engine/cost/ledger.ts';
import { createRateKeeper } from './engine/cost/request-rates.ts';
import { createRequestLog } from './engine/s3/request-log.ts';
import { createHandlers } from './handlers/create-handlers.ts';
import { collectionTarget, writableTarget, type Services } from './handlers/services.ts';
import { fillOnFirstStart } from './services/first-start.ts';
import { createMistakeLog } from './services/mistake-log.ts';
import { createDownloads } from './services/downloads.ts';
import { createGivenFiles } from './services/given-files.ts';
import { createExportPlaces, type FileDialogs } from './services/export-places.ts';
import { findDownloadsFolder } from './services/downloads-folder.ts';
import { readKeptCertificates } from './services/kept-certificates.ts';
import { createLocalServers } from './services/local-servers.ts';
import { createLocalStackStarter } from './services/localstack-program.ts';
import { createSandboxKeeper } from './services/sandbox-keeper.ts';
import { createServerStates } from './services/server-states.ts';
import { createTargets } from './services/targets.ts';
import { createContractServer, type ReportMistake } from './ipc/contract-server.ts';
import type { Door } from './ipc/door.ts';
import { createEventHub } from './ipc/event-hub.ts';
import type { Shell } from './ipc/socket-messages.ts';
import { nodeSandboxProcess, startSandbox, type SandboxProcess } from './sandbox/sandbox-process.ts';
import { createMemorySecretStore, type SecretStore } from './store/secrets.ts';
import { openStore } from './store/store.ts';

export interface ApplicationOptions {
  /** Absolute path (`chooseDataFolder`). */
  readonly dataFolder: string;
  readonly shell: Shell;
  readonly version: string;
  /** The built scripts of the processes and the sample records. */
  readonly scripts: ApplicationScripts;
  /** Where files go that a page asks for. Default: `findDownloadsFolder`. */
  readonly downloadsFolder?: string;
  /** Default: none; what a page exports then goes where downloads go. */
  readonly fileDialogs?: FileDialogs;
  /** What the settings of this computer say of proxies. Default: nothing but the environment's variables count. */
  readonly systemProxy?: SystemProxy;
  /** Default: in memory. */
  readonly secrets?: SecretStore;
  /** Default: a child process of plain Node. */
  readonly spawnIndexProcess?: SpawnIndexProcess;
  /** Default: a child process of plain Node. */
  readonly spawnSandboxProcess?: () => SandboxProcess;
  /** Default: standard error. */
  readonly reportMistake?: ReportMistake;
}

export interface ApplicationScripts {
  /** `dist/node/index-process.js` */
  readonly indexProcess: string;
  /** `dist/node/sandbox-process.js` */
  readonly sandboxProcess: string;
  /** `dist/node/sample-data.ndjson.gz` */
  readonly sampleData: string;
}

export interface Application {
  readonly door: Door;
  /** Cancels all calls, then ends the index process and the sandbox. */
  close(): Promise<void>;
}

/** Everything that is not a shell. Only the owner of the data folder opens it (`attachToDataFolder`). */
export async function openApplication(options: ApplicationOptions): Promise<Application> {
  const store = await openStore(options.dataFolder);
  const secrets = options.secrets ?? createMemorySecretStore();
  const mistakes = createMistakeLog();
  const report = options.reportMistake ?? reportToStandardError;
  const reportMistake: ReportMistake = (place, error) => {
    mistakes.add(place, error);
    report(place, error);
  };
  await fillOnFirstStart(store);
  await readKeptCertificates(store.connections);

  /** What was found since the store was opened. */
  const notes: string[] = [];
  const events = createEventHub(reportMistake);
  function serversChanged(): void {
    events.emit({ name: 'servers:changed', payload: {} });
  }
  const sandbox = createSandboxKeeper({
    start: () =>
      startSandbox({
        spawn: options.spawnSandboxProcess ?? (() => nodeSandboxProcess(options.scripts.sandboxProcess)),
        directory: store.folder.sandbox,
        sampleData: options.scripts.sampleData,
        // Only this process owns the folder: who has the sandbox is of a Dipper that was killed, and about to end.
        waitMilliseconds: 10_000,
      }),
    onLost: () => {
      for (const connection of store.connections.entries) {
        if (connection.credentials.source === 'sandbox') engine.leaveServer(connection.id);
      }
    },
    onChanged: serversChanged,
  });
  const isCommand = options.shell === 'command-line';
  const network = readNetworkSettings(process.env, options.systemProxy);
  const aws = createAwsCredentials(process.env, network);
  const targets = createTargets({
    secrets,
    environment: process.env,
    aws,
    isCommand,
    sandbox: () => sandbox.running(),
  });
  const requestLog = createRequestLog({
    onChanged: (change) => events.emit({ name: 'requests:changed', payload: change }),
  });
  const ledger: RequestLedger = createLedger({
    days: store.ledger.days,
    onChanged: () => {
      const failure = store.ledger.changed(() => ledger.read().days);
      if (failure !== null) reportMistake('ledger', failure);
    },
  });
  let ratesWritten: Promise<void> = Promise.resolve();
  const rates = createRateKeeper({
    rates: store.rates.value,
    onChanged: (measured) => {
      ratesWritten = store.rates
        .update(() => measured)
        .then(
          () => undefined,
          (error: unknown) => reportMistake('rates', error),
        );
    },
  });
  const engine = createEngine({
    spawnIndexProcess: options.spawnIndexProcess ?? (() => startNodeIndexProcess(options.scripts.indexProcess)),
    indexFolder: store.folder.indexes,
    mostIndexBytes: () => store.settings.value.mostIndexBytes,
    uploadsFolder: store.folder.uploads,
    bodiesFolder: store.folder.bodies,
    journalFolder: store.folder.jobs,
    journalLimits: () => {
      const { journalDays, mostJournalBytes } = store.settings.value;
      return { days: journalDays, bytes: mostJournalBytes };
    },
    isKept: (id) => store.collections.find(id) !== undefined || store.urlCollections.find(id) !== undefined,
    resolveTarget: (connection) => targets.resolve(connection),
    network,
    requestLog,
    ledger,
    rates,
    prices: store.prices,
    onSyncProgress: (progress) => events.emit({ name: 'sync:progress', payload: progress }),
    onCollectionChanged: (collection, version) =>
      events.emit({ name: 'collection:changed', payload: { collection, version } }),
    findTarget: (collection, use) => (use === 'write' ? writableTarget : collectionTarget)(services, collection),
    onJobChanged: (job) => {
      events.emit({ name: 'job:changed', payload: job });
      if (job.kind === 'import' && hasEnded(job.state)) sweepCopies();
    },
    onJobRemoved: (job) => {
      events.emit({ name: 'job:removed', payload: { job } });
      sweepCopies();
    },
    onTransferProgress: (progress) => events.emit({ name: 'transfer:progress', payload: progress }),
    onNote: (note) => {
      notes.push(note);
      events.emit({ name: 'application:changed', payload: {} });
    },
  });
  const givenFiles = createGivenFiles(store.folder.given, () => engine.jobs.sourcePaths());
  function sweepCopies(): void {
    givenFiles.sweep().catch((error: unknown) => reportMistake('copies of files', error));
  }
  const localServers = createLocalServers(process.env);
  const localStack = createLocalStackStarter(process.env, serversChanged);
  const downloadsFolder = options.downloadsFolder ?? findDownloadsFolder(process.env);
  const services: Services = {
    engine,
    requestLog,
    ledger,
    mistakes,
    store,
    secrets,
    targets,
    sandbox,
    localServers,
    localStack,
    serverStates: createServerStates({ engine, localServers, sandbox }),
    aws,
    givenFiles,
    downloads: createDownloads(downloadsFolder),
    exportPlaces: createExportPlaces(downloadsFolder, options.fileDialogs ?? null),
    emit: (event) => events.emit(event),
    state: () => stateOf(options, secrets, [...store.problems, ...notes]),
  };
  const server = createContractServer(createHandlers(services), events, reportMistake);
  // Who counts records in a terminal does not ask for what another one left undone, and would break it off in a moment.
  await engine.jobs.open({ goOn: !isCommand });
  sweepCopies();

  return {
    door: server,
    close: async () => {
      localStack.leave();
      await server.close();
      try {
        await store.close();
      } finally {
        try {
          await engine.dispose();
          // What it broke off was counted too, and would be written when the folder is another process's.
          await store.ledger.flush();
          await ratesWritten;
        } finally {
          await sandbox.close();
        }
      }
    },
  };
}

function stateOf(options: ApplicationOptions, secrets: SecretStore, notes: readonly string[]): ApplicationState {
  const platforms: Partial<Record<NodeJS.Platform, ApplicationState['platform']>> = { darwin: 'mac', win32: 'windows' };
  return {
    version: options.version,
    shell: options.shell,
    platform: platforms[process.platform] ?? 'linux',
    dataFolder: options.dataFolder,
    secrets: secrets.kind,
    notes,
  };
}

function reportToStandardError(place: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`dipper: ${place} failed: ${text}\n`);
}
