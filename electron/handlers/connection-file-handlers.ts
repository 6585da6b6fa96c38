import { z } from 'zod';
import { isNew, LONGEST_CONNECTION_FILE, type ConnectionFile } from '../../shared/connection-file.ts';
import { AppFailure } from '../../shared/result.ts';
import { exportText } from '../services/connection-files/exported-connections.ts';
import { planImport, type ImportPlan } from '../services/connection-files/plan-import.ts';
import { readConnectionFile } from '../services/connection-files/read-connection-file.ts';
import { withCertificateTexts } from '../services/kept-certificates.ts';
import { createVariables, type Variables } from '../services/connection-files/variables.ts';
import { idSchema } from '../store/schemas.ts';
import { fileHandleSchema, pathSchema } from './file-handlers.ts';
import { handle } from './handler.ts';
import { connectionOf, type Services } from './services.ts';

const fileSchema = z.strictObject({
  file: z.strictObject({
    source: z.union([
      z.strictObject({ text: z.string().max(LONGEST_CONNECTION_FILE, 'is longer than 1,000,000 characters') }),
      z.strictObject({ handle: fileHandleSchema }),
    ]),
    variables: z.record(z.string().max(200), z.string().max(32_767)),
    ownEnvironment: z.boolean(),
    filesFrom: pathSchema.nullable(),
    environment: z.enum(['development', 'test', 'production']),
    readOnly: z.boolean(),
  }),
});

export function connectionFileHandlers(services: Services) {
  const { engine, store, secrets, emit } = services;

  async function plan(file: ConnectionFile): Promise<{ readonly plan: ImportPlan; readonly variables: Variables }> {
    const variables = createVariables(file.variables, file.ownEnvironment ? process.env : {});
    const found = await withCertificateTexts(
      await readConnectionFile(file, services.givenFiles, variables),
      file.filesFrom,
    );
    const known = {
      connections: store.connections.entries,
      collections: store.collections.entries,
      hasSecret: async (id: string) => (await secrets.read(id)) !== null,
    };
    return { plan: await planImport(found, known), variables };
  }

  return {
    'connections:export': handle(
      'connections:export',
      z.strictObject({ connections: z.array(idSchema).nullable() }),
      ({ connections }) => {
        const wanted = connections?.map((id) => connectionOf(services, id)) ?? store.connections.entries;
        const exported = wanted.filter(({ kind }) => kind !== 'sandbox');
        if (exported.length > 0) return Promise.resolve({ text: exportText(exported, store.collections.entries) });
        throw new AppFailure(
          'invalid-arguments',
          'There is nothing to export: each Dipper has a Sandbox of its own. Add a connection first.',
        );
      },
    ),
    'connections:preview-import': handle('connections:preview-import', fileSchema, async ({ file }) => {
      const { plan: planned, variables } = await plan(file);
      const { secrets: _, ...shown } = planned;
      return { ...shown, variables: variables.met() };
    }),
    'connections:import': handle('connections:import', fileSchema, async ({ file }) => {
      const { plan: planned, variables } = await plan(file);
      const { secrets: brought, ...shown } = planned;
      for (const [connection, secret] of brought) await secrets.write(connection, secret);
      await store.connections.putAll(planned.connections.filter(isNew).map(({ connection }) => connection));
      await store.collections.putAll(planned.collections.filter(isNew).map(({ collection }) => collection));
      // One that was there may have another secret now.
      for (const connection of brought.keys()) await engine.forgetConnection(connection);
      emit({ name: 'connections:changed', payload: {} });
      emit({ name: 'collections:changed', payload: {} });
      return { ...shown, variables: variables.met() };
    }),
  };
}
