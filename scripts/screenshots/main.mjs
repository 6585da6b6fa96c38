// Makes the pictures in docs/ from the running app: `node scripts/build.mjs && node scripts/screenshots/main.mjs [SCENE ...]`.
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from '../find-browser.mjs';
import { projectFolder } from '../set-up.mjs';
import { call, collectionOf } from './page.mjs';
import { SCENES } from './scenes.mjs';
import { smallPng } from './small-png.mjs';

const MOVIES = {
  tabs: [{ id: 'movies', collection: 'sample-movies', state: null }],
  activeTab: 'movies',
  panels: null,
};

const dataFolder = mkdtempSync(join(tmpdir(), 'dipper-screenshots-'));
const serve = [join(projectFolder, 'dist/node/cli.js'), 'serve', '--no-open', '--data-dir', dataFolder];
const host = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] });
await once(host.stdout, 'data');
const browser = await chromium.launch({
  executablePath: (await findBrowser()) ?? undefined,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const slow = await startSlowServer();
try {
  const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SCENES);
  let prepared = false;
  for (const colorScheme of ['light', 'dark']) {
    for (const name of chosen) {
      const { sizes, show, leave, folder = 'docs/screens' } = SCENES[name];
      for (const viewport of sizes) {
        const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
        const page = await context.newPage();
        // An address opens one page: each has its own.
        await page.goto(
          execFileSync(process.execPath, serve, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
        );
        await page.getByRole('tree', { name: 'Connections' }).waitFor();
        await page
          .getByRole('status')
          .filter({ hasText: /synced/ })
          .first()
          .waitFor();
        if (!prepared) await prepare(page);
        prepared = true;
        await show(page);
        await page.mouse.move(viewport.width / 2, viewport.height - 4);
        const size = sizes.length === 1 ? '' : `-${viewport.width}`;
        const file = join(projectFolder, folder, `${name}${size}-${colorScheme}.png`);
        mkdirSync(join(projectFolder, folder), { recursive: true });
        writeFileSync(file, smallPng(await pixelsOf(context, await page.screenshot())));
        process.stderr.write(`${file}\n`);
        await leave?.(page);
        // A new window begins with what the last one showed.
        await call(page, 'workspace:save', { window: randomUUID(), workspace: MOVIES });
        await context.close();
      }
    }
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser.close();
  slow.close();
  slow.closeAllConnections();
  const ended = once(host, 'exit');
  host.kill('SIGTERM');
  await ended;
  rmSync(dataFolder, { recursive: true, force: true });
}

/** Connections beside the sandbox: one that is slow, one where nobody listens. */
async function prepare(page) {
  const { accessKeyId, secretAccessKey } = sandboxSettings();
  const lab = {
    id: 'lab',
    name: 'LocalStack lab',
    environment: 'test',
    endpoint: `http://127.0.0.1:${slow.address().port}`,
  };
  const archive = { id: 'archive', name: 'Archive', environment: 'production', endpoint: 'http://127.0.0.1:9' };
  for (const given of [lab, archive]) {
    await call(page, 'connections:save', {
      connection: {
        kind: 'custom',
        region: 'us-east-1',
        pathStyle: true,
        credentials: { source: 'keys', accessKeyId },
        readOnly: false,
        maxWorkers: null,
        ...given,
      },
      secret: { secretAccessKey, sessionToken: null },
    });
  }
  await call(page, 'collections:save', { collection: collectionOf('drafts', 'lab', 'samples', 'drafts/') });
  await call(page, 'collections:save', { collection: collectionOf('invoices', 'archive', 'invoices', '2026/') });
  await page.getByRole('treeitem', { name: /^invoices/ }).waitFor();
}

function sandboxSettings() {
  return JSON.parse(readFileSync(join(dataFolder, 'sandbox/settings.json'), 'utf8'));
}

/** The sandbox from far away: every answer takes its time. */
async function startSlowServer() {
  const server = createServer((incoming, outgoing) => {
    const { url, method, headers } = incoming;
    // The signature is over the headers as they are, Host included.
    const onward = request({ host: '127.0.0.1', port: sandboxSettings().port, path: url, method, headers });
    onward.on('response', (answer) => {
      setTimeout(() => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      }, 400);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Pixels of a PNG, decoded by the browser that made it. */
async function pixelsOf(context, png) {
  const page = await context.newPage();
  const { width, height, text } = await page.evaluate(
    async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const drawing = canvas.getContext('2d');
      drawing.drawImage(image, 0, 0);
      const { data } = drawing.getImageData(0, 0, image.width, image.height);
      let characters = '';
      for (let at = 0; at < data.length; at += 32768)
        characters += String.fromCharCode(...data.subarray(at, at + 32768));
      return { width: image.width, height: image.height, text: btoa(characters) };
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  await page.close();
  return { width, height, pixels: Buffer.from(text, 'base64') };
}
