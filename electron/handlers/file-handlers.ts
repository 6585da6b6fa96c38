import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { PIECE_OF_FILE } from '../../shared/given-file.ts';
import { handle, type ClientScope } from './handler.ts';
import type { Services } from './services.ts';

export const fileHandleSchema = z.string().min(1).max(100);
export const pathSchema = z.string().max(32_767);

export function fileHandlers({ givenFiles }: Services) {
  /** What a client was given it lets go of when it goes away. */
  const hold = <T extends { readonly handle: string }>(client: ClientScope, file: T): T => {
    client.hold(nameOf(file.handle), () => givenFiles.release(file.handle));
    return file;
  };
  return {
    'files:give': handle(
      'files:give',
      z.strictObject({ path: pathSchema.refine(isAbsolute, 'is no absolute path') }),
      async ({ path }, { client }) => hold(client, await givenFiles.give(path)),
    ),
    'files:begin': handle(
      'files:begin',
      z.strictObject({ name: z.string().min(1).max(1_024), kind: z.enum(['file', 'folder']) }),
      async ({ name, kind }, { client }) => hold(client, await givenFiles.begin(name, kind)),
    ),
    'files:append': handle(
      'files:append',
      z.strictObject({
        handle: fileHandleSchema,
        path: pathSchema,
        bytes: z.base64().max(Math.ceil(PIECE_OF_FILE / 3) * 4),
      }),
      async ({ handle: file, path, bytes }) => {
        await givenFiles.append(file, path, Buffer.from(bytes, 'base64'));
        return null;
      },
    ),
    'files:release': handle(
      'files:release',
      z.strictObject({ handle: fileHandleSchema }),
      async ({ handle: file }, { client }) => {
        client.drop(nameOf(file));
        await givenFiles.release(file);
        return null;
      },
    ),
  };
}

function nameOf(handleOfFile: string): string {
  return `file ${handleOfFile}`;
}
