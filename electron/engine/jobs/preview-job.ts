import {
  LONGEST_PREVIEW,
  MOST_PREVIEWED,
  type PreviewedObject,
  type PreviewedRecord,
} from '../../../shared/job-preview.ts';
import type { IfCopyExists, JobRequest } from '../../../shared/job.ts';
import { AppFailure } from '../../../shared/result.ts';
import { bulkEdit } from '../records/bulk-edit.ts';
import { tagsAfter } from '../records/change-tags.ts';
import type { DecodedObject } from '../records/decode-record.ts';
import { invalidAsRecord } from '../records/invalid-record.ts';
import { decodeFound, MAXIMUM_BODY_BYTES } from '../records/read-record.ts';
import type { CopySide } from '../records/copy-record.ts';
import { headOrNull } from '../records/settle-write.ts';
import { recordChanged, recordExists } from '../records/write-failures.ts';
import { sameEtag } from '../s3/etag.ts';
import type { FoundObject, ObjectHead } from '../s3/s3-client.ts';
import type { JobConnection } from './job-context.ts';
import { kindOf } from './kinds/all-kinds.ts';
import { copyOf } from './kinds/copy-records.ts';
import type { ListingContext } from './kinds/job-kind.ts';

/** The first records of a job as they are and as it would leave them; reads those and writes nothing. */
export async function previewJob(
  request: JobRequest,
  context: ListingContext,
  signal: AbortSignal,
): Promise<readonly PreviewedRecord[]> {
  const { recordsOf, use } = kindOf(request.kind);
  if (recordsOf === null)
    throw new AppFailure('invalid-arguments', 'A job of this kind has no records to be shown before.');
  const here = await context.connectTo(request.collection, use);
  const there = 'to' in request ? await context.connectTo(request.to, 'write') : null;
  const records = await firstRecords(recordsOf(request, context, signal));
  return Promise.all(records.map((record) => preview(request, record, { here, there }, signal)));
}

interface Named {
  readonly key: string;
  readonly etag: string;
  readonly into: string | null;
}

async function firstRecords(
  pages: ReturnType<NonNullable<ReturnType<typeof kindOf>['recordsOf']>>,
): Promise<readonly Named[]> {
  const records: Named[] = [];
  for await (const { keys, etags, into } of pages) {
    for (const [row, key] of keys.entries()) {
      if (records.length < MOST_PREVIEWED) records.push({ key, etag: etags[row] ?? '', into: into?.[row] ?? null });
    }
    if (records.length === MOST_PREVIEWED) break;
  }
  return records;
}

async function preview(
  request: JobRequest,
  { key, etag, into }: Named,
  { here, there }: { readonly here: JobConnection; readonly there: JobConnection | null },
  signal: AbortSignal,
): Promise<PreviewedRecord> {
  const to = there === null ? null : copyOf({ here, there }, key);
  const named = to === null ? { key } : { key, to: to.key };
  // What is undeleted has no body to be read before; its `etag` is the id of a mark.
  if (request.kind === 'undelete') return { ...named, before: null, after: null, problem: null };
  const { client, source, target } = here;
  let before: PreviewedObject | null = null;
  try {
    const found = await client.getObject(source.bucket, key, { signal, maximumBytes: MAXIMUM_BODY_BYTES });
    const decoded = decodeFound(target.collection, found);
    const tags = request.kind === 'tag' ? await client.getObjectTagging(source.bucket, key, { signal }) : null;
    before = objectOf(found, decoded.body?.text ?? null, tags);
    if (!sameEtag(found.head.etag, etag)) throw recordChanged({ bucket: source.bucket, key });
    const fate = to === null || !('ifExists' in request) ? {} : await fateOf(to, found.head, request.ifExists, signal);
    return { ...named, ...fate, before, after: afterOf(request, before, { decoded, into }, here), problem: null };
  } catch (error) {
    if (!(error instanceof AppFailure) || error.error.code === 'aborted') throw error;
    return { ...named, before, after: null, problem: error.error };
  }
}

/** As copyRecord decides it. Throws `record-exists`. */
async function fateOf(
  to: CopySide,
  head: ObjectHead,
  ifExists: IfCopyExists,
  signal: AbortSignal,
): Promise<Pick<PreviewedRecord, 'there'>> {
  const there = await headOrNull(to.client, to, { signal });
  if (there === null) return {};
  if (ifExists === 'fail') throw recordExists(to);
  const isSame = there.size === head.size && sameEtag(there.etag, head.etag);
  return { there: ifExists === 'skip' || isSame ? 'stays' : 'replaced' };
}

function objectOf({ head }: FoundObject, text: string | null, tags: PreviewedObject['tags']): PreviewedObject {
  const body = text === null ? null : text.slice(0, LONGEST_PREVIEW);
  return { body, contentType: head.contentType, storageClass: head.storageClass, tags };
}

function afterOf(
  request: JobRequest,
  before: PreviewedObject,
  { decoded, into }: { readonly decoded: DecodedObject; readonly into: string | null },
  { target }: JobConnection,
): PreviewedObject | null {
  switch (request.kind) {
    case 'update': {
      const { edits, patch, contentType = before.contentType } = request;
      const changesBody = edits.length > 0 || patch !== undefined;
      if (!changesBody) return { ...before, contentType };
      const { record, problem } = decoded;
      if (record === null) throw new AppFailure('record-unreadable', problem.message);
      const text = invalidAsRecord(() => bulkEdit(target.collection.codec, record, request, new Date()));
      return { ...before, body: text.slice(0, LONGEST_PREVIEW), contentType };
    }
    case 'tag':
      return { ...before, tags: tagsAfter(before.tags ?? [], request.change) };
    case 'set-class':
      return { ...before, storageClass: into ?? request.storageClass ?? before.storageClass };
    case 'copy':
    case 'move':
      return { ...before, storageClass: request.storageClass ?? before.storageClass };
    case 'delete':
      return null;
    case 'sync':
    case 'export':
    case 'import':
    case 'promote':
    case 'restore':
    case 'undelete':
      return before;
  }
}
