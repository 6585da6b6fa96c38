import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A download that has brought nothing new for so long is given up. */
const STALL_MILLISECONDS = 10_000;

/** Either the executable to start, or why there can be no desktop window, as the middle of a sentence. */
export type ElectronRuntime = { readonly executable: string } | { readonly reason: string };

/**
 * Decides whether the desktop window can open on this machine and gets Electron's runtime where it is missing.
 * `packageFolder` is the folder of npm's `electron` package, which downloads its runtime on first use.
 */
export async function findElectron(packageFolder: string, environment: NodeJS.ProcessEnv): Promise<ElectronRuntime> {
  const obstacle = desktopObstacle(environment);
  if (obstacle !== null) return { reason: obstacle };
  if (!existsSync(packageFolder)) return { reason: 'Electron is not installed' };
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  const pathFile = join(packageFolder, 'path.txt');
  if (override === undefined && !existsSync(pathFile) && !(await download(packageFolder))) {
    return { reason: "Electron's runtime could not be downloaded" };
  }
  const relative = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const executable = join(override ?? join(packageFolder, 'dist'), relative);
  return existsSync(executable) ? { executable } : { reason: "Electron's runtime is not where it should be" };
}

function desktopObstacle(environment: NodeJS.ProcessEnv): string | null {
  if (process.platform !== 'linux') return null;
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return 'there is no display';
  // Electron's sandbox is not switched off behind a person's back; without it there is no window.
  if (process.getuid?.() === 0) return "Electron's sandbox does not run as root";
  if (!userNamespacesAllowed()) return "this system blocks the user namespaces that Electron's sandbox needs";
  return null;
}

function userNamespacesAllowed(): boolean {
  // Asking the kernel is surer than reading settings: AppArmor, sysctl and containers each have their own way to say no.
  const result = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' });
  return result.error !== undefined || result.status === 0;
}

/** The download's temporary folder is ours, so that its progress can be seen. */
async function download(packageFolder: string): Promise<boolean> {
  process.stderr.write("Getting Electron's runtime (once)\n");
  const temporary = mkdtempSync(join(tmpdir(), 'dipper-electron-'));
  const child = spawn(process.execPath, [join(packageFolder, 'install.js')], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
  });
  let bytes = 0;
  let lastProgress = Date.now();
  const watch = setInterval(() => {
    const now = sizeOf(temporary) + sizeOf(join(packageFolder, 'dist'));
    if (now !== bytes) lastProgress = Date.now();
    bytes = now;
    if (Date.now() - lastProgress > STALL_MILLISECONDS) child.kill('SIGKILL');
  }, 500);
  const status = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code));
  });
  clearInterval(watch);
  rmSync(temporary, { recursive: true, force: true });
  return status === 0;
}

function sizeOf(path: string): number {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 0;
  if (!entry.isDirectory()) return entry.size;
  try {
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
  } catch (error) {
    // Folders of a running download come and go.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
