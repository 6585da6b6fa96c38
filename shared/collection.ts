import type { StorageRule } from './storage-rules.ts';

/** How a record becomes an object: dataknobs-data's wire format, or the JSON itself. */
export type CodecName = 'dataknobs' | 'plain';

export type Encryption =
  | { readonly algorithm: 'AES256' }
  | {
      /** `aws:kms:dsse` encrypts twice. */
      readonly algorithm: 'aws:kms' | 'aws:kms:dsse';
      readonly keyId: string | null;
      /** Set where an object is encrypted with a bucket key, which saves requests to KMS. */
      readonly bucketKey?: boolean;
    };

/** A connection, bucket and prefix read as records. */
export interface Collection {
  readonly id: string;
  readonly connectionId: string;
  readonly name: string;
  readonly bucket: string;
  /** Verbatim; ends with `/` or is empty. */
  readonly prefix: string;
  readonly codec: CodecName;
  /** Key of a new record below the prefix: `{id}` is the record's id. Always `{id}.json` for dataknobs. */
  readonly keyTemplate: string;
  /** Mirror id, times and metadata of a record in its object's tags. */
  readonly tagMapping: boolean;
  /** Classes of new objects by what they are; left out: none. */
  readonly storageRules?: readonly StorageRule[];
  /** Class of new objects that no rule is true of; null leaves it to the server. */
  readonly defaultStorageClass: string | null;
  /** Encryption of new objects; null leaves it to the bucket. */
  readonly encryption: Encryption | null;
  /** How long a listing counts as fresh. */
  readonly cacheTtlSeconds: number;
  /** Caps the connection's `maxWorkers`; null leaves it to the connection. */
  readonly maxWorkers: number | null;
  /** Bytes; objects above it are rows with a reason and load on opening. */
  readonly indexSizeCap: number;
  /** Keep the index in memory only: nothing of the records is written to this machine's disk. */
  readonly memoryOnly: boolean;
}

export const DEFAULT_CACHE_TTL_SECONDS = 60;
export const DEFAULT_INDEX_SIZE_CAP = 4 * 1024 * 1024;

/** What a collection is made with unless a person says otherwise. */
export const COLLECTION_DEFAULTS = {
  keyTemplate: '{id}.json',
  tagMapping: false,
  defaultStorageClass: null,
  encryption: null,
  cacheTtlSeconds: DEFAULT_CACHE_TTL_SECONDS,
  maxWorkers: null,
  indexSizeCap: DEFAULT_INDEX_SIZE_CAP,
  memoryOnly: false,
} as const satisfies Partial<Collection>;

/** A collection as the sidebar shows it. */
export interface CollectionListing extends Collection {
  /** Records at the last complete sync, unreadable ones included as in a query without conditions; null before the first. */
  readonly records: number | null;
  /** Milliseconds since 1970; null before the first complete sync. */
  readonly syncedAt: number | null;
}

/** What the first objects of a prefix say about its codec (DESIGN "Codec detection"). */
export interface CodecDetection {
  readonly codec: CodecName;
  /** One sentence for people: what was looked at and what it showed. */
  readonly reason: string;
  readonly looked: number;
}

/** What this machine keeps of a collection beside its place and settings. */
export interface CollectionTraces {
  /** Of the index files; 0 where there are none. */
  readonly indexBytes: number;
  /** Of bodies that are too large for the index and were opened. */
  readonly bodyBytes: number;
  /** Edits that were not sent. */
  readonly drafts: number;
  /** Under way or ended, with their journals. */
  readonly jobs: number;
  /** Those with a name; what ran goes with them. */
  readonly savedQueries: number;
}

/** What the indexes of all collections take together. */
export interface IndexesOnDisk {
  readonly count: number;
  readonly bytes: number;
}

/** What was removed of a place that the command line was given as a URL. */
export interface ForgottenUrl {
  readonly indexes: number;
  readonly bytes: number;
  /** Names of collections in the sidebar that are the same place: they stay as they are. */
  readonly kept: readonly string[];
}
