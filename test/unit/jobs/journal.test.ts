import { mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JOURNAL_FORMAT, type JobStanding, type JournalHeader } from '../../../electron/engine/jobs/journal/journal.ts';
import { createJournals } from '../../../electron/engine/jobs/journal/journals.ts';
import { readOutcomes } from '../../../electron/engine/jobs/journal/scan-journal.ts';
import type { WriteIntent } from '../../../electron/engine/records/write-intent.ts';
import type { ObjectFacts } from '../../../shared/record.ts';
import type { JobOutcome } from '../../../shared/job.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-journal-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const header: JournalHeader = {
  format: JOURNAL_FORMAT,
  id: 'one',
  work: { kind: 'update', edits: [{ part: 'fields', path: ['a'], text: '"ü"' }] },
  collection: 'c',
  collectionName: 'C',
  place: { connection: 'x', bucket: 'b', prefix: 'p/', codec: 'plain' },
  createdAt: 1,
};

const running: JobStanding = {
  state: 'running',
  startedAt: 2,
  endedAt: null,
  counts: { total: 4, done: 0, unchanged: 0, failed: 0 },
  requests: 0,
  bytes: 0,
  error: null,
  recordsEnd: 0,
};

const FACTS: Omit<ObjectFacts, 'key'> = {
  etag: '"e"',
  size: 0,
  lastModified: null,
  storageClass: 'STANDARD',
  versionId: null,
  contentType: null,
  contentEncoding: null,
  contentLanguage: null,
  contentDisposition: null,
  cacheControl: null,
  expires: null,
  userMetadata: [],
  encryption: null,
  websiteRedirect: null,
};

function intent(index: number, body: string): WriteIntent {
  const key = `p/${String(index)}`;
  return {
    index,
    bucket: 'b',
    key,
    expectation: { etag: '"e"' },
    after: { md5: 'd41d8cd98f00b204e9800998ecf8427e', size: 0 },
    before: { facts: { ...FACTS, key }, body: Buffer.from(body), tags: [] },
  };
}

function outcome(index: number, result: JobOutcome['outcome']): JobOutcome {
  return { index, key: `p/${String(index)}`, outcome: result, etagBefore: '"e"', etagAfter: null, error: null };
}

/** A journal of four records: two finished, one in flight, one not begun. */
async function writeJournal(): Promise<readonly number[]> {
  const journal = await createJournals(folder).create(header, { ...running, state: 'queued' }, false);
  const ends = [journal.file.size];
  const append = async (writing: Promise<void>): Promise<void> => {
    await writing;
    ends.push(journal.file.size);
  };
  await append(journal.writeRecords({ from: 0, keys: ['p/0', 'p/1'], etags: ['"a"', '"b"'] }));
  await append(journal.writeRecords({ from: 2, keys: ['p/2', 'p/3'], etags: ['"c"', '"d"'] }));
  await append(journal.writeStanding({ ...running, recordsEnd: journal.file.size }));
  await append(journal.writeIntents([intent(0, '{"a":1}'), intent(1, 'ü'.repeat(200_000))]));
  await append(journal.writeOutcomes({ requests: 4, bytes: 9, outcomes: [outcome(0, 'done'), outcome(1, 'failed')] }));
  await append(journal.writeIntents([intent(2, '')]));
  await journal.file.close();
  return ends;
}

test('a journal says which records are finished, which were in flight, and what comes next', async () => {
  await writeJournal();
  const journals = createJournals(folder);
  const { journal, scan } = await journals.open('one');
  expect([0, 1, 2, 3].map((index) => scan.finished.has(index))).toEqual([true, true, false, false]);
  expect([...scan.inFlight.keys()]).toEqual([2]);
  expect(scan.standing).toMatchObject({
    requests: 4,
    bytes: 9,
    counts: { total: 4, done: 1, unchanged: 0, failed: 1 },
  });
  const records: unknown[] = [];
  for await (const record of journal.records(scan.standing?.recordsEnd ?? 0)) records.push(record);
  expect(records).toEqual(['a', 'b', 'c', 'd'].map((etag, index) => ({ index, key: `p/${index}`, etag: `"${etag}"` })));
  await journal.file.close();
  expect(await readOutcomesOf('one', 0)).toMatchObject({ outcomes: [{ index: 0 }, { index: 1 }], next: null });
});

async function readOutcomesOf(id: string, most: number): ReturnType<typeof readOutcomes> {
  return createJournals(folder).read(id, (file) => readOutcomes(file, 0, false, most === 0 ? 100 : most));
}

test('a report is read by pages, that of failures without the others', async () => {
  await writeJournal();
  const journals = createJournals(folder);
  await journals.read('one', async (file) => {
    const first = await readOutcomes(file, 0, false, 1);
    expect([first.outcomes.length, first.next === null]).toEqual([1, false]);
    const second = await readOutcomes(file, first.next ?? 0, false, 100);
    expect([second.outcomes.map(({ index }) => index), second.next]).toEqual([[1], null]);
    expect((await readOutcomes(file, 0, true, 100)).outcomes).toMatchObject([{ index: 1, outcome: 'failed' }]);
  });
});

test(
  'wherever a crash cut a journal, or its last write was garbled, what was whole before is kept and written on',
  {
    timeout: 20_000,
  },
  async () => {
    const path = join(folder, 'one.journal');
    const ends = await writeJournal();
    const whole = await readFile(path);
    for (let cut = (ends[0] ?? 0) + 1; cut < whole.length; cut += Math.ceil(whole.length / 29)) {
      await truncate(path, 0);
      await writeFile(path, whole.subarray(0, cut));
      const garbled = cut % 2 === 0;
      if (garbled) await writeFile(path, Buffer.alloc(50, 7), { flag: 'a' });
      const { journal, scan } = await createJournals(folder).open('one');
      const end = ends.findLast((other) => other <= cut);
      expect([cut, scan.end, journal.file.size]).toEqual([cut, end, end]);
      await journal.writeStanding({ ...running, state: 'paused' });
      await journal.file.close();
      const [found] = await createJournals(folder).list(() => expect.unreachable());
      expect(found).toMatchObject({ header, standing: { state: 'paused' } });
    }
  },
);

test('a length that is none, left by a power cut, is not taken for one', async () => {
  const ends = await writeJournal();
  // The length of 4 GiB of a frame of intents.
  await writeFile(join(folder, 'one.journal'), Buffer.from([0xff, 0xff, 0xff, 0xff, 4, ...Buffer.alloc(60)]), {
    flag: 'a',
  });
  expect(await createJournals(folder).list(() => expect.unreachable())).toHaveLength(1);
  const { journal, scan } = await createJournals(folder).open('one');
  expect([scan.end, journal.file.size]).toEqual([ends.at(-1), ends.at(-1)]);
  await journal.file.close();
});

test('what is no journal is left alone and said; half a header is no job', async () => {
  await writeFile(join(folder, 'other.journal'), 'something else');
  await mkdir(join(folder, 'unreadable.journal'));
  await writeJournal();
  await truncate(join(folder, 'one.journal'), 20);
  const unreadable: string[] = [];
  expect(await createJournals(folder).list((path) => unreadable.push(path))).toEqual([]);
  expect(unreadable.toSorted()).toEqual(['one', 'other', 'unreadable'].map((name) => join(folder, `${name}.journal`)));
  const handle = await open(join(folder, 'other.journal'));
  expect(await handle.readFile('utf8')).toBe('something else');
  await handle.close();
});

test('how a job stands is written behind a journal that is not read for it, and behind what is whole of a broken one', async () => {
  const path = join(folder, 'one.journal');
  const ends = await writeJournal();
  const whole = await readFile(path);
  const middle = ends[3] ?? 0;
  // What nobody reads does not show that it is garbled.
  await writeFile(path, Buffer.concat([whole.subarray(0, middle), Buffer.alloc(9), whole.subarray(middle + 9)]));
  const journals = createJournals(folder);
  await journals.writeStanding('one', { ...running, state: 'paused' });
  const added = (await readFile(path)).byteLength - whole.byteLength;
  expect(added).toBeGreaterThan(0);
  expect(added).toBeLessThan(300);

  await writeFile(path, whole.subarray(0, whole.byteLength - 3));
  await journals.writeStanding('one', { ...running, state: 'paused' });
  expect((await readFile(path)).byteLength).toBe((ends.at(-2) ?? 0) + added);
  expect(await journals.list(() => expect.unreachable())).toMatchObject([{ standing: { state: 'paused' } }]);
});
