import { z } from 'zod';
import { describeApplication, MOST_REQUESTS } from '../services/diagnostics.ts';
import { handle } from './handler.ts';
import type { Services } from './services.ts';

export function diagnosticsHandlers(services: Services) {
  return {
    'diagnostics:read': handle(
      'diagnostics:read',
      z.strictObject({ withNames: z.boolean() }),
      async ({ withNames }) => {
        const { store, engine, requestLog, mistakes, state } = services;
        const newest = requestLog.list(0, {}, 1).last;
        return describeApplication(
          {
            state: state(),
            settings: store.settings.value,
            connections: store.connections.entries,
            collections: store.collections.entries,
            jobs: engine.jobs.list(),
            requests: requestLog.list(Math.max(0, newest - MOST_REQUESTS), {}, MOST_REQUESTS).entries,
            mistakes: mistakes.entries(),
            secrets: await knownSecrets(services),
          },
          withNames,
        );
      },
    ),
  };
}

async function knownSecrets({ store, secrets }: Services): Promise<readonly string[]> {
  const kept = await Promise.all(store.connections.entries.map(({ id }) => secrets.read(id)));
  const { AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  return [
    ...kept.flatMap((secret) => [secret?.secretAccessKey, secret?.sessionToken]),
    AWS_SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN,
  ].filter((secret) => secret !== undefined && secret !== null);
}
