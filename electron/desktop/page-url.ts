export const PAGE_SCHEME = 'app';
export const PAGE_HOST = 'dipper';

/** The page has an origin of its own; `file://` would share one with every file of the machine. */
export const PAGE_URL = `${PAGE_SCHEME}://${PAGE_HOST}/`;

export function isPageUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === `${PAGE_SCHEME}:` && url.host === PAGE_HOST;
}
