// electron-builder calls this when a program's folder is laid out, before fuses and signatures.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

// electron-builder takes a hook from the module's default export.
// oxlint-disable-next-line import/no-default-export
export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const resources =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents/Resources')
      : join(appOutDir, 'resources');
  // Electron's welcome page, which loads any folder it is given. An Electron from a folder brings it along.
  await rm(join(resources, 'default_app.asar'), { force: true });
}
