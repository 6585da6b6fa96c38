import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { keySchema } from './record-handlers.ts';
import { collectionTarget, writableTarget, type Services } from './services.ts';

/** More is nothing that a person chose. */
const MOST_UPLOADS = 1000;

const pathSchema = z.string().max(32_767).refine(isAbsolute, 'is no absolute path');

export function uploadHandlers(services: Services) {
  const { engine, downloads } = services;
  return {
    'uploads:list': handle('uploads:list', z.strictObject({ collection: idSchema }), ({ collection }, { signal }) =>
      engine.unfinishedUploads(collectionTarget(services, collection), signal),
    ),
    'uploads:remove': handle(
      'uploads:remove',
      z.strictObject({
        collection: idSchema,
        uploads: z.array(z.strictObject({ key: keySchema, uploadId: z.string().min(1).max(4096) })).max(MOST_UPLOADS),
      }),
      async ({ collection, uploads }, { signal }) => {
        await engine.removeUploads(writableTarget(services, collection), uploads, signal);
        return null;
      },
    ),
    'record:upload': handle(
      'record:upload',
      z.strictObject({
        collection: idSchema,
        id: keySchema,
        path: pathSchema,
        ifExists: z.enum(['fail', 'replace']),
      }),
      (file, { signal }) => engine.uploadRecord(writableTarget(services, file.collection), file, signal),
    ),
    'record:download': handle(
      'record:download',
      z.strictObject({
        collection: idSchema,
        address: z.union([z.strictObject({ key: keySchema }), z.strictObject({ id: keySchema })]),
        path: pathSchema.nullable(),
      }),
      ({ collection, address, path }, { signal }) => {
        const target = collectionTarget(services, collection);
        const write = (file: string) => engine.downloadRecord(target, address, file, signal);
        return path === null ? downloads.toNewFile('key' in address ? address.key : address.id, write) : write(path);
      },
    ),
  };
}
