import { AppFailure } from '../../../shared/result.ts';
import type { Answer, Execute } from './execute.ts';
import { scanListPage, type ScannedPage } from './list-scanner.ts';
import type { ListOptions, ListPage } from './s3-client.ts';

/** A page of 1,000 keys of 1,024 bytes, each byte percent-encoded, with room for the rest. */
const MAXIMUM_PAGE_BYTES = 16 * 1024 * 1024;

export async function listObjectsV2(execute: Execute, bucket: string, options: ListOptions): Promise<ListPage> {
  const { page } = await readPage(execute, bucket, options);
  return {
    objects: page.objects,
    commonPrefixes: page.commonPrefixes,
    nextContinuationToken: page.nextContinuationToken,
  };
}

/**
 * Follows continuation tokens. Where a server cannot read its own token back (LocalStack 4.14 answers 500 when it holds
 * a key beyond ASCII) or forgets to send one, the listing goes on behind the last name with `start-after`.
 */
export async function* listAllObjects(
  execute: Execute,
  bucket: string,
  options: ListOptions,
): AsyncGenerator<ListPage, void, undefined> {
  let position: ListOptions = options;
  let lastName: string | null = null;
  let byName = false;
  for (;;) {
    let read: { page: ScannedPage; answer: Answer };
    try {
      read = await readPage(execute, bucket, position);
    } catch (error) {
      const tokenRefused = error instanceof AppFailure && error.error.code === 'server-error';
      // A common prefix is no key to start behind: its keys would be rolled up into it once more.
      const mayGoByName = !byName && options.delimiter === undefined && position.continuationToken !== undefined;
      if (!tokenRefused || !mayGoByName || lastName === null) throw error;
      byName = true;
      position = behind(options, lastName);
      continue;
    }
    const { page, answer } = read;
    yield page;
    if (!page.truncated) return;
    const last = page.objects.at(-1)?.key ?? null;
    const token = page.nextContinuationToken;
    // A truncated page that brings nothing new would be asked for for ever.
    const stuck = token !== null && !byName ? token === position.continuationToken : last === null || last === lastName;
    if (stuck) throw answer.notS3();
    lastName = last ?? lastName;
    if (token !== null && !byName) position = { ...options, continuationToken: token };
    else if (lastName === null || options.delimiter !== undefined) throw answer.notS3();
    else position = behind(options, lastName);
  }
}

async function readPage(
  execute: Execute,
  bucket: string,
  options: ListOptions,
): Promise<{ page: ScannedPage; answer: Answer }> {
  const query: [string, string][] = [
    ['list-type', '2'],
    ['encoding-type', 'url'],
  ];
  if (options.prefix !== undefined && options.prefix !== '') query.push(['prefix', options.prefix]);
  if (options.delimiter !== undefined && options.delimiter !== '') query.push(['delimiter', options.delimiter]);
  if (options.continuationToken !== undefined) query.push(['continuation-token', options.continuationToken]);
  else if (options.startAfter !== undefined && options.startAfter !== '')
    query.push(['start-after', options.startAfter]);
  if (options.maxKeys !== undefined) query.push(['max-keys', String(options.maxKeys)]);
  const answer = await execute(
    { name: 'ListObjectsV2', method: 'GET', bucket, key: null, query, maximumBytes: MAXIMUM_PAGE_BYTES },
    options,
  );
  const page = scanListPage(answer.body.toString('utf8'));
  if (page === null) throw answer.notS3();
  return { page, answer };
}

function behind(options: ListOptions, name: string): ListOptions {
  const { continuationToken: _, ...rest } = options;
  return { ...rest, startAfter: name };
}
