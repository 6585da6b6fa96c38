import { CODE_HEADER } from '../../shared/bridge.ts';
import type { Result } from '../../shared/result.ts';

const STORAGE_KEY = 'dipper.token';

/**
 * The browser host's token: the one that the code in the URL's fragment stands for, kept for reloads of this tab only. The
 * fragment is then removed, so that it is in no bookmark and no history. Empty where there is none: every call then
 * answers how to get one. Rejects where the host does not answer.
 */
export async function takeToken(location: Location, storage: Storage): Promise<string> {
  // Another address of the same host differs in its fragment alone: a browser loads nothing anew for that by itself.
  window.addEventListener('hashchange', () => location.reload());
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) {
    const response = await fetch('/api/enter', { method: 'POST', headers: { [CODE_HEADER]: code } });
    const result: Result<{ readonly token: string }> = await response.json();
    window.history.replaceState(window.history.state, '', location.pathname + location.search);
    // A code that was used up by this very tab leaves it the token that it has.
    if (result.ok) storage.setItem(STORAGE_KEY, result.value.token);
  }
  return storage.getItem(STORAGE_KEY) ?? '';
}
