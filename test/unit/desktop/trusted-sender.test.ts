import type { IpcMainInvokeEvent } from 'electron';
import { expect, test } from 'vitest';
import { isTrustedSender } from '../../../electron/desktop/trusted-sender.ts';
import { PAGE_URL } from '../../../electron/desktop/page-url.ts';

function sentBy(frame: { readonly url: string; readonly parent: object | null } | null): boolean {
  // What the check looks at of the event; Electron alone can make a whole one.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return isTrustedSender({ senderFrame: frame } as unknown as IpcMainInvokeEvent);
}

test('only the main frame of our own page may speak to main', () => {
  expect(sentBy({ url: PAGE_URL, parent: null })).toBe(true);
  expect(sentBy({ url: `${PAGE_URL}#without-tabs`, parent: null })).toBe(true);
  expect(sentBy({ url: PAGE_URL, parent: { url: PAGE_URL } })).toBe(false);
  expect(sentBy(null)).toBe(false);
  const others = [
    'app://dipper.evil.example/',
    'app://other/',
    'app:dipper',
    'app://dipper:80/',
    'https://dipper/',
    'file:///app://dipper/',
    'data:text/html,app://dipper/',
    'about:blank',
    'about:srcdoc',
    'blob:app://dipper/1',
    '',
  ];
  expect(others.filter((url) => sentBy({ url, parent: null }))).toEqual([]);
});
