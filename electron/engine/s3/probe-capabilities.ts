import { randomUUID } from 'node:crypto';
import type { Capabilities } from '../../../shared/capabilities.ts';
import { AppFailure, type AppError } from '../../../shared/result.ts';
import { NOTHING_KNOWN } from './capabilities.ts';
import type { Execute } from './execute.ts';
import { headerValue, type AnswerHeaders } from './object-headers.ts';
import type { CallOptions, ExamineOptions, PutOptions, S3Client } from './s3-client.ts';

/** What an object of ours is called, for a moment; no record of dataknobs, since it does not end with `.json`. */
export const PROBE_NAME = '.dipper-probe-';

const BODY = Buffer.from('Dipper tries out what this server can do. It deletes this object at once.\n');
/** Of no object: the MD5 of nothing is another. */
const WRONG_ETAG = '"00000000000000000000000000000000"';
/** One that every server with classes has beside STANDARD. */
const OTHER_CLASS = 'STANDARD_IA';

const PROBE_TAG = { key: 'dipper-probe', value: 'deleted at once' };

type Verbs = Pick<
  S3Client,
  | 'putObject'
  | 'getObject'
  | 'copyObject'
  | 'deleteObject'
  | 'deleteObjects'
  | 'getObjectTagging'
  | 'putObjectTagging'
  | 'listObjectVersions'
>;

/** What is tried, in its order but for those in the middle, which run at once. */
export type TrialName =
  | 'write'
  | 'read'
  | 'conditional-create'
  | 'conditional-replace'
  | 'conditional-copy'
  | 'read-tags'
  | 'write-tags'
  | 'checksums'
  | 'conditional-delete'
  | 'bulk-delete'
  | 'storage-class'
  | 'delete';

/**
 * `refused`: its condition was looked at. `unsupported`: the server has it not. `forbidden`: these keys may not try it, or
 * the server says something else.
 */
export interface Trial {
  readonly outcome: 'taken' | 'refused' | 'unsupported' | 'forbidden';
  /** What the server said; null where it took it. */
  readonly error: AppError | null;
}

export interface Examination {
  readonly capabilities: Capabilities;
  /** Those behind a write that failed were not made; `read` and `write-tags` only where that was asked for. */
  readonly trials: ReadonlyMap<TrialName, Trial>;
  /** The object that it was tried with. */
  readonly key: string;
}

/**
 * Tries out what a server does with one object of our own, in the folder of `beside`, which is deleted again with all of
 * its versions: servers say that they took a condition, and wrote over it all the same. A refusal for want of a right
 * leaves that part unknown. Throws what trying again may help with. Some ten small requests, eight of them in a row.
 */
export async function probeCapabilities(
  verbs: Verbs,
  execute: Execute,
  bucket: string,
  beside: string,
  { onTrial, thorough = false, ...call }: ExamineOptions & { readonly thorough?: boolean },
): Promise<Examination> {
  const key = `${beside.slice(0, beside.lastIndexOf('/') + 1)}${PROBE_NAME}${randomUUID()}`;
  const versions = new Set<string>();
  const trials = new Map<TrialName, Trial>();
  const note = (name: TrialName, trial: Trial): Trial => {
    trials.set(name, trial);
    onTrial?.(name, trial);
    return trial;
  };
  const tried = async (name: TrialName, work: () => Promise<unknown>): Promise<Trial> =>
    note(name, await attempt(work));
  const put = async (options: Partial<PutOptions> = {}): Promise<void> => {
    const { versionId } = await verbs.putObject(bucket, key, BODY, { ...call, checksum: 'CRC32', ...options });
    if (versionId !== null) versions.add(versionId);
  };
  const askHeaders = async (): Promise<AnswerHeaders> => {
    const headers = { 'x-amz-checksum-mode': 'ENABLED' };
    return (await execute({ name: 'HeadObject', method: 'HEAD', bucket, key, headers }, call)).headers;
  };
  let left: Trial | null = null;
  try {
    let created = await attempt(() => put({ ifNoneMatch: '*' }));
    if (created.outcome === 'unsupported') created = await attempt(() => put());
    note('write', created);
    if (created.outcome !== 'taken') return { capabilities: NOTHING_KNOWN, trials, key };

    let checksums: boolean | null = null;
    const [again, replaced, copied, readTags] = await Promise.all([
      tried('conditional-create', () => put({ ifNoneMatch: '*' })),
      tried('conditional-replace', () => put({ ifMatch: WRONG_ETAG })),
      tried('conditional-copy', async () => {
        // Onto itself: with other metadata, or S3 takes it for a mistake.
        const how = { ...call, ifNoneMatch: '*', headers: { contentType: 'text/plain' } } as const;
        const { versionId } = await verbs.copyObject(bucket, key, { bucket, key }, how);
        if (versionId !== null) versions.add(versionId);
      }),
      tried('read-tags', () => verbs.getObjectTagging(bucket, key, call)),
      tried('checksums', async () => {
        checksums = headerValue(await askHeaders(), 'x-amz-checksum-crc32') !== null;
      }),
      thorough ? tried('read', () => verbs.getObject(bucket, key, call)) : null,
    ]);
    // Alone: Ceph refuses it while a copy that it should not have made is under way.
    const wroteTags = thorough
      ? await tried('write-tags', () => verbs.putObjectTagging(bucket, key, [PROBE_TAG], call))
      : null;
    const deleted = await tried('conditional-delete', async () => {
      const headers = { 'if-match': WRONG_ETAG };
      const operation = {
        name: 'DeleteObject',
        method: 'DELETE',
        bucket,
        key,
        headers,
        condition: 'if-match',
      } as const;
      const marker = headerValue((await execute(operation, call)).headers, 'x-amz-version-id');
      if (marker !== null) versions.add(marker);
    });
    if (deleted.outcome === 'taken') await attempt(() => put());
    const bulk = await tried('bulk-delete', async () => {
      const [outcome] = await verbs.deleteObjects(bucket, [{ key, etag: WRONG_ETAG }], call);
      if (outcome?.error) throw new AppFailure(outcome.error.code, outcome.error.message, outcome.error);
      if (outcome?.versionId) versions.add(outcome.versionId);
    });
    let storageClasses: boolean | null = null;
    const classed = await tried('storage-class', () => put({ headers: { storageClass: OTHER_CLASS } }));
    await attempt(async () => {
      storageClasses =
        classed.outcome === 'taken' && headerValue(await askHeaders(), 'x-amz-storage-class') === OTHER_CLASS;
    });
    const tagging = wroteTags?.outcome === 'unsupported' ? wroteTags : readTags;
    return {
      trials,
      key,
      capabilities: {
        conditionalCreate: isHeeded(again),
        conditionalReplace: isHeeded(replaced),
        conditionalCopy: isHeeded(copied),
        conditionalDelete: isHeeded(deleted),
        bulkDelete: bulk.outcome === 'forbidden' ? null : bulk.outcome !== 'unsupported',
        conditionalBulkDelete: isHeeded(bulk),
        tags: tagging.outcome === 'forbidden' ? null : tagging.outcome === 'taken',
        ...(wroteTags?.outcome === 'forbidden' ? { tagsDenied: wroteTags.error?.message ?? '' } : {}),
        checksums,
        versions: versions.size > 0,
        storageClasses,
      },
    };
  } finally {
    left = await removeAll(verbs, bucket, key, versions, call);
    if (trials.get('write')?.outcome === 'taken') note('delete', left);
  }
}

async function attempt(work: () => Promise<unknown>): Promise<Trial> {
  try {
    await work();
    return { outcome: 'taken', error: null };
  } catch (failure) {
    if (!(failure instanceof AppFailure)) throw failure;
    const { error } = failure;
    if (error.code === 'record-exists' || error.code === 'record-changed') return { outcome: 'refused', error };
    if (error.code === 'unsupported-by-server') return { outcome: 'unsupported', error };
    if (error.retryable || error.code === 'aborted') throw failure;
    return { outcome: 'forbidden', error };
  }
}

function isHeeded({ outcome }: Trial): boolean | null {
  return outcome === 'forbidden' ? null : outcome === 'refused';
}

/** Answers the first refusal, or that all of it is gone. */
async function removeAll(
  verbs: Verbs,
  bucket: string,
  key: string,
  versions: ReadonlySet<string>,
  call: CallOptions,
): Promise<Trial> {
  const remove = (version: { readonly versionId?: string }): Promise<Trial> =>
    attempt(() => verbs.deleteObject(bucket, key, { ...call, ...version }));
  // Who may write but not delete keeps one small object more: no reason not to write.
  if (versions.size === 0) return await remove({});
  const removed = await Promise.all(Array.from(versions, (versionId) => remove({ versionId })));
  // Ceph does not say which version a copy has made.
  await attempt(async () => {
    for await (const page of verbs.listObjectVersions(bucket, { ...call, prefix: key }))
      removed.push(...(await Promise.all(page.map(remove))));
  });
  return removed.find(({ outcome }) => outcome !== 'taken') ?? { outcome: 'taken', error: null };
}
