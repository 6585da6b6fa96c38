import { createHash } from 'node:crypto';
import { AppFailure, type AppError } from '../../../shared/result.ts';
import type { Answer } from './answer.ts';
import type { Execute } from './execute.ts';
import { errorCodeOf, TOO_MANY_CODES } from './read-refusal.ts';
import type { DeletedObject, DeleteTarget, S3Client } from './s3-client.ts';
import { WriteInDoubt } from './write-in-doubt.ts';
import { eachElement, elementText, escapeXml, findElement, namespacePrefix } from './xml.ts';

/** By S3: "DeleteObjects … up to 1,000 keys". */
export const MOST_DELETED_AT_ONCE = 1000;

/** 1,000 keys of 1,024 bytes, each byte written as an entity, with room for the rest. */
const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;

/** XML 1.0 has no form, escaped or not, for most control characters, U+FFFE and U+FFFF, and halves of surrogate pairs. */
export function canBeInXml(key: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]/u.test(key);
}

export function createDeleteObjects(execute: Execute): S3Client['deleteObjects'] {
  return async (bucket, targets, call) => {
    if (targets.length > MOST_DELETED_AT_ONCE) throw tooMany(targets.length);
    const sendable = targets.filter(({ key }) => canBeInXml(key));
    if (sendable.length === 0) return targets.map(({ key }) => failed(key, notInXml(bucket, key)));
    const body = Buffer.from(writeDelete(sendable), 'utf8');
    const answer = await execute(
      {
        name: 'DeleteObjects',
        method: 'POST',
        bucket,
        key: null,
        query: [['delete', '']],
        // S3 demands a digest; MD5 is the one that every server understands.
        headers: { 'content-type': 'application/xml', 'content-md5': createHash('md5').update(body).digest('base64') },
        body,
        errorIn: (document) => errorCodeOf(document) ?? codeOfThrottled(document, sendable.length),
        maximumBytes: MAXIMUM_ANSWER_BYTES,
      },
      call,
    );
    const outcomes = readOutcomes(answer, sendable);
    return targets.map((target) => {
      if (!canBeInXml(target.key)) return failed(target.key, notInXml(bucket, target.key));
      return outcomes.get(nameOf(target)) ?? failed(target.key, notMentioned(answer, target));
    });
  };
}

function writeDelete(targets: readonly DeleteTarget[]): string {
  let objects = '';
  for (const { key, versionId, etag } of targets) {
    objects += `<Object><Key>${escapeXml(key)}</Key>`;
    if (versionId !== undefined) objects += `<VersionId>${escapeXml(versionId)}</VersionId>`;
    if (etag !== undefined) objects += `<ETag>${escapeXml(etag)}</ETag>`;
    objects += '</Object>';
  }
  // Not quiet: an object that the answer does not name must not count as deleted.
  return `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${objects}<Quiet>false</Quiet></Delete>`;
}

/** Of an answer that refuses each of its `count` keys as one too many: the request as a whole was, and is paced and waited for as such. */
function codeOfThrottled(document: string, count: number): string | null {
  const p = namespacePrefix(document);
  const codes = Array.from(eachElement(document, `${p}Error`), (element) => elementText(element, `${p}Code`) ?? '');
  return codes.length === count && codes.every((code) => TOO_MANY_CODES.has(code)) ? (codes[0] ?? null) : null;
}

/** By `nameOf`. */
function readOutcomes(answer: Answer, targets: readonly DeleteTarget[]): ReadonlyMap<string, DeletedObject> {
  const xml = answer.body.toString('utf8');
  const p = namespacePrefix(xml);
  const root = findElement(xml, `${p}DeleteResult`, 0, xml.length);
  if (root === null) throw new WriteInDoubt(answer.notS3());
  const result = xml.slice(root.start, root.end);
  const conditional = new Set(targets.filter(({ etag }) => etag !== undefined).map(nameOf));
  const outcomes = new Map<string, DeletedObject>();
  for (const element of eachElement(result, `${p}Deleted`)) {
    const key = elementText(element, `${p}Key`) ?? '';
    const versionId = elementText(element, `${p}VersionId`);
    outcomes.set(nameOf({ key, versionId }), {
      key,
      versionId: elementText(element, `${p}DeleteMarkerVersionId`) ?? versionId,
      deleteMarker: elementText(element, `${p}DeleteMarker`) === 'true',
      error: null,
    });
  }
  for (const element of eachElement(result, `${p}Error`)) {
    const key = elementText(element, `${p}Key`) ?? '';
    const name = nameOf({ key, versionId: elementText(element, `${p}VersionId`) });
    const { error } = answer.failureOf({
      name: 'DeleteObject',
      key,
      condition: conditional.has(name) ? 'if-match' : null,
      s3Code: elementText(element, `${p}Code`),
      text: elementText(element, `${p}Message`),
    });
    outcomes.set(name, failed(key, error));
  }
  return outcomes;
}

function nameOf({ key, versionId }: { readonly key: string; readonly versionId?: string | null }): string {
  // NUL is in no key that XML can carry.
  return versionId === undefined || versionId === null || versionId === '' ? key : `${key}\0${versionId}`;
}

function failed(key: string, error: AppError): DeletedObject {
  return { key, versionId: null, deleteMarker: false, error };
}

function tooMany(count: number): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `S3 deletes ${MOST_DELETED_AT_ONCE} objects at once, and not ${count}. Delete them in parts.`,
  );
}

function notInXml(bucket: string, key: string): AppError {
  return new AppFailure(
    'invalid-key',
    `The key ${JSON.stringify(key)} in bucket "${bucket}" holds characters that a list of keys cannot carry. Delete it alone.`,
    { detail: { operation: 'DeleteObjects', bucket, key } },
  ).error;
}

function notMentioned(answer: Answer, { key, etag }: DeleteTarget): AppError {
  return answer.failureOf({
    name: 'DeleteObject',
    key,
    condition: etag === undefined ? null : 'if-match',
    s3Code: 'InternalError',
    text: 'The answer does not name the object.',
  }).error;
}
