import {
  type CodecDetection,
  type CodecName,
  type Collection,
  DEFAULT_CACHE_TTL_SECONDS,
  DEFAULT_INDEX_SIZE_CAP,
  type Encryption,
} from '../../shared/collection.ts';

const MIB = 1024 * 1024;

/** A collection as the dialog holds it: everything as typed. */
export interface CollectionForm {
  readonly id: string;
  readonly connectionId: string;
  readonly bucket: string;
  readonly prefix: string;
  /** Null: named after prefix or bucket. */
  readonly name: string | null;
  /** Null: as found. */
  readonly codec: CodecName | null;
  readonly keyTemplate: string;
  /** Null: as is usual for the codec. */
  readonly tagMapping: boolean | null;
  /** Empty: left to the server. */
  readonly storageClass: string;
  readonly encryption: 'bucket' | 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  readonly encryptionKey: string;
  /** Digits. */
  readonly ttl: string;
  /** Digits, in MiB. */
  readonly sizeCap: string;
  /** Digits, or empty. */
  readonly maxWorkers: string;
  readonly memoryOnly: boolean;
}

export function newCollectionForm(id: string, connectionId: string): CollectionForm {
  return {
    id,
    connectionId,
    bucket: '',
    prefix: '',
    name: null,
    codec: null,
    keyTemplate: '{id}.json',
    tagMapping: null,
    storageClass: '',
    encryption: 'bucket',
    encryptionKey: '',
    ttl: String(DEFAULT_CACHE_TTL_SECONDS),
    sizeCap: String(DEFAULT_INDEX_SIZE_CAP / MIB),
    maxWorkers: '',
    memoryOnly: false,
  };
}

export function collectionFormOf(collection: Collection): CollectionForm {
  const { encryption } = collection;
  return {
    id: collection.id,
    connectionId: collection.connectionId,
    bucket: collection.bucket,
    prefix: collection.prefix,
    name: collection.name,
    codec: collection.codec,
    keyTemplate: collection.keyTemplate,
    tagMapping: collection.tagMapping,
    storageClass: collection.defaultStorageClass ?? '',
    encryption: encryption === null ? 'bucket' : encryption.algorithm,
    encryptionKey: encryption === null || encryption.algorithm === 'AES256' ? '' : (encryption.keyId ?? ''),
    ttl: String(collection.cacheTtlSeconds),
    sizeCap: String(collection.indexSizeCap / MIB),
    maxWorkers: collection.maxWorkers === null ? '' : String(collection.maxWorkers),
    memoryOnly: collection.memoryOnly,
  };
}

/** A prefix ends with `/` or is empty; a missing one is added (and the dialog says so). */
export function wholePrefix(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

/** The "folder" whose prefixes are offered while a prefix is typed: up to its last `/`. */
export function folderOf(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf('/') + 1);
}

export function usualName(form: Pick<CollectionForm, 'bucket' | 'prefix'>): string {
  const parts = form.prefix.split('/').filter((part) => part !== '');
  return parts.at(-1) ?? form.bucket;
}

/** Tags mirror the record by default only where its store is made in Dipper: dataknobs, and nothing there yet. */
export function usualTagMapping(codec: CodecName, detection: CodecDetection | null): boolean {
  return codec === 'dataknobs' && detection !== null && detection.looked === 0;
}

export type CollectionProblems = Readonly<Partial<Record<keyof CollectionForm, string>>>;

export function collectionProblems(form: CollectionForm): CollectionProblems {
  const problems: Partial<Record<keyof CollectionForm, string>> = {};
  if (form.connectionId === '') problems.connectionId = 'A connection is missing.';
  if (form.bucket === '') problems.bucket = 'A bucket is missing.';
  if (form.prefix.startsWith('s3://')) problems.prefix = 'The prefix alone, without s3:// and the bucket.';
  if (form.name !== null && form.name.trim() === '') problems.name = 'A name is missing.';
  if (form.codec !== 'dataknobs' && !form.keyTemplate.includes('{id}')) {
    problems.keyTemplate = 'The key needs {id} in it: the place of the record’s id.';
  }
  if (!/^\d{1,8}$/.test(form.ttl)) problems.ttl = 'A whole number of seconds; 0 lists every time.';
  if (!/^[1-9]\d{0,3}$/.test(form.sizeCap) || Number(form.sizeCap) > 1024)
    problems.sizeCap = 'A whole number from 1 to 1024.';
  if (form.maxWorkers !== '' && !/^[1-9]\d{0,3}$/.test(form.maxWorkers)) {
    problems.maxWorkers = 'A whole number from 1 to 9999, or empty.';
  }
  return problems;
}

export function collectionOf(form: CollectionForm, codec: CodecName, detection: CodecDetection | null): Collection {
  return {
    id: form.id,
    connectionId: form.connectionId,
    name: (form.name ?? usualName(form)).trim(),
    bucket: form.bucket,
    prefix: wholePrefix(form.prefix),
    codec,
    keyTemplate: codec === 'dataknobs' ? '{id}.json' : form.keyTemplate,
    tagMapping: form.tagMapping ?? usualTagMapping(codec, detection),
    defaultStorageClass: form.storageClass === '' ? null : form.storageClass,
    encryption: encryptionOf(form),
    cacheTtlSeconds: Number(form.ttl),
    maxWorkers: form.maxWorkers === '' ? null : Number(form.maxWorkers),
    indexSizeCap: Number(form.sizeCap) * MIB,
    memoryOnly: form.memoryOnly,
  };
}

function encryptionOf(form: CollectionForm): Encryption | null {
  if (form.encryption === 'bucket') return null;
  if (form.encryption === 'AES256') return { algorithm: 'AES256' };
  return { algorithm: form.encryption, keyId: form.encryptionKey.trim() === '' ? null : form.encryptionKey.trim() };
}
