import type { Connection } from '../../shared/connection.ts';
import type { LocalServer } from '../../shared/local-server.ts';
import { call } from '../api/call.ts';
import { connectionOf, freeName, newForm, secretOf } from './connection-form.ts';
import { KIND_NAMES } from './connection-words.ts';

/** What a MinIO that nobody gave other keys takes, as its documentation has it. */
const MINIO_KEYS = { accessKeyId: 'minioadmin', secretAccessKey: 'minioadmin' };

/** Makes a connection to a server of this machine, with the keys that it has where nobody changed them. */
export async function addLocalServer(
  { kind, endpoint }: LocalServer,
  connections: readonly Connection[],
): Promise<Connection> {
  const usual = newForm(crypto.randomUUID(), kind);
  const taken = connections.map(({ name }) => name);
  const form = { ...usual, endpoint, name: freeName(KIND_NAMES[kind], taken), ...(kind === 'minio' ? MINIO_KEYS : {}) };
  const secret = secretOf(form);
  return call('connections:save', { connection: connectionOf(form), ...(secret === null ? {} : { secret }) });
}
