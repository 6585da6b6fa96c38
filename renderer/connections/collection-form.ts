import {
  type CodecDetection,
  type CodecName,
  type Collection,
  DEFAULT_CACHE_TTL_SECONDS,
  DEFAULT_INDEX_SIZE_CAP,
} from '../../shared/collection.ts';
import { storageRuleProblem, type StorageRule } from '../../shared/storage-rules.ts';
import { expandKey } from '../../shared/record-key.ts';
import {
  encryptionChoiceOf,
  encryptionKeyProblem,
  encryptionOf,
  INHERITED_ENCRYPTION,
  type EncryptionChoice,
} from '../storage/encryption-choice.ts';

const MIB = 1024 * 1024;

/** A collection as the dialog holds it: everything as typed. */
export interface CollectionForm extends EncryptionChoice {
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
  readonly storageRules: readonly StorageRule[];
  /** Of what no rule is true of. Empty: left to the server. */
  readonly storageClass: string;
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
    storageRules: [],
    storageClass: '',
    ...INHERITED_ENCRYPTION,
    ttl: String(DEFAULT_CACHE_TTL_SECONDS),
    sizeCap: String(DEFAULT_INDEX_SIZE_CAP / MIB),
    maxWorkers: '',
    memoryOnly: false,
  };
}

export function collectionFormOf(collection: Collection): CollectionForm {
  return {
    id: collection.id,
    connectionId: collection.connectionId,
    bucket: collection.bucket,
    prefix: collection.prefix,
    name: collection.name,
    codec: collection.codec,
    keyTemplate: collection.keyTemplate,
    tagMapping: collection.tagMapping,
    storageRules: collection.storageRules ?? [],
    storageClass: collection.defaultStorageClass ?? '',
    ...encryptionChoiceOf(collection.encryption),
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

/** Where the rows of an object become records: beside it, under its name. `logs/2026.csv.gz` → `logs/2026/`. */
export function prefixForRows(key: string): string {
  return `${key.replace(ROWS_ENDING, '')}/`;
}

const ROWS_ENDING = /\.(?:csv|tsv|ndjson|jsonl|json|parquet)(?:\.(?:gz|zst))?$/i;

/** Whether an object can be one with rows, by its name. */
export function mayHoldRows(key: string): boolean {
  return ROWS_ENDING.test(key);
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
  const keyProblem = form.codec === 'dataknobs' ? null : templateProblem(form);
  if (keyProblem !== null) problems.keyTemplate = keyProblem;
  if (form.storageRules.some(({ where }) => storageRuleProblem(where) !== null)) {
    problems.storageRules = 'A rule for the storage class is none.';
  }
  const kmsProblem = encryptionKeyProblem(form);
  if (kmsProblem !== null) problems.encryptionKey = kmsProblem;
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
    keyTemplate: templateOf(form, codec),
    tagMapping: form.tagMapping ?? usualTagMapping(codec, detection),
    ...(form.storageRules.length === 0 ? {} : { storageRules: form.storageRules }),
    defaultStorageClass: form.storageClass === '' ? null : form.storageClass,
    encryption: encryptionOf(form),
    cacheTtlSeconds: Number(form.ttl),
    maxWorkers: form.maxWorkers === '' ? null : Number(form.maxWorkers),
    indexSizeCap: Number(form.sizeCap) * MIB,
    memoryOnly: form.memoryOnly,
  };
}

/** A key that a UUID, Dipper's own new id, would have to fit into. */
const LONGEST_KEY = 1024;

function templateProblem(form: CollectionForm): string | null {
  const { keyTemplate } = form;
  if (!keyTemplate.includes('{id}')) return 'The key needs {id} in it: the place of the record’s id.';
  const other = /\{[^{}]*\}/.exec(keyTemplate.replaceAll('{id}', ''))?.[0];
  if (other !== undefined) return `${other} is not filled in: {id} is the only placeholder.`;
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(keyTemplate)) return 'The key holds a control character. Remove it.';
  const bytes = new TextEncoder().encode(keyOfNew(form, 'plain', EXAMPLE_ID)).length;
  return bytes > LONGEST_KEY ? `A key would have ${bytes} bytes; S3 allows ${LONGEST_KEY}.` : null;
}

/** As Dipper makes ids. */
export const EXAMPLE_ID = '6f2c1d04-8b7e-4a53-9c1f-2e5d7a90b3c8';

/** Key that a new record with this id gets. */
export function keyOfNew(form: CollectionForm, codec: CodecName, id: string): string {
  return expandKey({ prefix: wholePrefix(form.prefix), keyTemplate: templateOf(form, codec) }, id);
}

function templateOf(form: CollectionForm, codec: CodecName): string {
  return codec === 'dataknobs' ? '{id}.json' : form.keyTemplate;
}
