import { protocol, type Session } from 'electron';
import { readPageFile } from '../ipc/page-files.ts';
import { PAGE_HOST, PAGE_SCHEME } from './page-url.ts';

/** Has to be called before Electron is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page and nothing else; every other request of the page is refused. */
export function servePage(session: Session, rendererFolder: string, reportMistake: ReportMistake): void {
  session.protocol.handle(PAGE_SCHEME, async (request) => {
    const url = new URL(request.url);
    if (url.host !== PAGE_HOST || request.method !== 'GET') return new Response(null, { status: 404 });
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
