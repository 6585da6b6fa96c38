// npm run package: builds Dipper and packs it for this system into release/. What follows `--` goes to electron-builder;
// `--dir` makes the program's folder alone. `--test-fuse` packs into release/test/ a program that differs in one fuse: it
// takes a debugger, which Playwright needs.
//
// ELECTRON_OVERRIDE_DIST_PATH, which npm's electron knows as well, packs the Electron of that folder.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder, setUp } from './set-up.mjs';

const TEST_FUSE = '--test-fuse';

export function electronBuilderArguments(given, environment) {
  const own = given.filter((argument) => argument !== TEST_FUSE);
  const electron = environment.ELECTRON_OVERRIDE_DIST_PATH;
  return [
    ...own,
    '--publish=never',
    ...(electron === undefined
      ? []
      : [
          `-c.electronDist=${electron}`,
          `-c.electronVersion=${readFileSync(join(electron, 'version'), 'utf8').trim()}`,
        ]),
    ...(given.includes(TEST_FUSE)
      ? ['-c.directories.output=release/test', '-c.electronFuses.enableNodeCliInspectArguments=true']
      : []),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
  const { build } = await import('./build.mjs');
  await build();
  if (!process.argv.includes(TEST_FUSE)) {
    const { writeSbom } = await import('./sbom.mjs');
    const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
    writeSbom(
      join(projectFolder, 'release'),
      folder === undefined ? undefined : readFileSync(join(folder, 'version'), 'utf8').trim(),
    );
  }
  const builder = join(projectFolder, 'node_modules/electron-builder/cli.js');
  const given = electronBuilderArguments(process.argv.slice(2), process.env);
  const result = spawnSync(process.execPath, [builder, ...given], { cwd: projectFolder, stdio: 'inherit' });
  process.exitCode = result.status ?? 1;
}
