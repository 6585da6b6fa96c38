import { app, type Session, type WebContents } from 'electron';
import { openExternalLink } from './external-link.ts';
import { isPageUrl, PAGE_URL } from './page-url.ts';

/** Navigation, new windows and permissions are denied, for every contents that will ever be made. */
export function restrictPages(): void {
  app.on('web-contents-created', (_event, contents) => restrict(contents));
}

function restrict(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    openExternalLink(url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => {
    // A reload of the page by itself comes here too.
    if (event.url === PAGE_URL || event.url === contents.getURL()) return;
    event.preventDefault();
    if (!isPageUrl(event.url)) openExternalLink(event.url);
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Copying is the one thing asked of the system: a page that may not write the clipboard cannot copy rows. */
const ALLOWED = 'clipboard-sanitized-write';

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permission === ALLOWED && isPageUrl(contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => permission === ALLOWED && isPageUrl(origin));
  session.setDevicePermissionHandler(() => false);
}
