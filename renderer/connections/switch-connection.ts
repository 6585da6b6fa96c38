import type { CodecName, Collection, CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { call } from '../api/call.ts';
import { lookThere } from '../api/server-queries.ts';
import { currentWorkspace } from '../shell/workspace.ts';

/**
 * Shows what is shown now on another connection: the same bucket and prefix, where they are there; else what that
 * connection has, or asks what to open there. What cannot be reached is asked about too, with what can be done.
 */
export async function switchTo(connection: Connection, shown: CollectionListing | null): Promise<void> {
  if (shown?.connectionId === connection.id) return;
  const collections = await call('collections:list', {});
  const own = collections.filter(({ connectionId }) => connectionId === connection.id);
  const { openCollection, openDialog, say, tabs } = currentWorkspace();
  const lastShown = own.find(({ id }) => tabs.some(({ collection }) => collection === id)) ?? own[0];
  if (shown === null) {
    if (lastShown !== undefined) return openCollection(lastShown.id);
    return openDialog({ kind: 'collection', connection: connection.id, collection: null });
  }
  const ask = () => openDialog({ kind: 'show-elsewhere', collection: shown.id, connection: connection.id });
  const same = own.find((other) => isSamePlace(other, shown));
  if (same !== undefined) return openCollection(same.id, shown.id);
  try {
    const there = await lookThere(connection.id, shown.bucket, shown.prefix);
    if (there.state === 'records') {
      await openThere(shown, connection, there.codec);
      return;
    }
  } catch {
    // The dialog asks again, and says what stands in the way.
    return ask();
  }
  if (lastShown === undefined) return ask();
  openCollection(lastShown.id);
  say(`${connection.name} has nothing below ${placeOf(shown)}; this is what it has`);
}

/** Adds the same place on another connection as a collection, or finds it, and shows it beside the one it comes from. */
export async function openThere(from: Collection, connection: Connection, codec: CodecName): Promise<Collection> {
  const collections = await call('collections:list', {});
  const known = collections.find((other) => other.connectionId === connection.id && isSamePlace(other, from));
  const collection = known ?? (await call('collections:save', { collection: placedOn(from, connection, codec) }));
  currentWorkspace().openCollection(collection.id, from.id);
  return collection;
}

/** Classes, keys of encryption and workers are of the one server, and may mean nothing to the other. */
function placedOn(from: Collection, connection: Connection, codec: CodecName): Collection {
  return {
    id: crypto.randomUUID(),
    connectionId: connection.id,
    name: from.name,
    bucket: from.bucket,
    prefix: from.prefix,
    codec,
    keyTemplate: codec === from.codec ? from.keyTemplate : '{id}.json',
    tagMapping: from.tagMapping,
    defaultStorageClass: null,
    encryption: null,
    cacheTtlSeconds: from.cacheTtlSeconds,
    maxWorkers: null,
    indexSizeCap: from.indexSizeCap,
    memoryOnly: from.memoryOnly,
  };
}

export function isSamePlace(one: Collection, other: Collection): boolean {
  return one.bucket === other.bucket && one.prefix === other.prefix;
}

export function placeOf({ bucket, prefix }: Pick<Collection, 'bucket' | 'prefix'>): string {
  return `s3://${bucket}/${prefix}`;
}
