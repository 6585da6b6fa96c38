import type { ApplicationState } from '../../shared/contract.ts';
import type { Connection } from '../../shared/connection.ts';
import { AppFailure } from '../../shared/result.ts';
import type { CollectionTarget, Engine } from '../engine/engine.ts';
import type { AwsCredentials } from '../engine/credentials/aws-credentials.ts';
import { readOnlyFailure } from '../engine/s3/read-only-failure.ts';
import type { RequestLedger } from '../engine/cost/ledger.ts';
import type { RequestLog } from '../engine/s3/request-log.ts';
import type { SecretStore } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Emit } from './handler.ts';
import type { Downloads } from '../services/downloads.ts';
import type { GivenFiles } from '../services/given-files.ts';
import type { MistakeLog } from '../services/mistake-log.ts';
import type { ExportPlaces } from '../services/export-places.ts';
import type { LocalServers } from '../services/local-servers.ts';
import type { LocalStackStarter } from '../services/localstack-program.ts';
import type { SandboxKeeper } from '../services/sandbox-keeper.ts';
import type { ServerStates } from '../services/server-states.ts';
import type { Targets } from '../services/targets.ts';

/** What the handlers work with; made by the composition root. */
export interface Services {
  readonly engine: Engine;
  readonly requestLog: RequestLog;
  readonly ledger: RequestLedger;
  readonly mistakes: MistakeLog;
  readonly store: Store;
  readonly secrets: SecretStore;
  readonly targets: Targets;
  readonly sandbox: SandboxKeeper;
  readonly localServers: LocalServers;
  readonly localStack: LocalStackStarter;
  readonly serverStates: ServerStates;
  readonly aws: AwsCredentials;
  readonly downloads: Downloads;
  readonly givenFiles: GivenFiles;
  readonly exportPlaces: ExportPlaces;
  readonly emit: Emit;
  readonly state: () => ApplicationState;
}

/** Throws `connection-not-found`. */
export function connectionOf(services: Services, id: string): Connection {
  const connection = services.store.connections.find(id) ?? services.store.urlCollections.connection(id);
  if (connection) return connection;
  throw new AppFailure('connection-not-found', 'This connection is not there any more. Choose another one.');
}

/** Throws `collection-not-found`, `connection-not-found`. */
export function collectionTarget(services: Services, id: string): CollectionTarget {
  const collection = services.store.collections.find(id) ?? services.store.urlCollections.find(id);
  if (!collection) {
    throw new AppFailure('collection-not-found', 'This collection is not there any more. Open another one.');
  }
  return { collection, connection: connectionOf(services, collection.connectionId) };
}

/** Throws `read-only` where the connection is not to be written to. */
export function writableTarget(services: Services, id: string): CollectionTarget {
  const target = collectionTarget(services, id);
  refuseReadOnly(target.connection);
  return target;
}

/** Throws `connection-not-found`, and `read-only` where the connection is not to be written to. */
export function writableConnection(services: Services, id: string): Connection {
  const connection = connectionOf(services, id);
  refuseReadOnly(connection);
  return connection;
}

function refuseReadOnly({ name, readOnly }: Connection): void {
  if (readOnly) throw readOnlyFailure(name);
}
