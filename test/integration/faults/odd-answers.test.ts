import { afterEach, describe, expect, test } from 'vitest';
import { ALL_CAPABILITIES } from '../../../electron/engine/s3/capabilities.ts';
import { checksumOf } from '../../../electron/engine/s3/checksum.ts';
import { md5Of } from '../../../electron/engine/s3/etag.ts';
import { editOf, signal } from '../records/record-harness.ts';
import { answer, startOddServer, type Behaviour, type OddServer, type ReceivedRequest } from '../s3/odd-server.ts';
import { all, engineOn, errorOf, type Engine } from './support/fault-world.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serve(behaviour: Behaviour): Promise<{ readonly server: OddServer; readonly engine: Engine }> {
  const server = await startOddServer(behaviour);
  const engine = engineOn({
    endpoint: server.endpoint,
    region: 'us-east-1',
    pathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: null },
    name: 'odd',
    maxWorkers: null,
    capabilities: ALL_CAPABILITIES,
  });
  cleanUps.push(
    () => server.stop(),
    () => engine.client.close(),
  );
  return { server, engine };
}

const BODY = '{"n": 1}';
const ETAG = `"${md5Of(Buffer.from(BODY))}"`;
const object = (headers: Record<string, string> = {}, body = BODY): string =>
  answer('200 OK', { etag: ETAG, 'content-type': 'application/json', ...headers }, body);
const HOTEL = answer('200 OK', { 'content-type': 'text/html' }, '<html>Welcome to the hotel</html>');
const isOf =
  (method: string) =>
  ({ head }: ReceivedRequest) =>
    head.startsWith(`${method} `);
const isWrite = isOf('PUT');

describe('a page of HTML with 200, as a hotel answers whatever is asked', () => {
  test('is no record, no write and no empty bucket: whatever is done ends with what is there', async () => {
    const { server, engine } = await serve(({ head }, socket) =>
      socket.write(head.startsWith('HEAD') ? HOTEL.slice(0, HOTEL.indexOf('<html>')) : HOTEL),
    );
    const { store, batches, client } = engine;
    const target = { key: 'records/a.json', etag: ETAG };
    const ends: readonly (() => Promise<unknown>)[] = [
      () => store.read({ key: target.key }, signal),
      () => store.create({ collection: 'c', id: 'a', record: BODY }, signal),
      () => store.update({ collection: 'c', ...target, change: editOf('n', '2') }, signal),
      () =>
        all(
          batches.create(
            Array.from({ length: 300 }, (_, n) => ({ id: `${n}`, record: BODY })),
            { signal },
          ),
        ),
      () => all(batches.read([target], { signal })),
      () => all(batches.update([{ ...target, change: editOf('n', '2') }], { signal })),
      () => all(batches.delete([target], { signal })),
      () => all(client.listAllObjects('records', {})),
      () => all(client.listAllObjectsAtOnce('records', {})),
    ];
    for (const end of ends) {
      const error = await errorOf(end());
      expect([error.code, error.message]).toEqual(['not-s3', expect.stringContaining(server.endpoint)]);
    }
  });
});

describe('bodies', () => {
  test.each(['read', 'updated'])(
    'that are damaged on their way are asked for again before they are %s',
    async (what) => {
      const { server, engine } = await serve((request, socket, index) => {
        if (isWrite(request)) socket.write(answer('200 OK', { etag: '"2"' }, ''));
        else if (request.head.includes('?tagging')) socket.write(answer('200 OK', {}, '<Tagging><TagSet/></Tagging>'));
        else socket.write(object({}, index < 2 ? `{"n": ${index + 7}}` : BODY));
      });
      const target = { key: 'records/a.json', etag: ETAG };
      if (what === 'read') {
        const [outcome] = await all(engine.batches.read([target], { signal }));
        expect(Buffer.from(outcome?.found?.body ?? []).toString()).toBe(BODY);
      } else {
        await engine.store.update({ collection: 'c', ...target, change: editOf('more', 'true') }, signal);
        expect(server.requests.find(isWrite)?.body).toContain('"n": 1');
      }
      expect(server.requests.filter(({ head }) => /^GET \S+a.json /.test(head))).toHaveLength(3);
    },
  );

  test('that are damaged another way each time are not taken', async () => {
    const { server, engine } = await serve((_, socket, index) => socket.write(object({}, `{"n": ${index + 7}}`)));
    const error = await errorOf(engine.client.getObject('records', 'a.json', {}));
    expect([error.code, error.retryable, server.requests.length]).toEqual(['connection-lost', true, 3]);
    expect(error.message).toContain('"a.json" in bucket "records" arrived damaged');
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'whose ETag says nothing of them are compared with their checksum (%s), which is asked for where that is so',
    async (algorithm) => {
      const sum = checksumOf(Buffer.from(BODY), algorithm);
      const { server, engine } = await serve(({ head }, socket, index) => {
        const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
        const headers = { etag: '"of two parts-2"', ...(head.includes('x-amz-checksum-mode') ? { [name]: sum } : {}) };
        socket.write(object(headers, index === 1 ? BODY.replace('1', '7') : BODY));
      });
      for (let time = 0; time < 2; time += 1) {
        const { body } = await engine.client.getObject('records', 'a.json', {});
        expect(Buffer.from(body).toString()).toBe(BODY);
      }
      const asked = server.requests.map(({ head }) => /x-amz-checksum-mode: enabled/i.test(head));
      expect(asked).toEqual([false, true, true]);
      await engine.client.getObject('records', 'a.json', { range: 'bytes=0-3' });
      expect(server.requests.at(-1)?.head).not.toContain('x-amz-checksum-mode');
    },
  );

  test('that never fit their checksum are not taken, also where they come the same each time', async () => {
    const headers = { etag: '"of two parts-2"', 'x-amz-checksum-crc32': checksumOf(Buffer.from('{}'), 'CRC32') };
    const { server, engine } = await serve((_, socket) => socket.write(object(headers)));
    const error = await errorOf(engine.client.getObject('records', 'a.json', {}));
    expect([error.code, server.requests.length]).toEqual(['connection-lost', 3]);
  });

  test('whose ETag is their MD5 are read without another header', async () => {
    const { server, engine } = await serve((_, socket) => socket.write(object()));
    for (let time = 0; time < 2; time += 1) await engine.client.getObject('records', 'a.json', {});
    expect(server.requests.filter(({ head }) => head.includes('checksum'))).toEqual([]);
  });

  test('that come the same twice are what is there: the ETag is another sum', async () => {
    const { server, engine } = await serve((_, socket) => socket.write(object({}, '{"n": 2}')));
    const { body } = await engine.client.getObject('records', 'a.json', {});
    expect([Buffer.from(body).toString(), server.requests.length]).toEqual(['{"n": 2}', 2]);
  });
});

describe('HTTP', () => {
  const READ = { key: 'records/a.json' };

  test.each<[string, (text: string) => string, boolean]>([
    [
      'of version 1.0, without a length',
      (text) => text.replace('HTTP/1.1', 'HTTP/1.0').replace(/content-length.*\r\n/, ''),
      true,
    ],
    ['that says first that it is at work', (text) => `HTTP/1.1 102 Processing\r\n\r\n${text}`, false],
    ['that goes on with 100 though nobody asked', (text) => `HTTP/1.1 100 Continue\r\n\r\n${text}`, false],
    ['that closes after each answer', (text) => text.replace('etag', 'connection: close\r\netag'), true],
    ['that closes after each answer and does not say so', (text) => text, true],
  ])('%s is understood', async (_, said, closes) => {
    const { server, engine } = await serve((request, socket) => {
      const text = said(isWrite(request) ? answer('200 OK', { etag: ETAG }, '') : object());
      if (closes) socket.end(text);
      else socket.write(text);
    });
    const records = Array.from({ length: 50 }, (__, n) => ({ id: `${n}`, record: BODY }));
    const created = await all(engine.batches.create(records, { signal }));
    expect(created.filter(({ outcome, etagAfter }) => outcome !== 'done' || etagAfter !== ETAG)).toEqual([]);
    const read = await all(
      engine.batches.read(
        Array.from(records, () => READ),
        { signal },
      ),
    );
    expect(read.filter(({ found }) => Buffer.from(found?.body ?? []).toString() !== BODY)).toEqual([]);
    expect(server.requests.filter(isWrite)).toHaveLength(records.length);
  });

  test.each(['301 Moved', '302 Found', '307 Temporary Redirect', '308 Permanent Redirect'])(
    'that leads in a circle (%s) is not followed',
    async (status) => {
      const { server, engine } = await serve((request, socket) => {
        const path = request.head.split(' ')[1] ?? '';
        socket.write(answer(status, { location: path }, ''));
      });
      for (const work of [
        () => engine.store.read(READ, signal),
        () => engine.store.create({ collection: 'c', id: 'a', record: BODY }, signal),
        () => all(engine.batches.create([{ id: 'a', record: BODY }], { signal })),
        () => all(engine.client.listAllObjects('records', {})),
      ]) {
        const { code, message } = await errorOf(work());
        expect([code, message]).toEqual(['not-s3', expect.stringContaining(server.endpoint)]);
      }
      expect(server.requests.length).toBeLessThan(10);
    },
  );

  test('with more in an answer than its length says does not reach the next request', async () => {
    const { engine } = await serve((request, socket) => {
      socket.write(`${isWrite(request) ? answer('200 OK', { etag: ETAG }, '') : object()}and more`);
    });
    const records = Array.from({ length: 50 }, (_, n) => ({ id: `${n}`, record: BODY }));
    const created = await all(engine.batches.create(records, { signal }));
    expect(created.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  });
});

describe('a server that asks to come back in an hour', () => {
  test.each([
    ['503 Slow Down', '<Error><Code>SlowDown</Code></Error>'],
    ['429 Too Many Requests', ''],
  ])('is not waited for (%s), neither by a click nor by a batch', async (status, body) => {
    const { server, engine } = await serve((_, socket) =>
      socket.write(answer(status, { 'retry-after': '3600' }, body)),
    );
    const records = Array.from({ length: 300 }, (_, n) => ({ id: `${n}`, record: BODY }));
    for (const work of [
      () => engine.store.create({ collection: 'c', id: 'a', record: BODY }, signal),
      () => all(engine.batches.create(records, { signal })),
      () => all(engine.client.listAllObjectsAtOnce('records', { lane: 'bulk' })),
    ]) {
      const { code, message, retryable } = await errorOf(work());
      expect([code, retryable, message]).toEqual(['throttled', true, expect.stringContaining('in 60 minutes')]);
    }
    expect(server.requests.length).toBeLessThan(records.length);
  });
});
