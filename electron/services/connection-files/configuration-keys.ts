/** The backends of dataknobs-data 0.11 that store in S3; their configurations differ. */
export type S3Backend = 'sync' | 'async';

/** Other spellings of a key; the one that stands first here goes before the others, as in `S3DatabaseConfigBase`. */
export const SPELLINGS = {
  region: ['region_name', 'region'],
  accessKeyId: ['aws_access_key_id', 'access_key_id'],
  secretAccessKey: ['aws_secret_access_key', 'secret_access_key'],
  sessionToken: ['aws_session_token', 'session_token'],
  maxWorkers: ['max_pool_connections', 'max_workers'],
  maxAttempts: ['max_attempts', 'max_retries'],
} as const;

export const SECRET_KEYS: ReadonlySet<string> = new Set([...SPELLINGS.secretAccessKey, ...SPELLINGS.sessionToken]);

const SHARED_KEYS = [
  'bucket',
  'prefix',
  'endpoint_url',
  ...SPELLINGS.region,
  ...SPELLINGS.accessKeyId,
  ...SPELLINGS.secretAccessKey,
  ...SPELLINGS.sessionToken,
  'schema',
  'vector_enabled',
  'vector_metric',
  // dataknobs-data wrote of them and never used them; 0.11 refuses them. Here they mean what was written.
  'cache_ttl',
  'storage_class',
];

/** `SyncS3DatabaseConfig` and `AsyncS3DatabaseConfig` of dataknobs-data 0.11.0. */
export const KNOWN_KEYS: Readonly<Record<S3Backend, readonly string[]>> = {
  sync: [
    ...SHARED_KEYS,
    ...SPELLINGS.maxWorkers,
    ...SPELLINGS.maxAttempts,
    'retry_mode',
    'multipart_threshold',
    'multipart_chunksize',
    'extra_client_kwargs',
  ],
  async: SHARED_KEYS,
};

/** What an entry says to the loader rather than to the backend (`_ROUTING_KEYS` of dataknobs-common). */
export const ROUTING_KEYS: readonly string[] = ['backend', 'class', 'factory', 'name', 'type'];

/** Settings of dataknobs-config about itself; all others without a dot are defaults of every entry. */
export const LOADER_SETTINGS: ReadonlySet<string> = new Set([
  'config_root',
  'global_root',
  'path_resolution_attributes',
]);
