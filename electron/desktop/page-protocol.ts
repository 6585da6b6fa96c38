import { protocol, type Session } from 'electron';
import { readPageFile } from '../ipc/page-files.ts';

const SCHEME = 'app';
const HOST = 'dipper';

/** The page has an origin of its own; `file://` would share one with every file of the machine. */
export const PAGE_URL = `${SCHEME}://${HOST}/`;

/** Has to be called before Electron is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page and nothing else; every other request of the page is refused. */
export function servePage(session: Session, rendererFolder: string, reportMistake: ReportMistake): void {
  session.protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url);
    if (url.host !== HOST || request.method !== 'GET') return new Response(null, { status: 404 });
    try {
      const file = await readPageFile(rendererFolder, url.pathname);
      return new Response(new Uint8Array(file.body), { status: file.status, headers: { ...file.headers } });
    } catch (error) {
      reportMistake(request.url, error);
      return new Response(null, { status: 500 });
    }
  });
  // The content security policy says the same; this holds where a page could get around it.
  session.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'] },
    (_details, answer) => answer({ cancel: true }),
  );
}

type ReportMistake = (place: string, error: unknown) => void;

export function isPageUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === `${SCHEME}:` && url.host === HOST;
}
