import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { BRIDGE_NAME } from '../../shared/bridge.ts';
import { IPC_CHANNELS } from '../../shared/ipc-channels.ts';
import { listen } from '../integration/support/listen.ts';
import { startTestSandbox } from '../integration/support/sandbox.ts';
import { addCollection, callAsPage } from './support/contract.ts';
import { SHELLS, type OpenDipper } from './support/shells.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const [browser, desktop] = ['browser', 'Electron'].map((name) => SHELLS.filter((shell) => shell.name === name));

describe.each(desktop ?? [])("the page in Dipper's own window", ({ open, available }) => {
  test.runIf(available)('gets nothing of the system, goes nowhere and opens nothing, whatever it does', async () => {
    const dipper = await open();
    cleanUps.push(() => dipper.close());
    const { page } = dipper;
    const app = electronOf(dipper);
    const elsewhere = await startServer();
    await page.getByRole('grid').waitFor();
    await watchLinks(app);

    expect(await preferencesOf(app)).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    });
    expect(await page.evaluate(reach, BRIDGE_NAME)).toEqual({
      globals: [],
      bridge: ['cancel', 'dragOut', 'giveFile', 'invoke', 'menuBar', 'subscribe'],
      evaluated: 'EvalError',
      inlineScript: false,
      webview: false,
    });

    // Out of the page's origin there is nothing: by the policy, and by main where that should fail.
    const foreign = `${elsewhere.origin}/asked`;
    expect(await page.evaluate(load, foreign)).toEqual({
      fetched: 'TypeError',
      image: 'error',
      blocked: ['connect-src', 'frame-src', 'img-src'],
    });
    expect(
      await app.evaluate(
        ({ session }, url) => session.defaultSession.fetch(url).then(String, (error: unknown) => String(error)),
        foreign,
      ),
    ).toContain('ERR_BLOCKED_BY_CLIENT');
    expect(elsewhere.requests()).toBe(0);

    const beside = ['../node/main.js', '..%2fnode%2fmain.js', '%2e%2e/package.json', '//etc/passwd', '%00'];
    expect(await page.evaluate(statuses, beside)).toEqual(beside.map(() => 404));
    expect(await page.evaluate(() => fetch('/', { method: 'POST' }).then(({ status }) => status))).toBe(404);

    expect(await page.evaluate(askPermissions)).toEqual({
      geolocation: 'denied',
      notifications: 'denied',
      camera: 'denied',
      usb: 'refused',
    });

    const address = page.url();
    const opened = await page.evaluate((url) => {
      const places = [
        url,
        'file:///etc/passwd',
        'javascript:alert(1)',
        'app://dipper/',
        'about:blank',
        'data:text/html,x',
      ];
      return places.map((place) => window.open(place) !== null);
    }, foreign);
    expect(opened).toEqual(opened.map(() => false));
    for (const place of [`${elsewhere.origin}/gone`, 'file:///etc/passwd', 'data:text/html,x', 'app://other/']) {
      await page.evaluate((url) => window.location.assign(url), place);
    }
    // The first goes to the person's browser, as does the one that was opened; the rest goes nowhere.
    await expect.poll(() => linksOf(app)).toEqual([foreign, `${elsewhere.origin}/gone`]);
    expect(page.url()).toBe(address);
    expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);

    // A file that is none has no path, and a path is no file.
    expect(await page.evaluate(giveFiles, BRIDGE_NAME)).toEqual([null, null, null]);
    for (const give of [
      callAsPage(page, 'files:give', { path: '/etc/passwd' }),
      callAsPage(page, 'record:download', { collection: 'any', address: { key: 'a' }, path: '/tmp/dipper-out' }),
    ]) {
      await expect(give).rejects.toThrow('is not for a page');
    }

    const refused = { ok: false, error: { code: 'access-denied' } };
    expect(await askFromAnotherPage(app)).toMatchObject({
      call: refused,
      giveFile: refused,
      prepareDrag: refused,
      menu: null,
    });
    expect(elsewhere.requests()).toBe(0);

    expect(await goFromAnotherPage(app, `${elsewhere.origin}/redirect`)).toEqual({
      frames: [],
      redirected: expect.stringMatching(/ERR_(?:ABORTED|FAILED)/),
      webviews: 0,
    });
    expect(elsewhere.requests()).toBe(1);

    // Chromium's own key, which stands in its source, is no keychain.
    const backend = await app.evaluate(({ safeStorage }) => safeStorage.getSelectedStorageBackend?.());
    const { secrets } = await callAsPage(page, 'application:state', {});
    expect([backend, secrets]).toEqual([backend, backend === 'basic_text' ? 'memory' : 'keychain']);
  });
});

describe.each(browser ?? [])('secrets', ({ open }) => {
  test('that were typed, tried and kept are in none of the page, its memory, and the data folder', async () => {
    const server = await startTestSandbox({ buckets: ['people'] });
    cleanUps.push(() => server.stop());
    const environment = {
      AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT',
      AWS_SECRET_ACCESS_KEY: planted(),
      AWS_SESSION_TOKEN: planted(),
    };
    const typed = { wrong: planted(), token: planted(), right: server.secretAccessKey };
    const dipper = await open({ environment });
    cleanUps.push(() => dipper.close());
    const { page, dataFolder } = dipper;
    await page.getByRole('grid').waitFor();

    await page.getByRole('button', { name: 'New connection' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New connection' });
    const type = async (name: string, text: string): Promise<void> => {
      await dialog.getByRole('textbox', { name, exact: true }).click();
      await page.keyboard.press('ControlOrMeta+a');
      // By the keyboard: what a test hands the page by a script is the test's own, and stays in its memory.
      await page.keyboard.insertText(text);
    };
    await dialog.getByRole('radio', { name: 'MinIO' }).click();
    await dialog.getByText('Kept in memory only').waitFor();
    await type('Name', 'Planted');
    await type('Endpoint', server.endpoint);
    await type('Access key', server.accessKeyId);
    await type('Secret key', typed.wrong);
    await type('Session token', typed.token);
    const check = dialog.getByRole('button', { name: 'Test connection' });
    await check.click();
    await dialog
      .getByRole('alert')
      .or(dialog.getByText(/signature/i))
      .first()
      .waitFor();
    await type('Session token', '');
    await type('Secret key', typed.right);
    await dialog.getByRole('button', { name: 'Add connection' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');

    const connection = (await callAsPage(page, 'connections:list', {})).find(({ name }) => name === 'Planted');
    if (connection === undefined) throw new Error('the connection was not kept');
    const collection = await addCollection(page, { connectionId: connection.id, name: 'people', bucket: 'people' });
    await callAsPage(page, 'record:create', { collection: collection.id, id: 'ann', record: '{"age": 30}' });
    await page.getByRole('treeitem', { name: /^people/ }).click();
    await page.getByRole('gridcell', { name: 'ann', exact: true }).dblclick();
    await page.getByRole('tree', { name: 'Fields' }).waitFor();

    // What opens this page stands in no address and in no cookie, which other ports of this machine would be sent too.
    expect([new URL(page.url()).hash, await page.context().cookies()]).toEqual(['', []]);
    const secrets = { ...typed, environment: environment.AWS_SECRET_ACCESS_KEY, its: environment.AWS_SESSION_TOKEN };
    expect(found(secrets, [await memoryOf(page), await page.content(), await storageOf(page)])).toEqual([]);
    expect(found(secrets, await filesBelow(dataFolder))).toEqual([]);
  });
});

function planted(): string {
  return `Planted/${randomBytes(18).toString('base64')}`;
}

function found(secrets: Readonly<Record<string, string>>, texts: readonly string[]): readonly string[] {
  return Object.keys(secrets).filter((name) => texts.some((text) => text.includes(secrets[name] ?? '')));
}

/** All that the page's engine holds, as text. */
async function memoryOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  const text = chunks.join('');
  // It is one that can be searched: what is there is found.
  expect(text).toContain('"people');
  return text;
}

function storageOf(page: Page): Promise<string> {
  return page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, location.href]),
  );
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
}

function electronOf({ app }: OpenDipper): ElectronApplication {
  if (app === null) throw new Error('this shell is no Electron');
  return app;
}

/** A server that nobody should ask. */
async function startServer(): Promise<{ readonly origin: string; readonly requests: () => number }> {
  let requests = 0;
  const server = createServer(({ url }, response) => {
    requests += 1;
    if (url === '/redirect') response.writeHead(302, { location: '/redirected' });
    response.end();
  });
  const { port, close } = await listen(server);
  cleanUps.push(close);
  return { origin: `http://127.0.0.1:${port}`, requests: () => requests };
}

/** What would go to the person's browser is written down instead. */
function watchLinks(app: ElectronApplication): Promise<void> {
  return app.evaluate(({ shell }) => {
    const links: string[] = [];
    Reflect.set(globalThis, 'links', links);
    shell.openExternal = (url) => {
      links.push(url);
      return Promise.resolve();
    };
  });
}

function linksOf(app: ElectronApplication): Promise<unknown> {
  return app.evaluate(() => Reflect.get(globalThis, 'links'));
}

/** As the running page has them. */
function preferencesOf(app: ElectronApplication): Promise<Record<string, unknown>> {
  return app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    // Electron has it, and its types do not.
    const last: () => Record<string, unknown> = Reflect.get(window?.webContents ?? {}, 'getLastWebPreferences');
    const all = last.call(window?.webContents);
    const names = [
      'sandbox',
      'contextIsolation',
      'nodeIntegration',
      'nodeIntegrationInSubFrames',
      'webSecurity',
      'allowRunningInsecureContent',
      'webviewTag',
    ];
    return Object.fromEntries(names.map((name) => [name, all[name]]));
  });
}

async function reach(bridgeName: string): Promise<unknown> {
  // What a debugger evaluates may evaluate: from here on it is the page's own doing.
  await fetch('/');
  const script = document.createElement('script');
  script.textContent = 'window.wasRun = true';
  document.head.append(script);
  script.remove();
  let evaluated = 'ran';
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- whether it may is the question
    Function('return 1')();
  } catch (error) {
    evaluated = error instanceof Error ? error.name : 'something else';
  }
  const bridge: object = Reflect.get(window, bridgeName) ?? {};
  return {
    globals: ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron'].filter(
      (name) => name in window,
    ),
    bridge: Object.keys(bridge).toSorted(),
    evaluated,
    inlineScript: 'wasRun' in window,
    webview: 'getWebContentsId' in document.createElement('webview'),
  };
}

async function load(url: string): Promise<unknown> {
  const blocked = new Set<string>();
  const frameIsBlocked = new Promise<void>((resolve) => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      blocked.add(effectiveDirective);
      if (effectiveDirective === 'frame-src') resolve();
    });
  });
  const fetched = await fetch(url).then(
    () => 'answered',
    (error: unknown) => (error instanceof Error ? error.name : 'something else'),
  );
  const image = await new Promise((resolve) => {
    const picture = new Image();
    picture.addEventListener('load', () => resolve('load'));
    picture.addEventListener('error', () => resolve('error'));
    picture.src = url;
  });
  const inner = document.createElement('iframe');
  inner.src = url;
  document.body.append(inner);
  await frameIsBlocked;
  inner.remove();
  return { fetched, image, blocked: [...blocked].toSorted() };
}

function statuses(paths: readonly string[]): Promise<readonly number[]> {
  return Promise.all(paths.map(async (path) => (await fetch(`app://dipper/${path}`)).status));
}

async function askPermissions(): Promise<unknown> {
  const geolocation = await navigator.permissions.query({ name: 'geolocation' });
  const camera = await navigator.permissions.query({ name: 'camera' });
  const usb: { requestDevice(options: object): Promise<unknown> } | undefined = Reflect.get(navigator, 'usb');
  return {
    geolocation: geolocation.state,
    notifications: await Notification.requestPermission(),
    camera: camera.state,
    usb:
      usb === undefined
        ? 'refused'
        : await usb.requestDevice({ filters: [] }).then(
            () => 'given',
            () => 'refused',
          ),
  };
}

async function giveFiles(bridgeName: string): Promise<readonly unknown[]> {
  const bridge: { giveFile(file: unknown, callId: string): Promise<unknown> } = Reflect.get(window, bridgeName);
  const forged = [new File(['x'], '/etc/passwd'), { path: '/etc/passwd', name: 'passwd' }, '/etc/passwd'];
  return Promise.all(forged.map((file, place) => bridge.giveFile(file, `file-${place}`)));
}

/** A page of somebody else in the same program, with all that Electron can give it: main answers it nothing. */
async function askFromAnotherPage(app: ElectronApplication): Promise<unknown> {
  return app.evaluate(async ({ BrowserWindow, Menu }, channels) => {
    const other = new BrowserWindow({
      show: false,
      webPreferences: { sandbox: false, contextIsolation: false, nodeIntegration: true },
    });
    try {
      await other.loadURL('data:text/html,<title>another</title>');
      const item = { id: 'planted', label: 'Planted', shortcut: null, state: 'enabled', checked: null };
      const ask = `(async () => {
        const { ipcRenderer } = require('electron');
        ipcRenderer.send('${channels.menus}', ${JSON.stringify([{ name: 'File', sections: [[item]] }])});
        return {
          call: await ipcRenderer.invoke('${channels.call}', 'settings:read', {}, 'a'),
          giveFile: await ipcRenderer.invoke('${channels.giveFile}', '/etc/passwd', 'b'),
          prepareDrag: await ipcRenderer.invoke('${channels.prepareDrag}', {}, 'c'),
        };
      })()`;
      const answers: object = await other.webContents.executeJavaScript(ask);
      return { ...answers, menu: Menu.getApplicationMenu()?.getMenuItemById('planted') ?? null };
    } finally {
      other.destroy();
    }
  }, IPC_CHANNELS);
}

/** What the page's policy does not even let it try: a page without one does, in a session that blocks no server. */
async function goFromAnotherPage(app: ElectronApplication, redirect: string): Promise<unknown> {
  return app.evaluate(async ({ BrowserWindow, webContents }, url) => {
    const other = new BrowserWindow({ show: false, webPreferences: { partition: 'another', webviewTag: true } });
    try {
      const inner = encodeURIComponent(
        '<iframe src="data:text/html,inner"></iframe><webview src="data:text/html,guest"></webview>',
      );
      await other.loadURL(`data:text/html,${inner}`);
      const frames = other.webContents.mainFrame.frames
        .map((frame) => frame.url)
        .filter((place) => place.startsWith('data:'));
      const webviews = webContents.getAllWebContents().filter((contents) => contents.getType() === 'webview').length;
      const redirected = await other.loadURL(url).then(() => 'loaded', String);
      return { frames, redirected, webviews };
    } finally {
      other.destroy();
    }
  }, redirect);
}
