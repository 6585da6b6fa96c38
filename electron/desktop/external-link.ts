import { shell } from 'electron';

/** The one way out of the page: web addresses go to the person's browser, everything else goes nowhere. */
export function openExternalLink(text: string): void {
  if (!URL.canParse(text)) return;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return;
  shell.openExternal(url.href).catch((error: unknown) => {
    process.stderr.write(`dipper: ${url.origin} could not be opened: ${String(error)}\n`);
  });
}
