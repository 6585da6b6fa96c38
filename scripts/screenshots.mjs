// Makes the pictures in docs/ from the running app: `node scripts/build.mjs && node scripts/screenshots.mjs [SCENE ...]`.
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from './find-browser.mjs';
import { projectFolder } from './set-up.mjs';
import { smallPng } from './small-png.mjs';

const SMALL = { width: 1280, height: 800 };
const MEDIUM = { width: 1440, height: 900 };
const LARGE = { width: 1920, height: 1080 };

/** Each begins on a new window that shows movies; `sizes` is where it is kept, light and dark. */
const SCENES = {
  main: { sizes: [MEDIUM], folder: 'docs', show: full },
  full: { sizes: [SMALL, LARGE], show: full },
  welcome: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('button', { name: 'New tab' }).click();
      await page.getByRole('heading', { name: 'See a bucket as a table of records' }).waitFor();
    },
  },
  empty: {
    sizes: [SMALL],
    show: async (page) => {
      await open(page, 'drafts');
      await page.getByRole('heading', { name: 'drafts has no records' }).waitFor();
    },
  },
  failing: {
    sizes: [SMALL, LARGE],
    show: async (page) => {
      await page.getByRole('treeitem', { name: /^invoices/ }).click();
      await page.getByRole('heading', { name: /Archive/ }).waitFor();
    },
  },
  builder: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('button', { name: 'Add a condition' }).click();
      await condition(page, 'rating', 'at least', 'Value', '8');
      await page.getByRole('button', { name: 'Add a condition' }).click();
      await condition(page, 'title', 'like', 'Value', '%war%');
      await page.keyboard.press('ControlOrMeta+Enter');
      await page
        .getByRole('status')
        .filter({ hasText: /^\d+ of 3,201/ })
        .first()
        .waitFor();
    },
  },
  palette: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('grid').getByRole('gridcell').first().click();
      await page.keyboard.press('ControlOrMeta+k');
      await page.keyboard.type('rec');
    },
  },
  menus: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('grid').getByRole('gridcell').first().click();
      await page.getByRole('button', { name: 'Menu' }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.getByRole('menuitem', { name: /^New record/ }).waitFor();
    },
  },
  columns: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('button', { name: /^Columns/ }).click();
      await page.getByRole('dialog', { name: 'Columns' }).waitFor();
    },
  },
  requests: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('treeitem', { name: /^invoices/ }).click();
      await page.getByRole('heading', { name: /Archive/ }).waitFor();
      await page.keyboard.press('Alt+l');
      const log = page.getByRole('region', { name: 'Request log' });
      await log.getByRole('row', { name: /tries/ }).first().click();
      await log.getByRole('complementary', { name: /^Details/ }).waitFor();
    },
  },
  edges: {
    sizes: [SMALL],
    show: (page) => open(page, 'edge cases'),
  },
  loading: {
    sizes: [SMALL],
    show: async (page) => {
      await call(page, 'collections:save', { collection: collectionOf('reviews', 'lab', 'samples', 'movies/') });
      await page.getByRole('treeitem', { name: /^reviews/ }).click();
      await page.getByRole('grid', { name: 'Records of reviews' }).getByRole('row').nth(3).waitFor();
    },
    // Read once, it would come from the index; read on, it would stand in the pictures after this one.
    leave: (page) => call(page, 'collections:remove', { collection: 'reviews' }),
  },
};

async function full(page) {
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await condition(page, 'rating', 'more than', 'Value', '8');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await condition(page, 'genre', 'is one of', 'Add to values', 'Drama');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: /rating/ }).click();
  await page.getByRole('columnheader', { name: /rating/ }).click();
  await page.getByRole('gridcell', { name: 'Pulp Fiction' }).dblclick();
  await page.getByRole('tree', { name: 'Fields' }).waitFor();
}

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

function collectionOf(name, connectionId, bucket, prefix) {
  return {
    id: name,
    connectionId,
    name,
    bucket,
    prefix,
    codec: 'plain',
    keyTemplate: '{id}.json',
    tagMapping: false,
    defaultStorageClass: null,
    encryption: null,
    cacheTtlSeconds: 60,
    maxWorkers: null,
    indexSizeCap: 4 * 1024 * 1024,
    memoryOnly: true,
  };
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

/** A call through the contract, as the page makes it. */
async function call(page, channel, args) {
  const answer = await page.evaluate(
    async ([message, client]) => {
      const headers = {
        'content-type': 'application/json',
        'x-dipper-token': sessionStorage.getItem('dipper.token') ?? '',
        'x-dipper-client': client,
      };
      const response = await fetch('/api/call', { method: 'POST', headers, body: JSON.stringify(message) });
      return response.json();
    },
    [{ call: randomUUID(), channel, args }, randomUUID()],
  );
  if (!answer.ok) throw new Error(`${channel}: ${answer.error.message}`);
  return answer.value;
}

async function open(page, name) {
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).click();
  await page.getByRole('tab', { name, selected: true }).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /synced/ })
    .first()
    .waitFor();
}

async function condition(page, field, operator, label, value) {
  const row = page.getByRole('group', { name: 'new condition' });
  await row.getByRole('combobox', { name: 'Field' }).fill(field);
  await page.getByRole('option', { name: new RegExp(`^${field} `) }).click();
  const filled = page.getByRole('group', { name: `${field} condition` });
  await filled.getByRole('combobox', { name: 'Operator' }).click();
  await page.getByRole('option', { name: operator, exact: true }).click();
  await filled.getByRole('textbox', { name: label }).fill(value);
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
