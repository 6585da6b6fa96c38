import { z } from 'zod';
import { LONGEST_CERTIFICATES } from '../../shared/certificate-text.ts';
import { KNOWN_SERVER_NAMES } from '../../shared/known-servers.ts';
import { LONGEST_SAVED } from '../../shared/saved-query.ts';
import { MOST_STORAGE_RULES } from '../../shared/storage-rules.ts';

/** Ids become names of files and folders. */
export const idSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'is not an id');

/** The page makes ids too; a bucket's name and a prefix are S3's business and are not judged here. */
const nameSchema = z.string().trim().min(1, 'is empty').max(200, 'is longer than 200 characters');

/** A base URL without a path: with one, a signature would not fit. Kept as its origin, without a final `/`. */
export const endpointSchema = z
  .string()
  .refine(isBaseUrl, 'is not a URL such as https://s3.example.com or http://127.0.0.1:9000')
  .transform((url) => new URL(url).origin);

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  );
}

export const regionSchema = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'is not the name of a region, such as us-east-1');

const workersSchema = z.number().int().min(1).max(4096).nullable();

const proxySchema = z.union([
  z.enum(['system', 'none']),
  z
    .string()
    .max(2048)
    .refine(isBaseUrl, 'is not an address such as http://proxy.example:3128')
    .transform((url) => new URL(url).origin),
]);

const networkSchema = z.strictObject({
  proxy: proxySchema,
  certificateAuthority: z.string().min(1, 'is empty').max(LONGEST_CERTIFICATES).nullable(),
  unsignedBodies: z.boolean(),
});

/** One that says nothing is left out. */
const budgetSchema = z
  .strictObject({
    requests: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
    dollars: z.number().min(0).max(1_000_000).nullable(),
  })
  .refine(({ requests, dollars }) => requests !== null || dollars !== null, 'has no limit');

/** As it stands in the files of Amazon's tools. */
export const profileNameSchema = z.string().min(1, 'is empty').max(256);

export const groupSchema = nameSchema.max(80, 'is longer than 80 characters');

export const amazonSchema = z
  .strictObject({ accelerate: z.boolean(), dualStack: z.boolean(), fips: z.boolean() })
  .refine(
    ({ accelerate, fips }) => !(accelerate && fips),
    'has both acceleration and FIPS, which Amazon does not offer together',
  );

export const connectionSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  kind: z.enum(['aws', 'localstack', 'minio', 'custom', 'sandbox']),
  endpoint: endpointSchema.nullable(),
  region: regionSchema,
  pathStyle: z.boolean(),
  credentials: z.discriminatedUnion('source', [
    z.strictObject({ source: z.literal('environment') }),
    z.strictObject({ source: z.literal('keys'), accessKeyId: z.string().min(1, 'is empty').max(256) }),
    z.strictObject({ source: z.literal('profile'), profile: profileNameSchema }),
    z.strictObject({ source: z.literal('anonymous') }),
    z.strictObject({ source: z.literal('sandbox') }),
  ]),
  environment: z.enum(['development', 'test', 'production']),
  readOnly: z.boolean(),
  maxWorkers: workersSchema,
  group: groupSchema.optional(),
  budget: budgetSchema.optional(),
  network: networkSchema.optional(),
  requesterPays: z.boolean().optional(),
  amazon: amazonSchema.optional(),
  server: z.enum(KNOWN_SERVER_NAMES).optional(),
});

export const secretSchema = z.strictObject({
  secretAccessKey: z.string().min(1, 'is empty').max(4096),
  sessionToken: z.string().max(16_384).nullable(),
});

export const prefixSchema = z
  .string()
  .max(1024)
  .refine((prefix) => prefix === '' || prefix.endsWith('/'), 'does not end with /');

export const codecSchema = z.enum(['dataknobs', 'plain']);

export const encryptionSchema = z.discriminatedUnion('algorithm', [
  z.strictObject({ algorithm: z.literal('AES256') }),
  z.strictObject({
    algorithm: z.enum(['aws:kms', 'aws:kms:dsse']),
    keyId: z.string().max(2048).nullable(),
    bucketKey: z.boolean().optional(),
  }),
]);

export const storageClassSchema = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'is no storage class');

export const storageRulesSchema = z
  .array(
    z.strictObject({
      where: z.string().min(1, 'is empty').max(100_000),
      storageClass: storageClassSchema,
    }),
  )
  .max(MOST_STORAGE_RULES)
  .readonly();

export const collectionSchema = z.strictObject({
  id: idSchema,
  connectionId: idSchema,
  name: nameSchema,
  bucket: z.string().min(1, 'is empty').max(255),
  prefix: prefixSchema,
  codec: codecSchema,
  keyTemplate: z
    .string()
    .max(1024)
    .refine((template) => template.includes('{id}'), 'does not hold {id}'),
  tagMapping: z.boolean(),
  storageRules: storageRulesSchema.optional(),
  defaultStorageClass: z.string().max(64).nullable(),
  encryption: encryptionSchema.nullable(),
  cacheTtlSeconds: z.number().min(0).max(31_536_000),
  maxWorkers: workersSchema,
  indexSizeCap: z.number().int().min(1).max(1_073_741_824),
  memoryOnly: z.boolean(),
});

/** In a file that connections are exported to: ids are each Dipper's own. */
export const exportedConnectionSchema = connectionSchema.omit({ id: true }).extend({
  collections: z.array(collectionSchema.omit({ id: true, connectionId: true })).optional(),
});

const widthSchema = z.number().min(0).max(100_000);

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  sidebarWidth: widthSchema.nullable(),
  inspectorWidth: widthSchema.nullable(),
  requestsHeight: widthSchema.nullable(),
  mostIndexBytes: z.number().int().min(0),
  journalDays: z.number().min(0).max(36_500),
  mostJournalBytes: z.number().int().min(0),
  notifyOfJobs: z.boolean(),
});

const columnIdsSchema = z.array(z.string()).max(10_000);

export const viewSchema = z.strictObject({
  columns: z.strictObject({
    order: columnIdsSchema,
    hidden: columnIdsSchema,
    widths: z.record(z.string(), widthSchema),
  }),
});

export const sortSchema = z.array(z.strictObject({ field: z.string(), direction: z.enum(['asc', 'desc']) })).max(100);

const queryTextShape = {
  where: z.string().max(LONGEST_SAVED, 'is longer than 1,000,000 characters'),
  sort: sortSchema,
};

export const savedQuerySchema = z.strictObject({ id: idSchema, name: nameSchema, ...queryTextShape });

export const queryRunSchema = z.strictObject({
  ...queryTextShape,
  ranAt: z.number(),
  found: z.number().int().min(0).nullable(),
});

export const savedQueriesSchema = z.strictObject({
  saved: z.array(savedQuerySchema),
  history: z.array(queryRunSchema),
});

/** A tab whose query takes more than 1 MB is one that nobody typed. */
const pageStateSchema = z.string().max(1_048_576).nullable();

export const workspaceSchema = z.strictObject({
  tabs: z.array(z.strictObject({ id: idSchema, collection: idSchema.nullable(), state: pageStateSchema })).max(200),
  activeTab: idSchema.nullable(),
  panels: pageStateSchema,
});

export const tagSchema = z.strictObject({ key: z.string(), value: z.string() });

export const editSchema = z.strictObject({
  part: z.enum(['fields', 'metadata']),
  path: z.array(z.union([z.string(), z.number().int().min(0)])).min(1),
  text: z.string().nullable(),
});

export const recordChangeSchema = z.union([
  z.strictObject({ edits: z.array(editSchema), tags: z.array(tagSchema).optional() }),
  z.strictObject({ body: z.string(), tags: z.array(tagSchema).optional() }),
]);

export const draftSchema = z.strictObject({
  collection: idSchema,
  key: z.string().min(1),
  etag: z.string(),
  change: recordChangeSchema,
  savedAt: z.number(),
});
