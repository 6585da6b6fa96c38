import type { Collection } from '../../../shared/collection.ts';
import type { OmittedEntry } from '../../../shared/connection-file.ts';
import type { Connection } from '../../../shared/connection.ts';
import { AppFailure } from '../../../shared/result.ts';
import { describeIssue } from '../../store/describe-issue.ts';
import { exportedConnectionSchema } from '../../store/schemas.ts';
import type { FoundConnection, FoundInFile } from './found-connections.ts';
import { isMapping } from './read-entry.ts';

const FORMAT = 'dipper-connections';
const VERSION = 1;

/** Connections with their collections as text that another Dipper takes: no ids, which are each one's own, and no secrets. */
export function exportText(connections: readonly Connection[], collections: readonly Collection[]): string {
  const exported = connections.map(({ id, ...connection }) => ({
    ...connection,
    collections: collections
      .filter(({ connectionId }) => connectionId === id)
      .map(({ id: _id, connectionId: _connectionId, ...collection }) => collection),
  }));
  return `${JSON.stringify({ format: FORMAT, version: VERSION, connections: exported }, null, 2)}\n`;
}

export function isExport(content: unknown): boolean {
  return isMapping(content) && content['format'] === FORMAT;
}

/** Throws `invalid-arguments` where a newer Dipper wrote it, or it holds no list. */
export function readExport(content: unknown, name: string): FoundInFile {
  const { version, connections: listed } = isMapping(content) ? content : {};
  if (version !== VERSION) {
    throw new AppFailure(
      'invalid-arguments',
      `${name} was exported by a newer Dipper. Nothing was taken from it: bring this Dipper up to date first.`,
    );
  }
  if (!Array.isArray(listed)) {
    throw new AppFailure('invalid-arguments', `${name} holds no list of connections. Export them again.`);
  }
  const connections: FoundConnection[] = [];
  const omitted: OmittedEntry[] = [];
  for (const [place, entry] of listed.entries()) {
    const entryName = isMapping(entry) && typeof entry['name'] === 'string' ? entry['name'] : `Entry ${place + 1}`;
    const parsed = exportedConnectionSchema.safeParse(entry);
    if (!parsed.success) {
      const { path, reason } = describeIssue(parsed.error);
      omitted.push({ name: entryName, why: 'refused', reason: `${path === '' ? 'It' : path} ${reason}.` });
    } else if (parsed.data.kind === 'sandbox' || parsed.data.credentials.source === 'sandbox') {
      omitted.push({ name: entryName, why: 'left-out', reason: 'Each Dipper has a Sandbox of its own.' });
    } else {
      const { collections = [], ...connection } = parsed.data;
      connections.push({
        connection,
        secret: null,
        collections: collections.map((collection) => ({ collection, notes: [] })),
        entries: [],
      });
    }
  }
  return { format: 'dipper', connections, omitted };
}
