import { z } from 'zod';
import type { Collection, CollectionListing } from '../../shared/collection.ts';
import { collectionSchema, idSchema } from '../store/schemas.ts';
import { anyPrefixSchema, bucketSchema } from './bucket-handlers.ts';
import { handle } from './handler.ts';
import { spendingSchema } from './query-handlers.ts';
import { collectionTarget, connectionOf, type Services } from './services.ts';

const collectionArgument = z.strictObject({ collection: idSchema });

export function collectionHandlers(services: Services) {
  const { engine, store, emit } = services;
  return {
    'collections:list': handle('collections:list', z.strictObject({}), () =>
      Promise.all(store.collections.entries.map((collection) => listingOf(services, collection))),
    ),
    'collections:save': handle(
      'collections:save',
      z.strictObject({ collection: collectionSchema }),
      async ({ collection }) => {
        connectionOf(services, collection.connectionId);
        const before = store.collections.find(collection.id);
        await store.collections.put(collection);
        if (collection.memoryOnly && before?.memoryOnly === false) await leaveDisk(services, collection.id);
        if (before && !samePlace(before, collection)) await engine.leavePlace(collection.id);
        else if (before && !sameIndex(before, collection)) await engine.forgetIndex(collection.id);
        emit({ name: 'collections:changed', payload: {} });
        return collection;
      },
    ),
    'collections:remove': handle('collections:remove', collectionArgument, async ({ collection }) => {
      await removeCollection(services, collection);
      emit({ name: 'collections:changed', payload: {} });
      return null;
    }),
    'collections:detect': handle(
      'collections:detect',
      z.strictObject({ connection: idSchema, bucket: bucketSchema, prefix: anyPrefixSchema }),
      ({ connection, bucket, prefix }, { signal }) =>
        engine.detectCodec(connectionOf(services, connection), bucket, prefix, signal),
    ),
    'collections:fields': handle('collections:fields', collectionArgument, ({ collection }, { signal }) =>
      engine.fields(collectionTarget(services, collection), signal),
    ),
    'collections:count-keys': handle(
      'collections:count-keys',
      collectionArgument.extend({ spending: spendingSchema.optional() }),
      ({ collection, spending = 'within-budget' }, { signal }) =>
        engine.countKeys(collectionTarget(services, collection), signal, spending),
    ),
  };
}

/** A collection that is in memory only from now on leaves nothing of its records on the disk. */
async function leaveDisk({ engine, store }: Services, collection: string): Promise<void> {
  await store.drafts.moveToMemory(collection);
  await store.views.save(collection, store.views.of(collection), true);
  await store.savedQueries.moveToMemory(collection);
  await store.workspaces.rewrite();
  await engine.forgetCollection(collection);
}

async function listingOf({ engine }: Services, collection: Collection): Promise<CollectionListing> {
  const known = await engine.knownRecords(collection.id);
  return { ...collection, records: known?.records ?? null, syncedAt: known?.syncedAt ?? null };
}

function samePlace(a: Collection, b: Collection): boolean {
  return a.connectionId === b.connectionId && a.bucket === b.bucket && a.prefix === b.prefix && a.codec === b.codec;
}

/** What the index of a place was made with; `memoryOnly` because its file must go, or come. */
function sameIndex(a: Collection, b: Collection): boolean {
  return a.indexSizeCap === b.indexSizeCap && a.memoryOnly === b.memoryOnly;
}

/** Its index, jobs, drafts, view, saved queries and tabs go with it; the objects in S3 stay. */
export async function removeCollection({ engine, store }: Services, collection: string): Promise<void> {
  await store.collections.remove(collection);
  await store.drafts.discardAll(collection);
  await store.views.remove(collection);
  await store.savedQueries.remove(collection);
  await store.workspaces.removeCollection(collection);
  await engine.forgetCollection(collection);
}
