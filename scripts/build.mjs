// Builds dist/: the page, what runs in Node, the preload script and the sandbox's sample records. Each part has a stamp of
// its inputs, so that a second start builds nothing.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder, setUp } from './set-up.mjs';

const parts = [
  {
    name: 'renderer',
    inputs: ['renderer', 'shared', 'build/icon-small.svg', 'vite.config.ts'],
    output: 'dist/renderer/index.html',
    build: () => bundle('vite.config.ts'),
  },
  {
    name: 'node',
    inputs: ['electron', 'shared', 'package.json', 'vite.node.config.ts'],
    output: 'dist/node/cli.js',
    build: async () => {
      rmSync(join(projectFolder, 'dist/node/chunks'), { recursive: true, force: true });
      await bundle('vite.node.config.ts');
      chmodSync(join(projectFolder, 'dist/node/cli.js'), 0o755);
    },
  },
  {
    name: 'preload',
    inputs: ['electron/preload.ts', 'shared', 'vite.preload.config.ts'],
    output: 'dist/node/preload.cjs',
    build: () => bundle('vite.preload.config.ts'),
  },
  {
    name: 'licences',
    inputs: ['scripts/licences.mjs', 'dist/renderer/licenses.md', 'dist/node/licenses.md'],
    output: 'dist/renderer/licences.json',
    build: async () => {
      const { writeLicences } = await import('./licences.mjs');
      writeLicences();
    },
  },
  {
    name: 'icon',
    inputs: ['build/icons/256x256.png'],
    output: 'dist/node/icon.png',
    build: () => copyFile(join(projectFolder, 'build/icons/256x256.png'), join(projectFolder, 'dist/node/icon.png')),
  },
  {
    name: 'sample-data',
    inputs: ['scripts/sample-data.mjs'],
    output: 'dist/node/sample-data.ndjson.gz',
    build: async () => {
      const { writeSampleData } = await import('./sample-data.mjs');
      await writeSampleData(join(projectFolder, 'dist/node/sample-data.ndjson.gz'));
    },
  },
];

export async function build() {
  // The paths in vite's configurations are relative to the project.
  process.chdir(projectFolder);
  const lock = readFileSync(join(projectFolder, 'package-lock.json'));
  for (const part of parts) {
    const stampFile = join(projectFolder, 'dist', `.stamp-${part.name}`);
    const stamp = stampOf(part.inputs, lock);
    const fresh =
      existsSync(join(projectFolder, part.output)) &&
      existsSync(stampFile) &&
      readFileSync(stampFile, 'utf8') === stamp;
    if (fresh) continue;
    process.stderr.write(`Building ${part.name}\n`);
    rmSync(stampFile, { force: true });
    await part.build();
    mkdirSync(join(projectFolder, 'dist'), { recursive: true });
    writeFileSync(stampFile, stamp);
  }
}

async function bundle(configFile) {
  // From a person's shell or a test run it may be another, and the page would be React's slow one with this folder's path in it.
  process.env.NODE_ENV = 'production';
  // Imported here: before set-up has run there may be no vite.
  const vite = await import('vite');
  await vite.build({ configFile, logLevel: 'warn' });
}

function stampOf(inputs, lock) {
  const hash = createHash('sha256').update(lock);
  for (const input of inputs) addToHash(hash, input);
  return hash.digest('hex');
}

function addToHash(hash, path) {
  const full = join(projectFolder, path);
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).toSorted()) addToHash(hash, `${path}/${name}`);
  } else {
    hash.update(path).update('\0').update(readFileSync(full)).update('\0');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
  await build();
}
