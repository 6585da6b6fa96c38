import { deleteManyCheck, type DeleteConditions } from '../conditions.ts';
import { requireSum } from '../http/body-expectation.ts';
import { receiveDocument } from '../http/receive-body.ts';
import { checkKey } from '../http/s3-request.ts';
import { refuseUnsupportedHeaders } from '../object-headers.ts';
import { noSuchVersion, S3Failure } from '../s3-failure.ts';
import type { Bucket, Deletion } from '../storage/storage.ts';
import { element, malformed, parseXml, S3_NAMESPACE, XML_DECLARATION, type XmlElement } from '../xml.ts';
import type { Answer, Call } from './answer.ts';
import { findBucket } from './buckets.ts';
import { isVersionId } from './versions.ts';

interface Wanted extends DeleteConditions {
  readonly key: string;
  readonly versionId: string | null;
}

const MOST_OBJECTS = 1000;
/** 1,000 keys of 1,024 bytes, all of them characters that are written as entities, fit. */
const LARGEST_DOCUMENT = 8 * 1024 * 1024;

export async function deleteObjects(call: Call, bucketName: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  const { request } = call;
  refuseUnsupportedHeaders(request.headers);
  requireSum(request.headers);
  const { quiet, objects } = readDocument(await receiveDocument(request, call.signing, LARGEST_DOCUMENT));
  // All at once: they share the disk's confirmations.
  const results = await Promise.all(objects.map((wanted) => deleteOne(bucket, wanted, quiet)));
  const document = `${XML_DECLARATION}<DeleteResult xmlns="${S3_NAMESPACE}">${results.join('')}</DeleteResult>`;
  return { status: 200, document };
}

/** Answers the object's element of the result; what stands against one object stands not against the others. */
async function deleteOne(bucket: Bucket, wanted: Wanted, quiet: boolean): Promise<string> {
  const { key, versionId } = wanted;
  const named = element('Key', key) + (versionId === null ? '' : element('VersionId', versionId));
  try {
    checkKey(key);
    const check = deleteManyCheck(wanted, key);
    const deletion = await (versionId === null
      ? bucket.delete(key, check)
      : bucket.deleteVersion(key, knownVersion(key, versionId), check));
    return quiet ? '' : `<Deleted>${named}${markerElements(deletion)}</Deleted>`;
  } catch (error) {
    if (!(error instanceof S3Failure)) throw error;
    return `<Error>${named}${element('Code', error.code)}${element('Message', error.message)}</Error>`;
  }
}

function markerElements(deletion: Deletion | null): string {
  if (deletion?.marker !== true) return '';
  return element('DeleteMarker', true) + element('DeleteMarkerVersionId', deletion.versionId ?? '');
}

/** An id that none can have is no bad request here, as it is for DeleteObject, but a version that is not there. */
function knownVersion(key: string, versionId: string): string {
  if (isVersionId(versionId)) return versionId;
  throw noSuchVersion(key, versionId);
}

function readDocument(text: string): { readonly quiet: boolean; readonly objects: readonly Wanted[] } {
  const root = parseXml(text);
  if (root.name !== 'Delete') throw malformed();
  let quiet = false;
  const objects: Wanted[] = [];
  for (const child of root.children) {
    if (child.name === 'Quiet') quiet = child.text.trim() === 'true';
    else if (child.name === 'Object') objects.push(readObject(child));
    else throw malformed();
  }
  if (objects.length === 0 || objects.length > MOST_OBJECTS) throw malformed();
  return { quiet, objects };
}

function readObject({ children }: XmlElement): Wanted {
  const texts = new Map(children.map(({ name, text }) => [name, text]));
  const key = texts.get('Key') ?? '';
  if (key === '' || texts.size !== children.length) throw malformed();
  const etag = texts.get('ETag');
  const versionId = texts.get('VersionId');
  return {
    key,
    versionId: versionId === undefined || versionId === '' ? null : versionId,
    etag: etag === undefined || etag === '' ? null : etag,
    modified: readNumber(texts.get('LastModifiedTime'), Date.parse),
    size: readNumber(texts.get('Size'), (text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN)),
  };
}

function readNumber(text: string | undefined, read: (text: string) => number): number | null {
  if (text === undefined) return null;
  const value = read(text.trim());
  if (Number.isNaN(value)) throw malformed();
  return value;
}
