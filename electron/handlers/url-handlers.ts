import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { CodecName, Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { CollectionUrl, ProfileTarget, Secret } from '../../shared/contract.ts';
import { AppFailure } from '../../shared/result.ts';
import {
  amazonSchema,
  codecSchema,
  endpointSchema,
  idSchema,
  profileNameSchema,
  regionSchema,
  secretSchema,
} from '../store/schemas.ts';
import {
  anonymousConnection,
  callerConnection,
  profileConnection,
  urlCollection,
  urlConnection,
} from '../store/url-collections.ts';
import { anyPrefixSchema, bucketSchema } from './bucket-handlers.ts';
import { handle } from './handler.ts';
import { connectionOf, type Services } from './services.ts';

const fileSchema = z.string().min(1, 'is empty').max(4096).nullable();
const accessKeySchema = z.string().min(1, 'is empty').max(256);

const serverShape = {
  endpoint: endpointSchema.nullable(),
  region: regionSchema,
  pathStyle: z.boolean(),
};
const waysShape = { requesterPays: z.boolean().optional(), amazon: amazonSchema.optional() };

const collectionUrlSchema = z.strictObject({
  bucket: bucketSchema,
  prefix: anyPrefixSchema,
  codec: codecSchema.nullable(),
  target: z.union([
    z.strictObject({
      connection: idSchema,
      credentials: z.strictObject({ accessKeyId: accessKeySchema, secret: secretSchema }).optional(),
    }),
    z.strictObject({ ...serverShape, ...waysShape, accessKeyId: accessKeySchema, secret: secretSchema }),
    z.strictObject({ ...serverShape, ...waysShape, anonymous: z.literal(true) }),
    z.strictObject({
      profile: profileNameSchema,
      files: z.strictObject({ config: fileSchema, credentials: fileSchema }),
      endpoint: endpointSchema.nullable(),
      region: regionSchema.nullable(),
      pathStyle: z.boolean().nullable(),
      ...waysShape,
    }),
  ]),
});

export function urlHandlers(services: Services) {
  return {
    'collections:open-url': handle('collections:open-url', collectionUrlSchema, async (url, { signal }) => {
      const notes: string[] = [];
      const prefix = url.prefix === '' || url.prefix.endsWith('/') ? url.prefix : `${url.prefix}/`;
      if (prefix !== url.prefix) notes.push(`The prefix is read as ${prefix} (a final / was added).`);
      const connection = await urlTarget(services, url.target);
      const saved = savedCollection(services, connection, url, prefix);
      if (saved) return { collection: saved.id, codec: saved.codec, isAssumed: false, notes };

      const found = await urlCodec(services, connection, url, prefix, notes, signal);
      const collection = urlCollection(connection, url.bucket, prefix, found.codec);
      const dropped = await services.store.urlCollections.keep(connection, collection, found.detected);
      for (const id of dropped) await services.engine.forgetCollection(id);
      return {
        collection: collection.id,
        codec: collection.codec,
        isAssumed: url.codec === null && !found.detected,
        notes,
      };
    }),
  };
}

async function urlTarget(services: Services, target: CollectionUrl['target']): Promise<Connection> {
  if ('profile' in target) return await profileTarget(services, target);
  if ('anonymous' in target) return await asGivenLast(services, anonymousConnection(target));
  if (!('connection' in target)) return ownConnection(services, urlConnection(target), target.secret);
  const saved = connectionOf(services, target.connection);
  if (saved.credentials.source !== 'environment') return saved;
  // The environment that is meant is the caller's: this process may have the keys of another account in its own.
  if (target.credentials === undefined) {
    throw new AppFailure(
      'credentials-missing',
      `The connection ${saved.name} takes its keys from the environment. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where the command runs.`,
    );
  }
  const { accessKeyId, secret } = target.credentials;
  return ownConnection(services, callerConnection(saved, accessKeyId), secret);
}

/** The profile is read here, so that its credentials can be renewed for as long as a job takes. */
async function profileTarget(services: Services, target: ProfileTarget): Promise<Connection> {
  const { aws } = services;
  const { files } = await aws.profiles.list();
  const asked = aws.profiles.pathsOf(target.files);
  if (files.config !== asked.config || files.credentials !== asked.credentials) {
    throw new AppFailure(
      'credentials-missing',
      `This command takes profiles from ${asked.config} and ${asked.credentials}, and the Dipper that has the data folder open from ${files.config} and ${files.credentials}. Close that one, or use another data folder with --data-dir.`,
    );
  }
  const profile = await aws.profiles.find(target.profile);
  if (profile === null || profile.problem !== null) {
    throw new AppFailure(
      'credentials-missing',
      profile === null
        ? `There is no profile "${target.profile}" in ${files.config}. "dipper sign-in" lists those that are there.`
        : `The profile "${target.profile}" cannot be used. ${profile.problem ?? ''}`,
    );
  }
  const endpoint = target.endpoint ?? profile.endpoint;
  if (target.amazon !== undefined && endpoint !== null) {
    throw new AppFailure(
      'invalid-arguments',
      `The profile "${target.profile}" leads to ${endpoint}, which has none of the addresses of AWS: acceleration, dual-stack, FIPS. Leave these options out.`,
    );
  }
  const connection = profileConnection(target.profile, {
    ...target,
    endpoint,
    region: target.region ?? profile.region ?? 'us-east-1',
    // As Amazon's tools choose where nobody does.
    pathStyle: target.pathStyle ?? profile.pathStyle ?? endpoint !== null,
  });
  return await asGivenLast(services, connection);
}

/** A connection with keys that the caller brought along; they stay in memory. */
async function ownConnection(services: Services, connection: Connection, secret: Secret): Promise<Connection> {
  const hasOtherSecret = services.targets.rememberSecret(connection.id, secret);
  if (hasOtherSecret) await services.engine.forgetConnection(connection.id);
  return await asGivenLast(services, connection);
}

/** What is no part of what makes it the same is as the last command says. */
async function asGivenLast({ engine, store }: Services, connection: Connection): Promise<Connection> {
  const before = store.urlCollections.connection(connection.id);
  if (before !== undefined && !isDeepStrictEqual(before, connection)) await engine.forgetConnection(connection.id);
  return connection;
}

/** The sidebar's own collection of the same place has an index already, and settings that somebody chose. */
function savedCollection(
  { store }: Services,
  connection: Connection,
  url: CollectionUrl,
  prefix: string,
): Collection | undefined {
  return store.collections.entries.find(
    (collection) =>
      collection.connectionId === connection.id &&
      collection.bucket === url.bucket &&
      collection.prefix === prefix &&
      (url.codec === null || collection.codec === url.codec),
  );
}

async function urlCodec(
  { engine, store }: Services,
  connection: Connection,
  url: CollectionUrl,
  prefix: string,
  notes: string[],
  signal: AbortSignal,
): Promise<{ codec: CodecName; detected: boolean }> {
  if (url.codec !== null) return { codec: url.codec, detected: false };
  const remembered = store.urlCollections.rememberedCodec(connection, url.bucket, prefix);
  if (remembered) {
    notes.push(`Read as ${remembered} records, as found at an earlier use; --codec says otherwise.`);
    return { codec: remembered, detected: true };
  }
  const detection = await engine.detectCodec(connection, url.bucket, prefix, signal);
  notes.push(detection.reason);
  // An empty prefix says nothing of what will be in it later.
  return { codec: detection.codec, detected: detection.looked > 0 };
}
