const STORAGE_KEY = 'dipper.token';

/**
 * The browser host's token: from the URL's fragment, which is then removed so that it is in no screenshot, bookmark or
 * history; kept for reloads of this tab only. Empty where there is none: every call then answers how to get one.
 */
export function takeToken(location: Location, storage: Storage): string {
  const fromFragment = new URLSearchParams(location.hash.slice(1)).get('token');
  if (fromFragment !== null && fromFragment !== '') {
    storage.setItem(STORAGE_KEY, fromFragment);
    window.history.replaceState(window.history.state, '', location.pathname + location.search);
    return fromFragment;
  }
  return storage.getItem(STORAGE_KEY) ?? '';
}
