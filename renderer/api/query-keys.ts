import type { OfferedRecords, OfferUse } from '../../shared/class-offer.ts';
import type { Freshness } from '../../shared/contract.ts';
import type { GivenReading, ImportSettings, ImportSource } from '../../shared/import.ts';
import type { PlannedJob } from '../../shared/planned-job.ts';
import { printPlace } from '../../shared/query-text/print-where.ts';
import type { PatternCondition } from './field-sample.ts';

/** The only place with cache keys. */
export const keys = {
  application: ['application'],
  settings: ['settings'],
  indexes: ['indexes'],
  workspace: ['workspace'],
  connections: ['connections'],
  profiles: ['profiles'],
  collections: ['collections'],
  traces: (collection: string) => ['traces', collection],
  uploads: (collection: string) => ['uploads', collection],
  view: (collection: string) => ['view', collection],
  savedQueries: (collection: string) => ['saved-queries', collection],
  saveView: (collection: string) => ['save-view', collection],
  fields: (collection: string) => ['fields', collection],
  sqlColumns: (collection: string) => ['sql-columns', collection],
  samples: (collection: string) => ['samples', collection],
  sample: (collection: string, field: string) => ['samples', collection, field],
  matches: (collection: string, { place, operator, pattern }: PatternCondition) => [
    'samples',
    collection,
    printPlace(place),
    operator,
    pattern,
  ],
  plan: (collection: string, query: string, freshness: Freshness, version: number | null) => [
    'plan',
    collection,
    query,
    freshness,
    version,
  ],
  jobPlan: (job: PlannedJob) => ['job-plan', job],
  deleted: (collection: string) => ['deleted', collection],
  jobPreview: (name: string) => ['job-preview', name],
  comparisons: ['comparison'],
  comparison: (collection: string, to: string, first: number | null) => ['comparison', collection, to, first],
  profile: (result: string, paths: readonly (readonly string[])[]) => ['profile', result, paths],
  syncs: ['syncs'],
  ledger: ['ledger'],
  jobs: ['jobs'],
  report: (job: string, from: string | null, onlyFailed: boolean) => ['report', job, from, onlyFailed],
  record: (collection: string, key: string) => ['record', collection, key],
  weakerWrites: (collection: string) => ['weaker-writes', collection],
  tagsRefused: (collection: string) => ['tags-refused', collection],
  serverStates: ['server-state'],
  serverState: (connection: string) => ['server-state', connection],
  localServers: ['local-servers'],
  localStack: ['localstack'],
  there: (connection: string, bucket: string, prefix: string) => ['there', connection, bucket, prefix],
  buckets: (connection: string) => ['buckets', connection],
  prefixes: (connection: string, bucket: string, prefix: string | null) => ['prefixes', connection, bucket, prefix],
  classOffers: (collection: string, records: OfferedRecords, use: OfferUse) => [
    'class-offers',
    collection,
    records,
    use,
  ],
  importInspection: (collection: string, source: ImportSource | null, reading: GivenReading) => [
    'import-inspection',
    collection,
    source,
    reading,
  ],
  importPreview: (collection: string, source: ImportSource | null, settings: ImportSettings | null) => [
    'import-preview',
    collection,
    source,
    settings,
  ],
  objectCount: (connection: string, bucket: string, prefix: string) => ['object-count', connection, bucket, prefix],
} as const;
