import { isAscii } from 'node:buffer';
import { AppFailure } from '../../../../shared/result.ts';
import { compareUtf8 } from '../../../../shared/utf8-order.ts';
import type { Answer } from '../answer.ts';
import type { Execute } from '../execute.ts';
import { isPageBehind, listInTiles } from './list-in-tiles.ts';
import { scanListPage, type ScannedPage } from './scan-page.ts';
import { headerValue } from '../object-headers.ts';
import type { ListOptions, ListPage, S3Client, UnorderedPage } from '../s3-client.ts';
import { takeTurn } from '../../turns.ts';

/** A page of 1,000 keys of 1,024 bytes, each byte percent-encoded, with room for the rest. */
const MAXIMUM_PAGE_BYTES = 16 * 1024 * 1024;

interface ReadPage {
  readonly page: ScannedPage;
  readonly answer: Answer;
}

/**
 * Listing by pages. Keys are asked for url-encoded, because XML cannot carry every character and some servers (MinIO)
 * drop what it cannot.
 *
 * LocalStack (4.14) is the exception: with encoding-type=url it sorts by plain keys and compares encoded ones, so a
 * listing of several pages loses records; and it answers 500 to a token that holds a key beyond ASCII. It names itself
 * in a header; from then on keys are asked for plain and pages by start-after, which it does right.
 */
export function createListing(
  execute: Execute,
): Pick<S3Client, 'listObjectsV2' | 'listAllObjects' | 'listAllObjectsAtOnce'> {
  let isLocalStack = false;

  async function requestPage(bucket: string, options: ListOptions): Promise<Answer> {
    const answer = await sendList(execute, bucket, options, !isLocalStack);
    if (isLocalStack || headerValue(answer.headers, 'x-localstack') !== 'true') return answer;
    isLocalStack = true;
    return await sendList(execute, bucket, options, false);
  }

  async function readPage(bucket: string, options: ListOptions): Promise<ReadPage> {
    const answer = await requestPage(bucket, options);
    return { page: pageOf(answer), answer };
  }

  /** `first` and all pages behind it, one after the other. */
  async function* pagesFrom(
    bucket: string,
    options: ListOptions,
    first: ReadPage,
  ): AsyncGenerator<ScannedPage, void, undefined> {
    let position: ListOptions = options;
    for (let read = first; ; read = await readPage(bucket, position)) {
      const { page, answer } = read;
      yield page;
      if (!page.truncated) return;
      const token = page.nextContinuationToken;
      const byName = token === null || isLocalStack;
      const next: ListOptions = byName
        ? { ...options, startAfter: lastNameOf(page) }
        : { ...options, continuationToken: token ?? '' };
      // A server that says "more" and brings nothing new would be asked for ever.
      const isStuck = byName
        ? next.startAfter === '' || next.startAfter === position.startAfter
        : token === null || token === position.continuationToken;
      if (isStuck) throw stuck(answer);
      position = next;
    }
  }

  return {
    async listObjectsV2(bucket, options) {
      return (await readPage(bucket, options)).page;
    },

    async *listAllObjects(bucket, options): AsyncGenerator<ListPage, void, undefined> {
      yield* pagesFrom(bucket, options, await readPage(bucket, options));
    },

    async *listAllObjectsAtOnce(bucket, options): AsyncGenerator<UnorderedPage, void, undefined> {
      const { startAfter = '', prefix = '' } = options;
      const first = await readPage(bucket, options);
      let again = first;
      if (isPageBehind(first.page, startAfter)) {
        yield { objects: first.page.objects, mayRepeat: false, startsAgain: false };
        if (!first.page.truncated) return;
        const isWhole = yield* listInTiles(
          prefix,
          first.page,
          async (after, signal) => {
            const answer = await requestPage(bucket, { ...options, signal, startAfter: after });
            return async () => {
              await takeTurn();
              return pageOf(answer);
            };
          },
          options.signal,
        );
        if (isWhole) return;
        again = await readPage(bucket, options);
      }
      let startsAgain = again !== first;
      for await (const { objects } of pagesFrom(bucket, options, again)) {
        yield { objects, mayRepeat: true, startsAgain };
        startsAgain = false;
      }
    },
  };
}

/** Behind every key of a folder, whose own name is no key to start behind: its keys would be rolled up into it once more. */
const BEHIND_FOLDER = '\u{10ffff}';

function lastNameOf({ objects, commonPrefixes }: ScannedPage): string {
  const key = objects.at(-1)?.key ?? '';
  const folder = commonPrefixes.at(-1);
  return folder === undefined || compareUtf8(folder, key) < 0 ? key : folder + BEHIND_FOLDER;
}

function sendList(execute: Execute, bucket: string, options: ListOptions, urlEncoded: boolean): Promise<Answer> {
  const query: [string, string][] = [['list-type', '2']];
  if (urlEncoded) query.push(['encoding-type', 'url']);
  if (options.prefix !== undefined && options.prefix !== '') query.push(['prefix', options.prefix]);
  if (options.delimiter !== undefined && options.delimiter !== '') query.push(['delimiter', options.delimiter]);
  if (options.continuationToken !== undefined) query.push(['continuation-token', options.continuationToken]);
  else if (options.startAfter !== undefined && options.startAfter !== '')
    query.push(['start-after', options.startAfter]);
  if (options.maxKeys !== undefined) query.push(['max-keys', String(options.maxKeys)]);
  return execute(
    { name: 'ListObjectsV2', method: 'GET', bucket, key: null, query, maximumBytes: MAXIMUM_PAGE_BYTES },
    options,
  );
}

function pageOf(answer: Answer): ScannedPage {
  const page = scanListPage(textOf(answer.body));
  if (page === null) throw answer.notS3();
  return page;
}

/** Url-encoded keys leave nothing beyond ASCII in a page, and that is decoded in a fraction of the time of UTF-8. */
function textOf(body: Buffer): string {
  return body.toString(isAscii(body) ? 'latin1' : 'utf8');
}

function stuck(answer: Answer): AppFailure {
  const { detail } = answer.notS3().error;
  return new AppFailure(
    'server-error',
    `${detail?.endpoint ?? 'The server'} repeats a page of the listing of bucket "${detail?.bucket ?? ''}" instead of going on. Its records cannot be listed completely.`,
    detail === undefined ? {} : { detail },
  );
}
