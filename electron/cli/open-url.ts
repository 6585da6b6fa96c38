import { spawn } from 'node:child_process';

/** Opens an address in the person's browser, where there is one; false where there is no display to show it on. */
export async function openInBrowser(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const [program, ...parameters] = openerOf(environment);
  if (program === undefined) return false;
  const child = spawn(program, [...parameters, url], { stdio: 'ignore', detached: true });
  return await new Promise<boolean>((resolve) => {
    child.on('error', () => resolve(false));
    child.on('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

function openerOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  if (process.platform === 'darwin') return ['open'];
  // `start` would need a shell, and a shell would read the & of an address.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] ? ['xdg-open'] : [];
}
