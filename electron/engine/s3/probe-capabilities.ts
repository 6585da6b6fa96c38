import { randomUUID } from 'node:crypto';
import { AppFailure } from '../../../shared/result.ts';
import type { Capabilities } from './capabilities.ts';
import type { Execute } from './execute.ts';
import { headerValue, type AnswerHeaders } from './object-headers.ts';
import type { CallOptions, PutOptions, S3Client } from './s3-client.ts';

/** What an object of ours is called, for a moment; no record of dataknobs, since it does not end with `.json`. */
export const PROBE_NAME = '.dipper-probe-';

const BODY = Buffer.from('Dipper tries out what this server can do. It deletes this object at once.\n');
/** Of no object: the MD5 of nothing is another. */
const WRONG_ETAG = '"00000000000000000000000000000000"';
/** One that every server with classes has beside STANDARD. */
const OTHER_CLASS = 'STANDARD_IA';

const NOTHING_KNOWN: Capabilities = {
  conditionalCreate: null,
  conditionalReplace: null,
  conditionalCopy: null,
  conditionalDelete: null,
  bulkDelete: null,
  conditionalBulkDelete: null,
  tags: null,
  checksums: null,
  versions: null,
  storageClasses: null,
};

type Verbs = Pick<
  S3Client,
  'putObject' | 'copyObject' | 'deleteObject' | 'deleteObjects' | 'getObjectTagging' | 'listObjectVersions'
>;

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
  call: CallOptions,
): Promise<Capabilities> {
  const key = `${beside.slice(0, beside.lastIndexOf('/') + 1)}${PROBE_NAME}${randomUUID()}`;
  const versions = new Set<string>();
  const put = (options: Partial<PutOptions> = {}) =>
    attempt(async () => {
      const { versionId } = await verbs.putObject(bucket, key, BODY, { ...call, checksum: 'CRC32', ...options });
      if (versionId !== null) versions.add(versionId);
    });
  const askHeaders = async (): Promise<AnswerHeaders> => {
    const headers = { 'x-amz-checksum-mode': 'ENABLED' };
    return (await execute({ name: 'HeadObject', method: 'HEAD', bucket, key, headers }, call)).headers;
  };
  try {
    let created = await put({ ifNoneMatch: '*' });
    if (created === 'unsupported') created = await put();
    if (created !== 'taken') return NOTHING_KNOWN;

    let checksums: boolean | null = null;
    const [again, replaced, copied, tagging] = await Promise.all([
      put({ ifNoneMatch: '*' }),
      put({ ifMatch: WRONG_ETAG }),
      attempt(async () => {
        // Onto itself: with other metadata, or S3 takes it for a mistake.
        const how = { ...call, ifNoneMatch: '*', headers: { contentType: 'text/plain' } } as const;
        const { versionId } = await verbs.copyObject(bucket, key, { bucket, key }, how);
        if (versionId !== null) versions.add(versionId);
      }),
      attempt(() => verbs.getObjectTagging(bucket, key, call)),
      attempt(async () => {
        checksums = headerValue(await askHeaders(), 'x-amz-checksum-crc32') !== null;
      }),
    ]);
    const deleted = await attempt(async () => {
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
    if (deleted === 'taken') await put();
    const bulk = await attempt(async () => {
      const [outcome] = await verbs.deleteObjects(bucket, [{ key, etag: WRONG_ETAG }], call);
      if (outcome?.error) throw new AppFailure(outcome.error.code, outcome.error.message, outcome.error);
      if (outcome?.versionId) versions.add(outcome.versionId);
    });
    let storageClasses: boolean | null = null;
    const classed = await put({ headers: { storageClass: OTHER_CLASS } });
    await attempt(async () => {
      storageClasses = classed === 'taken' && headerValue(await askHeaders(), 'x-amz-storage-class') === OTHER_CLASS;
    });
    return {
      conditionalCreate: isHeeded(again),
      conditionalReplace: isHeeded(replaced),
      conditionalCopy: isHeeded(copied),
      conditionalDelete: isHeeded(deleted),
      bulkDelete: bulk === 'forbidden' ? null : bulk !== 'unsupported',
      conditionalBulkDelete: isHeeded(bulk),
      tags: tagging === 'forbidden' ? null : tagging === 'taken',
      checksums,
      versions: versions.size > 0,
      storageClasses,
    };
  } finally {
    await removeAll(verbs, bucket, key, versions, call);
  }
}

/** `refused`: its condition was looked at. `forbidden`: these keys may not try it, or the server says something else. */
type Outcome = 'taken' | 'refused' | 'unsupported' | 'forbidden';

async function attempt(work: () => Promise<void | readonly unknown[]>): Promise<Outcome> {
  try {
    await work();
    return 'taken';
  } catch (failure) {
    if (!(failure instanceof AppFailure)) throw failure;
    const { code, retryable } = failure.error;
    if (code === 'record-exists' || code === 'record-changed') return 'refused';
    if (code === 'unsupported-by-server') return 'unsupported';
    if (retryable || code === 'aborted') throw failure;
    return 'forbidden';
  }
}

function isHeeded(outcome: Outcome): boolean | null {
  return outcome === 'forbidden' ? null : outcome === 'refused';
}

async function removeAll(
  verbs: Verbs,
  bucket: string,
  key: string,
  versions: ReadonlySet<string>,
  call: CallOptions,
): Promise<void> {
  const remove = (version: { readonly versionId?: string }): Promise<Outcome> =>
    attempt(() => verbs.deleteObject(bucket, key, { ...call, ...version }));
  // Who may write but not delete keeps one small object more: no reason not to write.
  if (versions.size === 0) {
    await remove({});
    return;
  }
  await Promise.all(Array.from(versions, (versionId) => remove({ versionId })));
  // Ceph does not say which version a copy has made.
  await attempt(async () => {
    for await (const page of verbs.listObjectVersions(bucket, { ...call, prefix: key }))
      await Promise.all(page.map(remove));
  });
}
