/**
 * Servers that speak S3 with gaps of their own, in one table: what they are recognised by, and what they lack. It says
 * beforehand what a trial of the server finds out; where a newer version has learned something, the trial of a connection
 * goes by what the server does, but for what the table says that it lacks.
 */
import type { Capability } from './capabilities.ts';
import type { Connection } from './connection.ts';

export interface KnownServer {
  readonly name: string;
  /** Of the endpoint's host name. A first group is the region. */
  readonly host: RegExp | null;
  /** Of the `Server` header of its answers. */
  readonly header: RegExp | null;
  /** The name of a region that no other server has. */
  readonly ownRegion: string | null;
  readonly lacks: readonly Capability[];
  /** Null: all that Amazon has. */
  readonly storageClasses: readonly string[] | null;
  /** Null: as each installation has set it. */
  readonly region: string | null;
  /** Whether it asks for it; null where both work. */
  readonly pathStyle: boolean | null;
  /** What differs, for people: a sentence, or two. */
  readonly note: string;
}

/** No class but the one that every object has. */
const ONE_CLASS = ['STANDARD'] as const;

export const KNOWN_SERVERS = {
  minio: {
    name: 'MinIO',
    host: null,
    header: /^minio\b/i,
    ownRegion: null,
    // Its server looks at conditions of PutObject alone; "Deprecated features, storage classes" in its documentation:
    // STANDARD and REDUCED_REDUNDANCY are sets of parity, every other name is InvalidStorageClass.
    lacks: ['conditionalBulkDelete', 'storageClasses'],
    storageClasses: ['STANDARD', 'REDUCED_REDUNDANCY'],
    region: null,
    pathStyle: true,
    note: 'Storage classes of Amazon are not there.',
  },
  localstack: {
    name: 'LocalStack',
    host: /(?:^|\.)localhost\.localstack\.cloud$/,
    header: null,
    ownRegion: null,
    // docs/server-capabilities.md.
    lacks: ['conditionalDelete', 'conditionalBulkDelete'],
    storageClasses: null,
    region: null,
    pathStyle: true,
    note: 'It takes any keys, and checks no conditions when it deletes.',
  },
  r2: {
    name: 'Cloudflare R2',
    host: /\.r2\.cloudflarestorage\.com$/,
    header: null,
    ownRegion: null,
    // https://developers.cloudflare.com/r2/api/s3/api/: the tables of what is not implemented; the region is `auto`.
    lacks: ['tags', 'versions'],
    storageClasses: ['STANDARD', 'STANDARD_IA'],
    region: 'auto',
    pathStyle: null,
    note: 'It keeps no tags and no versions; its colder class is Infrequent Access.',
  },
  b2: {
    name: 'Backblaze B2',
    host: /^s3\.([a-z]{2}-[a-z]+-\d{3})\.backblazeb2\.com$/,
    header: null,
    ownRegion: null,
    // https://www.backblaze.com/docs/cloud-storage-s3-compatible-api: the list of calls, without those of tagging. PutObject
    // with a condition is 501: https://github.com/sathinduga/obsidian-s3-sync-and-backup/issues/78 (June 2026).
    lacks: [
      'conditionalCreate',
      'conditionalReplace',
      'conditionalCopy',
      'conditionalDelete',
      'conditionalBulkDelete',
      'tags',
      'storageClasses',
    ],
    storageClasses: ONE_CLASS,
    region: null,
    pathStyle: null,
    note: 'It checks no conditions when it writes, and keeps no tags and no storage classes; its buckets always keep versions.',
  },
  wasabi: {
    name: 'Wasabi',
    host: /^s3\.(?:([a-z]{2}-[a-z]+-\d+)\.)?wasabisys\.com$/,
    header: /^wasabis3\b/i,
    ownRegion: null,
    // https://docs.wasabi.com/docs/operations-on-objects: the storage class is always STANDARD.
    lacks: ['storageClasses'],
    storageClasses: ONE_CLASS,
    region: null,
    pathStyle: null,
    note: 'It has one storage class.',
  },
  ceph: {
    name: 'Ceph RGW',
    host: null,
    header: /^ceph object gateway\b/i,
    ownRegion: null,
    // docs/server-capabilities.md; classes are those that its administrator has made.
    lacks: ['conditionalCopy'],
    storageClasses: null,
    region: null,
    pathStyle: null,
    note: 'It has the storage classes that were set up for it, and does not check conditions of copies.',
  },
  garage: {
    name: 'Garage',
    host: null,
    header: null,
    ownRegion: 'garage',
    // https://garagehq.deuxfleurs.fr/documentation/reference-manual/s3-compatibility: tagging, versioning and storage
    // classes are missing; the region is the one in its configuration, mostly `garage`.
    lacks: ['tags', 'versions', 'storageClasses'],
    storageClasses: ONE_CLASS,
    region: 'garage',
    pathStyle: true,
    note: 'It keeps no tags, no versions and no storage classes; its region is mostly called garage.',
  },
  seaweedfs: {
    name: 'SeaweedFS',
    host: null,
    header: /^seaweedfs\b/i,
    ownRegion: null,
    // Conditions since 3.97 (https://github.com/seaweedfs/seaweedfs/pull/7154), under many writers at once since 4.17
    // (issue 8800).
    lacks: [],
    storageClasses: null,
    region: null,
    pathStyle: true,
    note: 'Before 4.17 two who create a record in the same moment may both be told that they did.',
  },
  versity: {
    name: 'Versity S3 Gateway',
    host: null,
    header: /^versitygw\b/i,
    ownRegion: null,
    // docs/server-capabilities.md.
    lacks: ['conditionalCopy', 'conditionalBulkDelete', 'storageClasses'],
    storageClasses: ONE_CLASS,
    region: null,
    pathStyle: true,
    note: 'Files of a file system are its objects, in one storage class; conditions of copies and of many deletes at once are not checked.',
  },
} as const satisfies Readonly<Record<string, KnownServer>>;

export type KnownServerName = keyof typeof KNOWN_SERVERS;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of what is written out
export const KNOWN_SERVER_NAMES = Object.keys(KNOWN_SERVERS) as readonly KnownServerName[];

export function knownServer(name: KnownServerName): KnownServer {
  return KNOWN_SERVERS[name];
}

/** By the address alone; null where it tells nothing. */
export function serverOfEndpoint(endpoint: string): KnownServerName | null {
  const host = hostOf(endpoint);
  return KNOWN_SERVER_NAMES.find((name) => knownServer(name).host?.test(host) === true) ?? null;
}

export function serverOfHeader(header: string | null): KnownServerName | null {
  if (header === null) return null;
  return KNOWN_SERVER_NAMES.find((name) => knownServer(name).header?.test(header) === true) ?? null;
}

/** By the kind of the connection, its address, what its test found, or its region. */
export function serverOf(
  connection: Pick<Connection, 'kind' | 'endpoint' | 'region' | 'server'>,
): KnownServerName | null {
  const { kind, endpoint, region, server } = connection;
  if (kind === 'minio' || kind === 'localstack') return kind;
  if (kind !== 'custom' || endpoint === null) return null;
  const byRegion = KNOWN_SERVER_NAMES.find((name) => knownServer(name).ownRegion === region);
  return serverOfEndpoint(endpoint) ?? server ?? byRegion ?? null;
}

/** The region that an endpoint names, or that all of such servers have; null where each has its own. */
export function regionOfEndpoint(endpoint: string): string | null {
  const name = serverOfEndpoint(endpoint);
  if (name === null) return null;
  const { host, region } = knownServer(name);
  return host?.exec(hostOf(endpoint))?.[1] ?? region;
}

function hostOf(endpoint: string): string {
  return /^https?:\/\/([^/:]+)/i.exec(endpoint)?.[1]?.toLowerCase() ?? '';
}
