import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalStackStarter } from '../../../electron/services/localstack-program.ts';
import { LOCALSTACK_IMAGE } from '../../../shared/local-server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-localstack-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A command of this name that does what the script says. */
async function install(script: string): Promise<string> {
  const path = join(folder, 'localstack');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** Until its command is over. */
async function startWith(environment: Readonly<Record<string, string>>) {
  let changes = 0;
  let ended: (() => void) | undefined;
  const isOver = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const starter = createLocalStackStarter({ PATH: `${folder}:/usr/bin:/bin`, ...environment }, () => {
    changes += 1;
    if (changes === 2) ended?.();
  });
  await starter.start();
  await isOver;
  return starter.program();
}

test.skipIf(process.platform === 'win32')(
  'the command of PATH brings it up in the background, with the image that needs no account',
  async () => {
    const path = await install('echo "$@ $IMAGE_NAME"; printf "\\033[1mready\\033[0m" >&2; exit 3');
    expect(await startWith({})).toEqual({
      path,
      start: { state: 'ended', exitCode: 3, output: `start --detached --no-banner ${LOCALSTACK_IMAGE}\nready` },
    });
    // Who has an account, or has chosen an image, gets what is theirs.
    expect((await startWith({ LOCALSTACK_AUTH_TOKEN: 'ls-token' })).start?.output).not.toContain(LOCALSTACK_IMAGE);
    expect((await startWith({ IMAGE_NAME: 'localstack/localstack:3' })).start?.output).toContain('localstack:3');
  },
);

test.skipIf(process.platform === 'win32')('only the end of what it prints is kept', async () => {
  await install('i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done');
  const { start } = await startWith({});
  expect(start?.output.length).toBeLessThanOrEqual(4_096);
  expect(start?.output.endsWith('line 2999')).toBe(true);
});

test('where PATH has none, that is said', async () => {
  const starter = createLocalStackStarter({ PATH: folder }, () => undefined);
  expect(await starter.program()).toEqual({ path: null, start: null });
  await expect(starter.start()).rejects.toThrow('There is no localstack command');
});
