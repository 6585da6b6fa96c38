// npm run package:cli: release/dipper-cli-VERSION.tgz, the command line and the browser host as an npm package. It holds
// what the build made for Node and the page; of npm it needs DuckDB alone, whose native parts are in no bundle.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, projectFolder, setUp } from './set-up.mjs';

/** What starts by itself; all else in dist/node is the desktop's. */
const ENTRIES = ['cli.js', 'index-process.js', 'sandbox-process.js'];

/** Answers the path of the package. `release` is where it goes. */
export async function packageCli(release = join(projectFolder, 'release')) {
  const { build } = await import('./build.mjs');
  await build();
  const stage = join(release, 'dipper-cli');
  rmSync(stage, { recursive: true, force: true });
  const copy = (path) => {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    copyFileSync(join(projectFolder, path), join(stage, path));
  };
  for (const path of [...reachable(ENTRIES), 'sample-data.ndjson.gz', 'licenses.md']) copy(join('dist/node', path));
  cpSync(join(projectFolder, 'dist/renderer'), join(stage, 'dist/renderer'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
  copy('LICENSE');
  copyFileSync(join(projectFolder, 'docs/command-line.md'), join(stage, 'README.md'));
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(packageManifest(), null, 2)}\n`);
  return pack(stage, release);
}

function packageManifest() {
  const { version, license, type, engines, dependencies } = JSON.parse(
    readFileSync(join(projectFolder, 'package.json'), 'utf8'),
  );
  return {
    name: 'dipper-cli',
    version,
    description: 'The command line and the browser host of Dipper, a record browser for S3 buckets',
    license,
    type,
    bin: { dipper: 'dist/node/cli.js' },
    files: ['dist'],
    engines,
    dependencies,
  };
}

/** The scripts and whatever they import, from dist/node; maps stay behind. */
function reachable(entries) {
  const manifest = JSON.parse(readFileSync(join(projectFolder, 'dist/node/manifest.json'), 'utf8'));
  const chunks = new Map(Object.entries(manifest));
  const found = new Set();
  const visit = ({ file, imports = [], dynamicImports = [] }) => {
    if (found.has(file)) return;
    found.add(file);
    for (const name of [...imports, ...dynamicImports]) {
      // What stays outside the bundle has no chunk.
      const chunk = chunks.get(name);
      if (chunk) visit(chunk);
    }
  };
  for (const chunk of chunks.values()) if (entries.includes(chunk.file)) visit(chunk);
  return [...found];
}

function pack(stage, release) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(
    npm,
    ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', release],
    {
      cwd: stage,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  );
  if (result.error) fail(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) fail(`npm pack failed. ${result.stderr}`);
  const [{ filename }] = JSON.parse(result.stdout);
  rmSync(stage, { recursive: true, force: true });
  return join(release, filename);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
  process.stdout.write(`${await packageCli()}\n`);
}
