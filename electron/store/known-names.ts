import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere } from './stored-file.ts';

/** What a data folder knows by name, for the completion of a command line. */
export interface KnownNames {
  readonly connections: readonly string[];
  readonly collections: readonly KnownCollection[];
}

export interface KnownCollection {
  readonly name: string;
  readonly bucket: string;
  readonly prefix: string;
  /** Name of its connection; null for one that a command named by its URL. */
  readonly connection: string | null;
}

const connectionsSchema = z.array(z.object({ id: z.string(), name: z.string() }));
const placeSchema = z.object({ name: z.string(), bucket: z.string(), prefix: z.string(), connectionId: z.string() });
const urlsSchema = z.array(z.object({ collection: placeSchema }));

/**
 * Reads the files as they are: the folder is neither made nor owned, nothing is asked of anybody, and what cannot be
 * read has no names.
 */
export async function readKnownNames(root: string): Promise<KnownNames> {
  const connections = await content(join(root, 'connections.json'), connectionsSchema);
  const collections = await content(join(root, 'collections.json'), z.array(placeSchema));
  const urls = await content(join(root, 'url-collections.json'), urlsSchema);
  const named = new Map(connections.map(({ id, name }) => [id, name]));
  const places = [...collections, ...urls.map(({ collection }) => collection)];
  return {
    connections: connections.map(({ name }) => name),
    collections: places.map(({ name, bucket, prefix, connectionId }) => ({
      name,
      bucket,
      prefix,
      connection: named.get(connectionId) ?? null,
    })),
  };
}

async function content<T>(path: string, schema: z.ZodType<readonly T[]>): Promise<readonly T[]> {
  try {
    const text = await readIfThere(path);
    if (text === null) return [];
    const file = z.object({ content: schema }).safeParse(JSON.parse(text));
    return file.success ? file.data.content : [];
  } catch {
    // Whoever presses Tab gets no names, and no message in the middle of the line.
    return [];
  }
}
