import type { Connection } from '../../shared/connection.ts';
import { call, toAppError } from '../api/call.ts';
import { saveText } from '../ui/save-text.ts';

/** One connection, or (null) all of them, as a file without secrets. */
export async function exportConnections(connection: Connection | null, say: (text: string) => void): Promise<void> {
  try {
    const { text } = await call('connections:export', { connections: connection === null ? null : [connection.id] });
    saveText(fileNameOf(connection), 'application/json', [text]);
    say(`${connection === null ? 'The connections are' : `${connection.name} is`} exported, without secrets`);
  } catch (error) {
    say(toAppError(error).message);
  }
}

/** Safe on every system: of the connection's name only what is so. */
function fileNameOf(connection: Connection | null): string {
  const name = connection?.name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '') ?? '';
  return name === '' ? 'dipper-connections.json' : `dipper-connection-${name}.json`;
}
