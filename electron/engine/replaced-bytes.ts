import { bytesOf, type SizeCount } from '../../shared/class-offer.ts';
import { KEPT_UNASKED } from '../../shared/plan.ts';
import type { PlannedTask } from '../../shared/planned-job.ts';
import type { Indexes, IndexSource } from './index/collection-index.ts';

export interface ReplacedQuestion {
  readonly indexes: Pick<Indexes, 'isRead' | 'objectSizes' | 'listRecords'>;
  readonly task: PlannedTask;
  /** Of its records; null where nobody knows them. */
  readonly sizes: readonly SizeCount[] | null;
  /** Where the task writes to, and where its records are. */
  readonly there: IndexSource;
  readonly here: IndexSource;
}

/** Keys that are looked up at once. */
const KEYS = 5_000;

/**
 * Bytes of what a task writes over, as far as the index of the place knows it; as many as are written where that index was
 * never made. Null where nobody knows either. Sends no request.
 */
export async function replacedBytes(question: ReplacedQuestion, signal: AbortSignal): Promise<number | null> {
  const { indexes, task, sizes, there } = question;
  if (task.replaces !== true) return task.replaces ?? null;
  const asMany = sizes === null ? null : bytesOf(sizes);
  if (!(await indexes.isRead(there))) return asMany;
  const all = await indexes.objectSizes(there, null, signal);
  const most = bytesOf(all);
  // Nobody is asked for that little; to look up a million keys takes seconds.
  if (most <= KEPT_UNASKED) return most;
  if (task.kind === 'import') return meanOf(all) * task.records;
  const pages = keysOf(question);
  if (pages === null) return asMany;
  let bytes = 0;
  for await (const keys of pages) bytes += bytesOf(await indexes.objectSizes(there, keys, signal));
  return bytes;
}

/** The rows of an import are not read for it: their objects are taken to be as large as the others. */
function meanOf(all: readonly SizeCount[]): number {
  const objects = all.reduce((sum, size) => sum + size.objects, 0);
  return objects === 0 ? 0 : bytesOf(all) / objects;
}

/** Where copies of the records go, by pages; null where nobody says which records they are. */
function keysOf({ indexes, task, there, here }: ReplacedQuestion): AsyncGenerator<readonly string[]> | null {
  const placed = (key: string): string => there.prefix + key.slice(here.prefix.length);
  const { of } = task;
  if (of?.of === 'keys') return inPages(of.keys.map(placed));
  if (of?.of !== 'result' || of.ranges !== null) return null;
  return mapPages(indexes.listRecords(of.result, task.collection), placed);
}

async function* inPages(keys: readonly string[]): AsyncGenerator<readonly string[], void, undefined> {
  for (let from = 0; from < keys.length; from += KEYS) yield keys.slice(from, from + KEYS);
}

async function* mapPages(
  pages: AsyncIterable<{ readonly keys: readonly string[] }>,
  placed: (key: string) => string,
): AsyncGenerator<readonly string[], void, undefined> {
  for await (const { keys } of pages) yield keys.map(placed);
}
