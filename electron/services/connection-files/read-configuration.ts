import type { ConnectionFile, OmittedEntry } from '../../../shared/connection-file.ts';
import type { Connection } from '../../../shared/connection.ts';
import { AppFailure } from '../../../shared/result.ts';
import { LOADER_SETTINGS, SECRET_KEYS } from './configuration-keys.ts';
import { EntryProblem } from './entry-problem.ts';
import { serverOf, type FoundConnection, type FoundInFile } from './found-connections.ts';
import { isMapping, readEntry, type Entry, type ReadEntry } from './read-entry.ts';
import { overridden, type PlacedEntry } from './overrides.ts';
import type { Variables } from './variables.ts';

/**
 * The databases of a dataknobs configuration, as its `Config` reads it: defaults from `settings`, placeholders from
 * variables. Entries with the same server, region and keys share a connection. Throws `invalid-arguments` where there is no
 * list `databases`.
 */
export function readConfiguration(
  content: unknown,
  name: string,
  variables: Variables,
  file: Pick<ConnectionFile, 'environment' | 'readOnly'>,
): FoundInFile {
  const databases = isMapping(content) ? content['databases'] : undefined;
  if (databases === undefined || databases === null) {
    throw new AppFailure(
      'invalid-arguments',
      `${name} holds no connections: neither a list "databases", as a dataknobs configuration has it, nor what Dipper exports. Nothing was taken from it.`,
    );
  }
  const settings = isMapping(content) && isMapping(content['settings']) ? content['settings'] : {};
  // One that stands alone needs no list.
  const entries: readonly unknown[] = Array.isArray(databases) ? databases : [databases];
  const read: ReadEntry[] = [];
  const omitted: OmittedEntry[] = [];
  for (const [place, entry] of entries.entries()) {
    const found = readOne(entry, { place, count: entries.length }, settings, variables, file);
    if ('why' in found) omitted.push(found);
    else read.push(found);
  }
  return { format: 'dataknobs', connections: shared(read), omitted };
}

function readOne(
  entry: unknown,
  { place: position, count }: Omit<PlacedEntry, 'name'>,
  settings: Entry,
  variables: Variables,
  file: Pick<ConnectionFile, 'environment' | 'readOnly'>,
): ReadEntry | OmittedEntry {
  const place = String(position);
  if (typeof entry === 'string' && entry.startsWith('@')) {
    return leftOut(place, `It stands in another file, ${entry.slice(1)}. Import that one.`);
  }
  if (!isMapping(entry)) return refused(place, 'It is no mapping of keys to values.');
  let name = place;
  try {
    const read: Entry = { ...defaultsOf(settings), ...entry };
    name = nameOf(read, variables) ?? name;
    const whole = overridden(read, { name, place: position, count }, variables);
    name = nameOf(whole, variables) ?? name;
    const { type } = whole;
    if (type !== undefined && type !== 'databases') {
      return refused(name, `Its type is ${JSON.stringify(type)}. In a list of databases that key is left out.`);
    }
    const backend = variables.replace(whole['backend'], false);
    if (backend === undefined) return leftOut(name, 'It names no backend, which dataknobs takes for memory.');
    if (typeof backend !== 'string') return refused(name, 'Its backend is no name.');
    const kind = backend.trim().toLowerCase();
    if (kind !== 's3') return leftOut(name, `Its backend is ${kind}: Dipper shows what is in S3.`);
    meetAll(whole, variables);
    return readEntry(name, whole, variables, file);
  } catch (error) {
    if (error instanceof EntryProblem) return refused(name, error.message);
    throw error;
  }
}

function nameOf({ name }: Entry, variables: Variables): string | null {
  if (typeof name === 'string') return String(variables.replace(name, false));
  return isPlain(name) ? String(name) : null;
}

function isPlain(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/** A person is asked for all that is missing, not for the first of it. */
function meetAll(entry: Entry, variables: Variables): void {
  for (const [key, value] of Object.entries(entry)) {
    if (isMapping(value)) meetAll(value, variables);
    else variables.meet(value, SECRET_KEYS.has(key));
  }
}

/** As `SettingsManager.apply_defaults` does it: those of all types first. */
function defaultsOf(settings: Entry): Entry {
  const missing = Object.entries(settings).filter(([key]) => !key.includes('.') && !LOADER_SETTINGS.has(key));
  const ofType = Object.entries(settings)
    .filter(([key]) => key.startsWith(OF_DATABASES))
    .map(([key, value]): [string, unknown] => [key.slice(OF_DATABASES.length), value]);
  return { ...Object.fromEntries(ofType), ...Object.fromEntries(missing) };
}

const OF_DATABASES = 'databases.';

function refused(name: string, reason: string): OmittedEntry {
  return { name, why: 'refused', reason };
}

function leftOut(name: string, reason: string): OmittedEntry {
  return { name, why: 'left-out', reason };
}

function shared(entries: readonly ReadEntry[]): readonly FoundConnection[] {
  const servers = new Map<string, ReadEntry[]>();
  for (const entry of entries) {
    const key = JSON.stringify([serverOf(entry.connection), entry.secret]);
    servers.set(key, [...(servers.get(key) ?? []), entry]);
  }
  return [...servers.values()].flatMap((own): FoundConnection[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { connection, secret } = first;
    return [
      {
        connection: { ...connection, name: own.length === 1 ? connection.name : serverName(connection) },
        secret,
        collections: own.map(({ collection, notes }) => ({ collection, notes })),
        entries: own.map(({ collection }) => collection.name),
      },
    ];
  });
}

function serverName({ endpoint, region }: Omit<Connection, 'id'>): string {
  return endpoint === null ? `AWS ${region}` : new URL(endpoint).host;
}
