import { z } from 'zod';
import type { ImportSource } from '../../shared/import.ts';
import { idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { givenReadingSchema, importSettingsSchema, importSourceSchema } from './import-schemas.ts';
import { collectionTarget, type Services } from './services.ts';

/** Rows that a page shows at once. */
const MOST_PREVIEWED = 200;

export function importHandlers(services: Services) {
  const { imports } = services.engine;
  return {
    'import:inspect': handle(
      'import:inspect',
      z.strictObject({ collection: idSchema, source: importSourceSchema, reading: givenReadingSchema }),
      ({ collection, source, reading }, { signal }) =>
        imports.inspect(collectionTarget(services, collection), sourceOf(services, source), reading, signal),
    ),
    'import:preview': handle(
      'import:preview',
      z.strictObject({
        collection: idSchema,
        source: importSourceSchema,
        settings: importSettingsSchema,
        count: z.number().int().min(1).max(MOST_PREVIEWED),
      }),
      ({ collection, source, settings, count }, { signal }) =>
        imports.preview(collectionTarget(services, collection), sourceOf(services, source), settings, count, signal),
    ),
    'import:forecast': handle(
      'import:forecast',
      z.strictObject({ collection: idSchema, source: importSourceSchema, settings: importSettingsSchema }),
      ({ collection, source, settings }, { signal }) =>
        imports.forecast(collectionTarget(services, collection), sourceOf(services, source), settings, signal),
    ),
  };
}

/** What a page names by a handle, as the engine reads it. Throws where nobody holds it. */
export function sourceOf({ givenFiles }: Services, source: ImportSource): ImportSource {
  if (!('handle' in source)) return source;
  const { more = [] } = source;
  return { path: givenFiles.pathOf(source.handle), more: more.map((each) => givenFiles.pathOf(each)) };
}
