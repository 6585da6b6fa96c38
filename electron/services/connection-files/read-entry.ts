import { COLLECTION_DEFAULTS, type Collection } from '../../../shared/collection.ts';
import { REGION_VARIABLE, type ConnectionFile } from '../../../shared/connection-file.ts';
import type { Connection, ConnectionKind } from '../../../shared/connection.ts';
import type { Secret } from '../../../shared/contract.ts';
import { didYouMean } from '../../../shared/nearest.ts';
import { describeIssue } from '../../store/describe-issue.ts';
import { collectionSchema, connectionSchema } from '../../store/schemas.ts';
import { KNOWN_KEYS, ROUTING_KEYS, SECRET_KEYS, SPELLINGS, type S3Backend } from './configuration-keys.ts';
import { EntryProblem } from './entry-problem.ts';
import type { FoundCollection } from './found-connections.ts';
import type { Variables } from './variables.ts';

export type Entry = Readonly<Record<string, unknown>>;

/** One database of a configuration, which stores in S3. */
export interface ReadEntry extends FoundCollection {
  readonly connection: Omit<Connection, 'id'>;
  readonly secret: Secret | null;
}

/**
 * What dataknobs-data 0.11 makes of an entry with the backend s3: defaults, other spellings and what is refused are those of
 * its `S3DatabaseConfig` classes. Throws EntryProblem.
 */
export function readEntry(
  name: string,
  entry: Entry,
  variables: Variables,
  { environment, readOnly }: Pick<ConnectionFile, 'environment' | 'readOnly'>,
): ReadEntry {
  const backend = backendOf(entry);
  refuseUnknownKeys(entry, backend);
  const extra = extraOf(entry['extra_client_kwargs']);
  // What is passed to boto3 by name goes before what the configuration says, as it does there.
  const values = createValues({ ...entry, ...extra.known }, variables);
  const bucket = values.text(['bucket']);
  if (bucket === null) throw new EntryProblem('It has no bucket, which dataknobs’ S3 backend requires.');
  const endpoint = values.text(['endpoint_url']);
  const prefix = prefixOf(values.verbatim('prefix'), backend);
  const { accessKeyId, secret } = keysOf(values);
  const certificateAuthority = values.text(['verify']);
  const connection: Omit<Connection, 'id'> = {
    name,
    kind: kindOf(endpoint),
    endpoint,
    region: values.text(SPELLINGS.region) ?? (variables.lookUp(REGION_VARIABLE) || 'us-east-1'),
    // boto3's own choice for a server that is named.
    pathStyle: endpoint !== null,
    credentials: accessKeyId === null ? { source: 'environment' } : { source: 'keys', accessKeyId },
    environment,
    readOnly,
    maxWorkers: null,
    ...(certificateAuthority === null
      ? {}
      : { network: { proxy: 'system', certificateAuthority, unsignedBodies: false } }),
  };
  const collection: Omit<Collection, 'id' | 'connectionId'> = {
    name,
    bucket,
    prefix: prefix.read,
    codec: 'dataknobs',
    ...COLLECTION_DEFAULTS,
    maxWorkers: values.whole(SPELLINGS.maxWorkers),
    cacheTtlSeconds: values.number('cache_ttl') ?? COLLECTION_DEFAULTS.cacheTtlSeconds,
    defaultStorageClass: values.text(['storage_class']),
  };
  const unused = [...UNUSED_KEYS.filter((key) => key in entry), ...extra.unknown];
  return {
    connection: checked(connection),
    collection: checkedCollection(collection),
    secret,
    notes: [
      ...prefix.notes,
      ...(unused.length === 0 ? [] : [`Dipper has no use for ${unused.join(', ')}: that stays dataknobs’ own.`]),
    ],
  };
}

const UNUSED_KEYS: readonly string[] = [
  ...SPELLINGS.maxAttempts,
  'retry_mode',
  'multipart_threshold',
  'multipart_chunksize',
  'schema',
  'vector_enabled',
  'vector_metric',
];

/** Which class builds it is known by its name alone: the two read a prefix differently. */
function backendOf(entry: Entry): S3Backend {
  return [entry['factory'], entry['class']].some((name) => typeof name === 'string' && /async/i.test(name))
    ? 'async'
    : 'sync';
}

function refuseUnknownKeys(entry: Entry, backend: S3Backend): void {
  const known = KNOWN_KEYS[backend];
  const unknown = Object.keys(entry).filter((key) => !known.includes(key) && !ROUTING_KEYS.includes(key));
  if (unknown.length === 0) return;
  const guesses = unknown.map((key) => `${JSON.stringify(key)}${didYouMean(key, known).replace(/^ (.*)$/, ' ($1)')}`);
  throw new EntryProblem(
    `It has ${unknown.length === 1 ? 'a key' : 'keys'} that dataknobs’ S3 backend does not know: ${guesses.join(', ')}.`,
  );
}

const OVERRIDING = new Set<string>([
  'endpoint_url',
  'region_name',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'verify',
]);

function extraOf(value: unknown): { readonly known: Entry; readonly unknown: readonly string[] } {
  if (value === undefined || value === null) return { known: {}, unknown: [] };
  if (!isMapping(value)) throw new EntryProblem('extra_client_kwargs is no mapping of names to values.');
  const entries = Object.entries(value);
  return {
    known: Object.fromEntries(entries.filter(isOverriding)),
    unknown: entries.filter((entry) => !isOverriding(entry)).map(([key]) => `extra_client_kwargs.${key}`),
  };
}

/** `verify` as a path names certificates; whether they are checked at all is not for a file to say. */
function isOverriding([key, value]: readonly [string, unknown]): boolean {
  return OVERRIDING.has(key) && typeof value === 'string';
}

export function isMapping(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Values {
  /** The first of these keys that is there; null where it says nothing. */
  text(keys: readonly string[]): string | null;
  /** Undefined where the key is not there at all. */
  verbatim(key: string): string | undefined;
  whole(keys: readonly string[]): number | null;
  number(key: string): number | null;
}

function createValues(entry: Entry, variables: Variables): Values {
  function value(keys: readonly string[]): { readonly key: string; readonly value: unknown } | null {
    const key = keys.find((name) => name in entry);
    return key === undefined ? null : { key, value: variables.replace(entry[key], SECRET_KEYS.has(key)) };
  }
  return {
    text: (keys) => {
      const found = value(keys);
      if (found === null || found.value === null || found.value === '') return null;
      return textOf(found.key, found.value);
    },
    verbatim: (key) => {
      const found = value([key]);
      return found === null ? undefined : textOf(key, found.value);
    },
    whole: (keys) => {
      const found = value(keys);
      if (found === null) return null;
      const number = Number(found.value);
      if (isNumeral(found.value) && Number.isInteger(number) && number >= 1) return number;
      throw new EntryProblem(`${found.key} is no whole number above 0.`);
    },
    number: (key) => {
      const found = value([key]);
      if (found === null) return null;
      if (isNumeral(found.value)) return Number(found.value);
      throw new EntryProblem(`${key} is no number of seconds.`);
    },
  };
}

function textOf(key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new EntryProblem(`${key} is no text. Put it in quotes.`);
}

function isNumeral(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\s*\+?\d+(\.\d+)?\s*$/.test(value));
}

/** An access key and its secret, or neither: a lone one would sign in as somebody else. */
function keysOf(values: Values): { readonly accessKeyId: string | null; readonly secret: Secret | null } {
  const accessKeyId = values.text(SPELLINGS.accessKeyId);
  const secretAccessKey = values.text(SPELLINGS.secretAccessKey);
  const sessionToken = values.text(SPELLINGS.sessionToken);
  if ((accessKeyId === null) !== (secretAccessKey === null)) {
    const missing = accessKeyId === null ? 'aws_access_key_id' : 'aws_secret_access_key';
    throw new EntryProblem(
      `${missing} is missing beside its counterpart. Name both keys, or neither for those of the AWS_ variables.`,
    );
  }
  if (sessionToken !== null && accessKeyId === null) {
    throw new EntryProblem('aws_session_token needs aws_access_key_id and aws_secret_access_key beside it.');
  }
  return {
    accessKeyId,
    secret: secretAccessKey === null ? null : { secretAccessKey, sessionToken },
  };
}

/** What comes before an id in a key: `SyncS3Database` ends it with one slash, `AsyncS3Database` puts one behind it. */
function prefixOf(
  given: string | undefined,
  backend: S3Backend,
): { readonly read: string; readonly notes: readonly string[] } {
  if (given === undefined) {
    return backend === 'async'
      ? { read: '', notes: [] }
      : { read: 'records/', notes: ['No prefix is named: SyncS3Database takes records/.'] };
  }
  if (backend === 'async') {
    const read = given === '' ? '' : `${given}/`;
    return { read, notes: given.endsWith('/') ? [`AsyncS3Database writes below ${read}.`] : [] };
  }
  const read = `${given.replace(/\/+$/, '')}/`;
  return { read, notes: read === given || read === `${given}/` ? emptyNote(given) : [`It is read as ${read}.`] };
}

function emptyNote(given: string): readonly string[] {
  return given === '' ? ['SyncS3Database makes / of an empty prefix: all its keys begin with a slash.'] : [];
}

function kindOf(endpoint: string | null): ConnectionKind {
  if (endpoint === null) return 'aws';
  if (!URL.canParse(endpoint)) return 'custom';
  const { hostname, port } = new URL(endpoint);
  if (port === '4566' || hostname.includes('localstack')) return 'localstack';
  return port === '9000' || hostname.includes('minio') ? 'minio' : 'custom';
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  endpoint: 'endpoint_url',
  cacheTtlSeconds: 'cache_ttl',
  maxWorkers: 'max_workers',
  defaultStorageClass: 'storage_class',
  'credentials.accessKeyId': 'aws_access_key_id',
  'network.certificateAuthority': 'verify',
};

function checked(connection: Omit<Connection, 'id'>): Omit<Connection, 'id'> {
  const parsed = connectionSchema.omit({ id: true }).safeParse(connection);
  if (parsed.success) return parsed.data;
  const { path, reason } = describeIssue(parsed.error);
  throw new EntryProblem(`${KEY_NAMES[path] ?? path} ${reason}.`);
}

function checkedCollection(collection: Omit<Collection, 'id' | 'connectionId'>): typeof collection {
  const parsed = collectionSchema.omit({ id: true, connectionId: true }).safeParse(collection);
  if (parsed.success) return parsed.data;
  const { path, reason } = describeIssue(parsed.error);
  throw new EntryProblem(`${KEY_NAMES[path] ?? path} ${reason}.`);
}
