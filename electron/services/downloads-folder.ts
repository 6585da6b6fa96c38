import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where this user's programs put what is downloaded. On Linux the desktop keeps that in a file, by the user's language. */
export function findDownloadsFolder(environment: NodeJS.ProcessEnv, home = homedir()): string {
  const fallback = join(home, 'Downloads');
  if (process.platform === 'darwin' || process.platform === 'win32') return fallback;
  const settings = join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'user-dirs.dirs');
  const chosen = /^XDG_DOWNLOAD_DIR="(.*)"$/m.exec(readOrEmpty(settings))?.[1]?.replace(/^\$HOME\b/, home);
  return chosen !== undefined && isAbsolute(chosen) ? chosen : fallback;
}

/** A machine without a desktop has no such file. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
