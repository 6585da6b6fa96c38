import { createS3Client } from '../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client, S3Target } from '../../../electron/engine/s3/s3-client.ts';
import type { Collection } from '../../../shared/collection.ts';
import { collectionOf } from '../../integration/records/record-harness.ts';
import { targetOf } from '../../integration/support/sandbox.ts';
import type { Case, ServerUnderTest, World } from '../case.ts';

/** What a case of the engine works with beside what every case has. */
export interface EngineWorld extends Omit<World, 'connect' | 'altering'> {
  /** Dipper's own client, which knows nothing of the server beforehand. */
  readonly client: S3Client;
  readonly connect: (changes?: Partial<S3Target>) => S3Client;
  /** Of the case's bucket. */
  readonly collection: (codec: Collection['codec'], changes?: Partial<Collection>) => Collection;
}

/** `expected` is what Dipper promises of every server that speaks S3. */
export interface EngineCase extends Omit<Case, 'operation' | 'run'> {
  readonly run: (world: EngineWorld) => Promise<unknown>;
}

export function engineCasesOf(area: string, cases: readonly EngineCase[]): readonly Case[] {
  return cases.map(({ run, ...one }) => ({ ...one, operation: area, run: (world) => runInEngineWorld(world, run) }));
}

/** A server as a connection of kind `custom` names it. */
export function unknownTarget(server: ServerUnderTest): S3Target {
  const { capabilities: _, ...target } = targetOf(server);
  return target;
}

async function runInEngineWorld(world: World, run: EngineCase['run']): Promise<unknown> {
  const { server, Bucket } = world;
  const clients: S3Client[] = [];
  const connect: EngineWorld['connect'] = (changes) => {
    const client = createS3Client({ ...unknownTarget(server), ...changes });
    clients.push(client);
    return client;
  };
  const client = connect();
  const collection: EngineWorld['collection'] = (codec, changes) => collectionOf(codec, { bucket: Bucket, ...changes });
  try {
    const seen = await run({ ...world, client, connect, collection });
    // The harness removes what is left key by key, which takes long for thousands.
    if (server.name !== 'sandbox') await removeMost(client, Bucket);
    return seen;
  } finally {
    await Promise.all(clients.map((one) => one.close()));
  }
}

async function removeMost(client: S3Client, bucket: string): Promise<void> {
  for await (const { objects } of client.listAllObjects(bucket, {})) {
    if (objects.length > 0)
      await client.deleteObjects(
        bucket,
        objects.map(({ key }) => ({ key })),
        {},
      );
  }
}
