import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDipper, type Dipper } from './run-dipper.ts';

const root = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);

let dipper: Dipper;

beforeAll(async () => {
  dipper = await createDipper({});
});

afterAll(() => dipper.remove());

test('the npm package holds the command, its processes and its page, and works where it is installed', async () => {
  const packed = await run(process.execPath, [join(root, 'scripts/package-cli.mjs')], { cwd: root });
  const archive = packed.stdout.trim();
  const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(basename(archive)).toBe(`dipper-cli-${version}.tgz`);

  const listed = (await run('tar', ['-tzf', archive])).stdout.trim().split('\n');
  const named = listed.filter((name) => !/\/(?:chunks|assets)\/[\w.-]+\.(?:js|css|svg)$/.test(name));
  expect(named.toSorted()).toEqual([
    'package/LICENSE',
    'package/README.md',
    'package/dist/node/cli.js',
    'package/dist/node/index-process.js',
    'package/dist/node/licenses.md',
    'package/dist/node/sample-data.ndjson.gz',
    'package/dist/node/sandbox-process.js',
    'package/dist/renderer/index.html',
    'package/dist/renderer/licences.json',
    'package/dist/renderer/licenses.md',
    'package/package.json',
  ]);

  // What the About box shows: each package that is inside, with the text of its licence.
  const licences: readonly { name: string; licence: string; text: string }[] = JSON.parse(
    await readFile(join(root, 'dist/renderer/licences.json'), 'utf8'),
  );
  const names = licences.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['@aws-sdk/client-s3', '@duckdb/node-bindings', 'electron', 'react', 'zod']),
  );
  expect(
    licences.filter(
      ({ licence, text }) => !/^(?:MIT|ISC|Apache-2\.0|BSD-\d-Clause|0BSD)$/.test(licence) || text === '',
    ),
  ).toEqual([]);

  // DuckDB in the version that the package asks for is there already: nothing is fetched.
  const folder = join(dipper.dataFolder, 'installed');
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await cp(join(root, 'node_modules/@duckdb'), join(folder, 'node_modules/@duckdb'), { recursive: true });
  await run('npm', ['install', archive, '--offline', '--no-save', '--no-audit', '--no-fund'], { cwd: folder });

  const installed = join(folder, 'node_modules/.bin/dipper');
  expect(await realpath(installed)).toBe(await realpath(join(folder, 'node_modules/dipper-cli/dist/node/cli.js')));
  expect(await dipper.shell(`${installed} --version`)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  expect(await dipper.shell(`${installed} count s3://samples/cars/ --connection Sandbox --quiet`)).toEqual({
    code: 0,
    stdout: '406\n',
    stderr: '',
  });
  // Without a verb it is the browser host, with the page of the package.
  const page = `exec 3< <(${installed} --browser --no-open 2>/dev/null); read -r -u 3 url; kill -INT $!`;
  expect(await dipper.shell(`${page}; [[ $url == http://127.0.0.1:*/#code=* ]]`)).toMatchObject({ code: 0 });
});
