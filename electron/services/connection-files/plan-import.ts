import { randomUUID } from 'node:crypto';
import type { Collection } from '../../../shared/collection.ts';
import type { ConnectionImport, ImportedCollection, ImportedConnection } from '../../../shared/connection-file.ts';
import type { Connection } from '../../../shared/connection.ts';
import type { Secret } from '../../../shared/contract.ts';
import { freeName } from './free-name.ts';
import { serverOf, type FoundConnection, type FoundInFile } from './found-connections.ts';

/** What is there before. */
export interface KnownConnections {
  readonly connections: readonly Connection[];
  readonly collections: readonly Collection[];
  /** Whether the secret of a connection is kept. */
  readonly hasSecret: (connection: string) => Promise<boolean>;
}

export interface ImportPlan extends Omit<ConnectionImport, 'variables'> {
  /** By connection. They go to the secret store and nowhere else. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** Nothing that is there is changed: what is the same is used, what has a name of another one gets a free one. */
export async function planImport(
  { format, connections, omitted }: FoundInFile,
  known: KnownConnections,
): Promise<ImportPlan> {
  const taken = new Set(known.connections.map(({ name }) => name));
  const planned: ImportedConnection[] = [];
  const collections: ImportedCollection[] = [];
  const secrets = new Map<string, Secret>();
  for (const found of connections) {
    const before = known.connections.find((other) => isSame(format, other, found));
    const connection = before ?? {
      ...found.connection,
      id: randomUUID(),
      name: freeName(found.connection.name, taken),
    };
    taken.add(connection.name);
    if (found.secret !== null) secrets.set(connection.id, found.secret);
    planned.push({
      connection,
      fate: before === undefined ? 'new' : 'there',
      nameInFile: connection.name === found.connection.name ? null : found.connection.name,
      keys: await keysOf(connection, found, known),
      entries: found.entries,
      ...(found.unreadCertificate === undefined ? {} : { unreadCertificate: found.unreadCertificate }),
    });
    for (const { collection, notes } of found.collections) {
      const place = known.collections.find(
        ({ connectionId, bucket, prefix }) =>
          connectionId === connection.id && bucket === collection.bucket && prefix === collection.prefix,
      );
      collections.push({
        collection: place ?? { ...collection, id: randomUUID(), connectionId: connection.id },
        connectionName: connection.name,
        fate: place === undefined ? 'new' : 'there',
        notes,
      });
    }
  }
  return { format, connections: planned, collections, omitted, secrets };
}

/** A person may have two connections to one server, which differ in what they allow: of an export the name counts too. */
function isSame(format: FoundInFile['format'], known: Connection, { connection }: FoundConnection): boolean {
  return serverOf(known) === serverOf(connection) && (format === 'dataknobs' || known.name === connection.name);
}

async function keysOf(
  { id, credentials }: Connection,
  { secret }: FoundConnection,
  { hasSecret }: KnownConnections,
): Promise<ImportedConnection['keys']> {
  if (credentials.source !== 'keys') return 'not-needed';
  if (secret !== null) return 'brought';
  return (await hasSecret(id)) ? 'not-needed' : 'needed';
}
