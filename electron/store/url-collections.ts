import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { COLLECTION_DEFAULTS, type CodecName, type Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { ServerTarget } from '../../shared/contract.ts';
import { codecSchema, collectionSchema, connectionSchema } from './schemas.ts';
import { openStoredList } from './stored-list.ts';

/** Beyond it the ones that were not used for the longest time are dropped, and their indexes with them. */
const MOST_KEPT = 200;
const RECENT_MILLISECONDS = 3_600_000;

/**
 * Collections named by URL on the command line. They have no place in the sidebar; they are kept so that their index is
 * found again, by what makes them the same: endpoint, bucket, prefix, codec and access key id.
 */
export interface UrlCollections {
  find(id: string): Collection | undefined;
  /** The connection made for a URL; undefined where `id` is one of the saved connections. */
  connection(id: string): Connection | undefined;
  /** The codec found at an earlier use of the same place. */
  rememberedCodec(connection: Connection, bucket: string, prefix: string): CodecName | undefined;
  /** `detected`: remember the codec for the next use. Answers the ids of collections that were dropped for it. */
  keep(connection: Connection, collection: Collection, detected: boolean): Promise<readonly string[]>;
  /** Those read through a saved connection; answers their ids. */
  removeOf(connection: string): Promise<readonly string[]>;
  /** Those of one place, whatever their connection and codec; answers their ids. */
  removeAt(bucket: string, prefix: string): Promise<readonly string[]>;
}

const keptSchema = z.strictObject({
  id: z.string(),
  collection: collectionSchema,
  connection: connectionSchema,
  detected: codecSchema.nullable(),
  usedAt: z.number(),
});

type Kept = z.output<typeof keptSchema>;

const URL_PREFIX = 'url-';

/** Whether a connection was made for a command, whose keys it has. */
export function isUrlConnection(id: string): boolean {
  return id.startsWith(URL_PREFIX);
}

export async function openUrlCollections(root: string, problems: string[]): Promise<UrlCollections> {
  const list = await openStoredList<Kept>(join(root, 'url-collections.json'), keptSchema, problems);
  const removeWhere = async (chosen: (kept: Kept) => boolean): Promise<readonly string[]> => {
    const removed = list.entries.filter(chosen);
    for (const entry of removed) await list.remove(entry.id);
    return removed.map((entry) => entry.id);
  };
  return {
    find: (id) => list.find(id)?.collection,
    connection: (id) => {
      if (!isUrlConnection(id)) return undefined;
      // Region and path style are no part of what makes it the same: the last ones given count.
      return list.entries
        .filter((kept) => kept.connection.id === id)
        .reduce<Kept | undefined>((last, kept) => (last && last.usedAt > kept.usedAt ? last : kept), undefined)
        ?.connection;
    },
    rememberedCodec: (connection, bucket, prefix) => {
      const found = list.entries.find(
        (kept) =>
          kept.detected !== null &&
          kept.connection.id === connection.id &&
          kept.collection.bucket === bucket &&
          kept.collection.prefix === prefix,
      );
      return found?.detected ?? undefined;
    },
    keep: async (connection, collection, detected) => {
      const before = list.find(collection.id);
      const kept: Kept = {
        id: collection.id,
        collection: { ...collection },
        connection: { ...connection },
        detected: detected ? collection.codec : (before?.detected ?? null),
        usedAt: Date.now(),
      };
      // A command costs no write of this file where it would say nothing new but the time.
      const recent = before !== undefined && kept.usedAt - before.usedAt < RECENT_MILLISECONDS;
      if (recent && JSON.stringify({ ...kept, usedAt: before.usedAt }) === JSON.stringify(before)) return [];
      await list.put(kept);
      const dropped = list.entries.toSorted((a, b) => b.usedAt - a.usedAt).slice(MOST_KEPT);
      for (const entry of dropped) await list.remove(entry.id);
      return dropped.map((entry) => entry.id);
    },
    removeOf: (connection) => removeWhere((kept) => kept.connection.id === connection),
    removeAt: (bucket, prefix) =>
      removeWhere(({ collection }) => collection.bucket === bucket && collection.prefix === prefix),
  };
}

/** The connection behind a URL with credentials of the command line's own; its secret is held in memory only. */
export function urlConnection(target: ServerTarget & { readonly accessKeyId: string }): Connection {
  const { accessKeyId } = target;
  return {
    ...serverConnection(target),
    id: `${URL_PREFIX}${hashOf([target.endpoint ?? 'aws', accessKeyId])}`,
    credentials: { source: 'keys', accessKeyId },
  };
}

/** The connection behind a URL whose requests are not signed. */
export function anonymousConnection(target: ServerTarget): Connection {
  const server = serverConnection(target);
  return {
    ...server,
    id: `${URL_PREFIX}${hashOf(['anonymous', target.endpoint ?? 'aws'])}`,
    name: `${server.name} without keys`,
    credentials: { source: 'anonymous' },
  };
}

function serverConnection(target: ServerTarget): Omit<Connection, 'id' | 'credentials'> {
  const { endpoint, region, pathStyle, requesterPays = false, amazon } = target;
  return {
    name: endpoint ?? 'AWS',
    kind: endpoint === null ? 'aws' : 'custom',
    endpoint,
    region,
    pathStyle,
    environment: 'development',
    readOnly: false,
    maxWorkers: null,
    ...(requesterPays ? { requesterPays } : {}),
    ...(amazon === undefined ? {} : { amazon }),
  };
}

/** The connection behind a URL that is read with a profile. */
export function profileConnection(profile: string, target: ServerTarget): Connection {
  const server = serverConnection(target);
  return {
    ...server,
    id: `${URL_PREFIX}${hashOf(['profile', target.endpoint ?? 'aws', profile])}`,
    name: `${server.name} as ${profile}`,
    credentials: { source: 'profile', profile },
  };
}

/** A saved connection with the keys of a caller's own environment; all else of it holds, read-only included. */
export function callerConnection(saved: Connection, accessKeyId: string): Connection {
  return {
    ...saved,
    id: `${URL_PREFIX}${hashOf(['connection', saved.id, saved.endpoint ?? 'aws', accessKeyId])}`,
    credentials: { source: 'keys', accessKeyId },
  };
}

export function urlCollection(connection: Connection, bucket: string, prefix: string, codec: CodecName): Collection {
  return {
    // A saved connection's own id stands for its endpoint: the sandbox has another port at every start.
    id: `${URL_PREFIX}${hashOf([connection.id, bucket, prefix, codec])}`,
    connectionId: connection.id,
    name: `${bucket}/${prefix}`.slice(0, 200),
    bucket,
    prefix,
    codec,
    ...COLLECTION_DEFAULTS,
  };
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
