import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Connection } from '../../shared/connection.ts';
import type { TrialPlace } from '../../shared/connection-check.ts';
import type { EngineTest } from '../engine/engine.ts';
import { AppFailure } from '../../shared/result.ts';
import { arrangeConnections } from '../services/arrange-connections.ts';
import { withCertificateText } from '../services/kept-certificates.ts';
import { freeName } from '../services/connection-files/free-name.ts';
import { connectionSchema, groupSchema, idSchema, prefixSchema, secretSchema } from '../store/schemas.ts';
import { bucketSchema } from './bucket-handlers.ts';
import { removeCollection } from './collection-handlers.ts';
import { handle } from './handler.ts';
import { connectionOf, type Services } from './services.ts';

const HOW_TO_TEST = {
  place: z.strictObject({ bucket: bucketSchema, prefix: prefixSchema }).optional(),
  test: idSchema.optional(),
};

export function connectionHandlers(services: Services) {
  const { engine, store, secrets, targets, serverStates, emit } = services;
  return {
    'connections:list': handle('connections:list', z.strictObject({}), () =>
      Promise.resolve(store.connections.entries),
    ),
    'connections:save': handle(
      'connections:save',
      z.strictObject({ connection: connectionSchema, secret: secretSchema.optional() }),
      async ({ connection: given, secret }) => {
        const connection = await withCertificateText(given);
        const before = store.connections.find(connection.id);
        if (connection.credentials.source !== 'keys') await secrets.remove(connection.id);
        else if (secret) await secrets.write(connection.id, secret);
        await store.connections.put(connection);
        await engine.forgetConnection(connection.id);
        if (before && !sameServer(before, connection)) await leavePlacesOf(services, connection.id);
        emit({ name: 'connections:changed', payload: {} });
        return connection;
      },
    ),
    'connections:remove': handle(
      'connections:remove',
      z.strictObject({ connection: idSchema }),
      async ({ connection }) => {
        for (const collection of store.collections.entries.filter((other) => other.connectionId === connection)) {
          await removeCollection(services, collection.id);
        }
        for (const dropped of await store.urlCollections.removeOf(connection)) await engine.forgetCollection(dropped);
        await store.connections.remove(connection);
        await secrets.remove(connection);
        await engine.forgetUploads(connection);
        await engine.forgetConnection(connection);
        emit({ name: 'collections:changed', payload: {} });
        emit({ name: 'connections:changed', payload: {} });
        return null;
      },
    ),
    'connections:state': handle(
      'connections:state',
      z.strictObject({ connection: idSchema }),
      ({ connection }, { signal }) => serverStates.of(connectionOf(services, connection), signal),
    ),
    'connections:duplicate': handle(
      'connections:duplicate',
      z.strictObject({ connection: idSchema }),
      async ({ connection: id }) => {
        const original = connectionOf(services, id);
        if (original.kind === 'sandbox') {
          throw new AppFailure('invalid-arguments', 'There is one Sandbox. It can be started, but not duplicated.');
        }
        const taken = new Set(store.connections.entries.map(({ name }) => name));
        const duplicate = { ...original, id: randomUUID(), name: freeName(`${original.name} copy`, taken) };
        const secret = await secrets.read(id);
        if (secret !== null) await secrets.write(duplicate.id, secret);
        await store.connections.rewrite((entries) =>
          entries.flatMap((entry) => (entry.id === id ? [entry, duplicate] : [entry])),
        );
        emit({ name: 'connections:changed', payload: {} });
        return duplicate;
      },
    ),
    'connections:arrange': handle(
      'connections:arrange',
      z.strictObject({
        places: z.array(z.strictObject({ connection: idSchema, group: groupSchema.nullable() })).max(10_000),
      }),
      async ({ places }) => {
        await store.connections.rewrite((entries) => arrangeConnections(entries, places));
        emit({ name: 'connections:changed', payload: {} });
        return null;
      },
    ),
    'connections:test': handle(
      'connections:test',
      z.union([
        z.strictObject({ connection: idSchema, ...HOW_TO_TEST }),
        z.strictObject({ draft: connectionSchema, secret: secretSchema.optional(), ...HOW_TO_TEST }),
      ]),
      async (args, { signal }) => {
        const { test } = args;
        const tell: EngineTest['tell'] = (checks) => {
          if (test !== undefined) emit({ name: 'connection-test:progress', payload: { test, checks } });
        };
        if ('connection' in args) {
          const connection = connectionOf(services, args.connection);
          return engine.testConnection(connection, {
            place: trialPlace(services, connection, args.place),
            tell,
            signal,
          });
        }
        const target = await targets.resolveDraft(args.draft, args.secret);
        const place = trialPlace(services, args.draft, args.place);
        return engine.testTarget(args.draft, target, { place, tell, signal });
      },
    ),
  };
}

/** Another server may hold other records under the same keys and, rarely, the same ETags. */
function sameServer(a: Connection, b: Connection): boolean {
  return a.kind === b.kind && a.endpoint === b.endpoint && a.credentials.source === b.credentials.source;
}

async function leavePlacesOf({ engine, store }: Services, connection: string): Promise<void> {
  for (const collection of store.collections.entries) {
    if (collection.connectionId === connection) await engine.leavePlace(collection.id);
  }
  for (const dropped of await store.urlCollections.removeOf(connection)) await engine.forgetCollection(dropped);
}

/** Where somebody named, or beside the records of a collection. */
function trialPlace({ store }: Services, { id }: Connection, named: TrialPlace | undefined): TrialPlace | null {
  const place = named ?? store.collections.entries.find(({ connectionId }) => connectionId === id);
  return place === undefined ? null : { bucket: place.bucket, prefix: place.prefix };
}
