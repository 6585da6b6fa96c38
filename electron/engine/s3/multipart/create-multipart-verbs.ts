import { copySource } from '../copy-object.ts';
import type { Answer } from '../answer.ts';
import type { Execute } from '../execute.ts';
import type { HeaderTexts } from '../header-text.ts';
import { headerValue, timeOf, writeObjectHeaders } from '../object-headers.ts';
import { errorCodeOf } from '../read-refusal.ts';
import { eachElement, elementText, escapeXml, findElement, namespacePrefix } from '../xml.ts';
import { isGone } from './is-gone.ts';
import type { ListedPart, MultipartVerbs, UploadAddress, UploadedPart } from './multipart-verbs.ts';

/** A page of 1,000 uploads with keys of 1,024 bytes, with room for what escapes take. */
const MAXIMUM_LIST_BYTES = 16 * 1024 * 1024;

export function createMultipartVerbs(execute: Execute, texts: HeaderTexts): MultipartVerbs {
  return {
    async createMultipartUpload(bucket, key, call) {
      const answer = await execute(
        {
          name: 'CreateMultipartUpload',
          method: 'POST',
          bucket,
          key,
          query: [['uploads', '']],
          headers: writeObjectHeaders(call.headers ?? {}, texts),
          repeatable: true,
          answerNeeded: true,
        },
        call,
      );
      return required(readDocument(answer, 'InitiateMultipartUploadResult')('UploadId'), answer);
    },

    async uploadPart(upload, number, body, call) {
      const answer = await execute(
        {
          name: 'UploadPart',
          method: 'PUT',
          ...placeOf(upload, [['partNumber', String(number)]]),
          headers: call.md5 === undefined ? {} : { 'content-md5': call.md5 },
          body,
          repeatable: true,
        },
        call,
      );
      return required(headerValue(answer.headers, 'etag'), answer);
    },

    async uploadPartCopy(upload, number, source, call) {
      const headers: Record<string, string> = {
        'x-amz-copy-source': copySource(source),
        'x-amz-copy-source-range': call.range,
      };
      if (source.ifMatch !== undefined) headers['x-amz-copy-source-if-match'] = source.ifMatch;
      const answer = await execute(
        {
          name: 'UploadPartCopy',
          method: 'PUT',
          ...placeOf(upload, [['partNumber', String(number)]]),
          headers,
          source: { bucket: source.bucket, key: source.key },
          errorIn: errorCodeOf,
          repeatable: true,
        },
        call,
      );
      return required(readDocument(answer, 'CopyPartResult')('ETag')?.trim() ?? null, answer);
    },

    async listParts(upload, call) {
      const parts: ListedPart[] = [];
      let marker = '';
      for (;;) {
        const query: [string, string][] = marker === '' ? [] : [['part-number-marker', marker]];
        const answer = await execute(
          { name: 'ListParts', method: 'GET', ...placeOf(upload, query), maximumBytes: MAXIMUM_LIST_BYTES },
          call,
        );
        const page = readDocument(answer, 'ListPartsResult');
        for (const entry of page.each('Part')) {
          parts.push({
            number: Number(entry('PartNumber')),
            etag: entry('ETag')?.trim() ?? '',
            size: Number(entry('Size') ?? 0),
          });
        }
        const next = page('NextPartNumberMarker')?.trim() ?? '';
        // A server that says "more" and brings nothing new would be asked for ever.
        if (page('IsTruncated')?.trim() !== 'true' || Number(next) <= Number(marker)) return parts;
        marker = next;
      }
    },

    async completeMultipartUpload(upload, parts, call) {
      const headers: Record<string, string> = { 'content-type': 'application/xml' };
      if (call.ifMatch !== undefined) headers['if-match'] = call.ifMatch;
      if (call.ifNoneMatch !== undefined) headers['if-none-match'] = call.ifNoneMatch;
      const answer = await execute(
        {
          name: 'CompleteMultipartUpload',
          method: 'POST',
          ...placeOf(upload),
          headers,
          condition: call.ifMatch !== undefined ? 'if-match' : call.ifNoneMatch !== undefined ? 'if-none-match' : null,
          body: Buffer.from(writeParts(parts), 'utf8'),
          errorIn: errorCodeOf,
        },
        call,
      );
      const etag = required(readDocument(answer, 'CompleteMultipartUploadResult')('ETag')?.trim() ?? null, answer);
      return {
        etag,
        versionId: headerValue(answer.headers, 'x-amz-version-id'),
        lastModified: timeOf(answer.headers, 'date'),
      };
    },

    async abortMultipartUpload(upload, call) {
      try {
        await execute(
          {
            name: 'AbortMultipartUpload',
            method: 'DELETE',
            ...placeOf(upload),
            repeatable: true,
          },
          call,
        );
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },

    async headPart(bucket, key, number, call) {
      const answer = await execute(
        {
          name: 'HeadObject',
          method: 'HEAD',
          bucket,
          key,
          query: [['partNumber', String(number)]],
          headers: { 'if-match': call.ifMatch },
          condition: 'if-match',
        },
        call,
      );
      return Number(headerValue(answer.headers, 'content-length') ?? 0);
    },

    async *listMultipartUploads(bucket, call) {
      let markers: readonly [key: string, upload: string] = ['', ''];
      for (;;) {
        // Not url-encoded: RGW encodes keys when it is asked to, and does not say that it has.
        const query: [string, string][] = [['uploads', '']];
        if (call.prefix !== undefined && call.prefix !== '') query.push(['prefix', call.prefix]);
        if (markers[0] !== '') query.push(['key-marker', markers[0]], ['upload-id-marker', markers[1]]);
        const answer = await execute(
          { name: 'ListMultipartUploads', method: 'GET', bucket, key: null, query, maximumBytes: MAXIMUM_LIST_BYTES },
          call,
        );
        const page = readDocument(answer, 'ListMultipartUploadsResult');
        yield page.each('Upload').map((entry) => ({
          key: entry('Key') ?? '',
          uploadId: entry('UploadId') ?? '',
          begunAt: Date.parse(entry('Initiated')?.trim() ?? '') || 0,
        }));
        const next = [page('NextKeyMarker') ?? '', page('NextUploadIdMarker') ?? ''] as const;
        const isStuck = next[0] === '' || (next[0] === markers[0] && next[1] === markers[1]);
        if (page('IsTruncated')?.trim() !== 'true' || isStuck) return;
        markers = next;
      }
    },
  };
}

function placeOf({ bucket, key, uploadId }: UploadAddress, more: readonly (readonly [string, string])[] = []) {
  return { bucket, key, query: [['uploadId', uploadId], ...more] as const };
}

function writeParts(parts: readonly UploadedPart[]): string {
  const entries = parts.map(
    ({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${entries.join('')}</CompleteMultipartUpload>`;
}

interface Element {
  /** Text of the next element of that name; null where there is none. */
  (name: string): string | null;
  each(name: string): readonly Element[];
}

function readDocument(answer: Answer, rootName: string): Element {
  const xml = answer.body.toString('utf8');
  const p = namespacePrefix(xml);
  const root = findElement(xml, `${p}${rootName}`, 0, xml.length);
  if (root === null) throw answer.notS3();
  const elementOf = (text: string): Element =>
    Object.assign((name: string) => elementText(text, `${p}${name}`), {
      each: (name: string) => Array.from(eachElement(text, `${p}${name}`), elementOf),
    });
  return elementOf(xml.slice(root.start, root.end));
}

function required(text: string | null, answer: Answer): string {
  if (text === null || text === '') throw answer.notS3();
  return text;
}
