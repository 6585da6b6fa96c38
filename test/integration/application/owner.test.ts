import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCaller } from '../../../electron/ipc/caller.ts';
import { becomeOwnerOrConnect, type OwnedFolder, type VisitedFolder } from '../../../electron/ipc/owner.ts';
import type { Engine } from '../../../electron/engine/engine.ts';
import { startTestServer, testCollection, testConnection, type TestServer } from '../../unit/ipc/test-server.ts';

let folder: string;
let servers: TestServer[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-owner-'));
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.end();
  await rm(folder, { recursive: true, force: true });
});

async function application(engine: Partial<Engine> = {}): Promise<TestServer> {
  const started = await startTestServer(engine);
  servers.push(started);
  await started.store.connections.put(testConnection);
  await started.store.collections.put(testCollection);
  return started;
}

function asOwner(folderRole: OwnedFolder | VisitedFolder): OwnedFolder {
  if (folderRole.role !== 'owner') throw new Error('this one should own the folder');
  return folderRole;
}

function asGuest(folderRole: OwnedFolder | VisitedFolder): VisitedFolder {
  if (folderRole.role !== 'guest') throw new Error('somebody else should own the folder');
  return folderRole;
}

/** As a command does: whoever comes meanwhile waits for its door. */
async function start(): Promise<OwnedFolder | VisitedFolder> {
  const role = await becomeOwnerOrConnect(folder, 'command-line');
  if (role.role === 'owner') role.serve((await application()).server);
  return role;
}

const nothingToClose = (): Promise<void> => Promise.resolve();

test('of eight commands that start at once one opens the folder, and all of them are answered', async () => {
  const started = await Promise.all(Array.from({ length: 8 }, start));
  const owners = started.filter((role) => role.role === 'owner');
  expect(owners).toHaveLength(1);
  const guests = started.filter((role) => role.role === 'guest');
  const answers = guests.map((guest) => createCaller(guest.door).call('collections:list', {}));
  expect((await Promise.all(answers)).map((collections) => collections[0]?.id)).toEqual(Array(7).fill('movies'));
  for (const guest of guests) guest.leave();
  await owners[0]?.release(nothingToClose);
});

test('a dead owner is followed, whether it was killed or left half a file', async () => {
  const run = join(folder, 'run');
  await mkdir(run, { recursive: true });
  const socket = join(run, 'killed.sock');
  const program = `require('node:net').createServer().listen(${JSON.stringify(socket)}, () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await stat(socket);
  await writeFile(join(run, 'owner-7.json'), JSON.stringify({ socket, token: 'x', processId: child.pid }));

  const second = asOwner(await becomeOwnerOrConnect(folder, 'desktop'));
  expect((await readdir(run)).filter((name) => name.endsWith('.json'))).toEqual(['owner-8.json']);
  await expect(stat(socket)).rejects.toThrow('ENOENT');
  await second.release(nothingToClose);

  await writeFile(join(run, 'owner-9.json'), '{"socket": "/half');
  const third = asOwner(await becomeOwnerOrConnect(folder, 'desktop'));
  expect((await readdir(run)).filter((name) => name.endsWith('.json'))).toEqual(['owner-10.json']);
  await third.release(nothingToClose);
});

test('who comes while an owner cannot open the folder tries it, and finds out why', async () => {
  const first = asOwner(await becomeOwnerOrConnect(folder, 'command-line'));
  let isWelcome = false;
  const second = becomeOwnerOrConnect(folder, 'command-line').finally(() => {
    isWelcome = true;
  });
  // A connection that is closed by the owner for its wrong token was made behind the second one's.
  const [file = ''] = (await readdir(join(folder, 'run'))).filter((name) => name.endsWith('.sock'));
  const stranger = createConnection(join(folder, 'run', file));
  stranger.write('{"hello":"no","shell":"desktop"}\n');
  await once(stranger, 'close');
  expect(isWelcome).toBe(false);
  await first.abandon();
  await asOwner(await second).release(nothingToClose);
});

test('a second start learns who owns the folder and where its page is', async () => {
  const owner = asOwner(await becomeOwnerOrConnect(folder, 'browser'));
  owner.announce(() => 'http://127.0.0.1:1234/#code=abc');
  owner.serve((await application()).server);
  const guest = asGuest(await becomeOwnerOrConnect(folder, 'browser'));
  expect(guest.owner).toEqual({
    shell: 'browser',
    processId: process.pid,
    url: 'http://127.0.0.1:1234/#code=abc',
  });
  guest.leave();
  await owner.release(nothingToClose);
});

test('a guest that leaves, and an owner that ends, cut off what is under way; then the next one owns the folder', async () => {
  const asked: AbortSignal[] = [];
  const { server } = await application({
    listBuckets: async (_connection, signal) => {
      asked.push(signal);
      await once(signal, 'abort');
      throw signal.reason;
    },
  });
  const owner = asOwner(await becomeOwnerOrConnect(folder, 'desktop'));
  owner.serve(server);
  const listing = async (): Promise<{ guest: VisitedFolder; outcome: Promise<unknown> }> => {
    const guest = asGuest(await becomeOwnerOrConnect(folder, 'command-line'));
    const caller = createCaller(guest.door);
    // The answer to a second call shows that the first one has reached the owner.
    const outcome = caller.call('buckets:list', { connection: 'minio' }).catch((error: unknown) => error);
    await caller.call('application:state', {});
    return { guest, outcome };
  };

  const leaving = await listing();
  leaving.guest.leave();
  expect(await leaving.outcome).toMatchObject({ error: { code: 'aborted' } });

  const cutOff = await listing();
  const order: string[] = [];
  const waiting = becomeOwnerOrConnect(folder, 'desktop');
  const first = asGuest(await waiting);
  first.leave();
  await owner.release(async () => {
    await server.close();
    order.push('closed');
  });
  expect(await cutOff.outcome).toMatchObject({ error: { code: 'connection-lost', retryable: true } });
  expect(asked.every((signal) => signal.aborted)).toBe(true);
  const next = asOwner(await becomeOwnerOrConnect(folder, 'desktop'));
  order.push('next');
  expect(order).toEqual(['closed', 'next']);
  await next.release(nothingToClose);
});

test('a command waits for the commands that work through it, and a window waits for the command', async () => {
  const { server } = await application();
  const command = asOwner(await becomeOwnerOrConnect(folder, 'command-line'));
  command.serve(server);
  const guest = asGuest(await becomeOwnerOrConnect(folder, 'command-line'));
  const caller = createCaller(guest.door);
  const order: string[] = [];
  const window = becomeOwnerOrConnect(folder, 'desktop').then((role) => {
    order.push('window owns');
    return asOwner(role);
  });
  const released = command.release(() => {
    order.push('command closed');
    return Promise.resolve();
  });
  expect(await caller.call('settings:read', {})).toMatchObject({ theme: 'system' });
  order.push('guest answered');
  guest.leave();
  await released;
  await (await window).release(nothingToClose);
  expect(order).toEqual(['guest answered', 'command closed', 'window owns']);
});

test('who does not know the token of the folder is not served', async () => {
  const { server } = await application();
  const owner = asOwner(await becomeOwnerOrConnect(folder, 'desktop'));
  owner.serve(server);
  const name = (await readdir(join(folder, 'run'))).find((file) => file.endsWith('.sock'));
  const path = join(folder, 'run', name ?? '');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  for (const line of [
    '{"hello":"guess","shell":"desktop"}',
    '{"call":"1","channel":"settings:read","args":{}}',
    'GET /',
  ]) {
    const socket = createConnection(path);
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.write(`${line}\n`);
    await Promise.race([once(socket, 'close'), once(socket, 'data')]);
    socket.destroy();
    expect(heard).toBe('');
  }
  await owner.release(nothingToClose);
});

test('a data folder with a path too long for a socket works all the same', async () => {
  const long = join(folder, 'x'.repeat(120));
  const owner = asOwner(await becomeOwnerOrConnect(long, 'desktop'));
  owner.serve((await application()).server);
  const guest = asGuest(await becomeOwnerOrConnect(long, 'command-line'));
  guest.leave();
  await owner.release(nothingToClose);
});
