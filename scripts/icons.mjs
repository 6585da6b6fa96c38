// node scripts/icons.mjs: draws build/icon.svg and build/icon-small.svg in every size that the packages need, with the
// browser of the end-to-end tests. What it writes is checked in; run it after a change of a drawing.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from './find-browser.mjs';
import { projectFolder } from './set-up.mjs';

/** At and below this many px the simpler drawing is the one that can be read. */
const SMALL = 48;
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/** Apple's names of sizes; those that hold a PNG. */
const ICNS_TYPES = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];

const images = await draw();
const folder = join(projectFolder, 'build');
mkdirSync(join(folder, 'icons'), { recursive: true });
for (const [size, image] of images) writeFileSync(join(folder, `icons/${size}x${size}.png`), image);
writeFileSync(join(folder, 'icon.icns'), icns());
writeFileSync(join(folder, 'icon.ico'), ico());

async function draw() {
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const page = await browser.newPage();
  const drawn = new Map();
  for (const size of SIZES) {
    const file = size <= SMALL ? 'icon-small.svg' : 'icon.svg';
    const drawing = readFileSync(join(projectFolder, 'build', file)).toString('base64');
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<body style="margin:0"><img width="${size}" height="${size}" style="display:block" src="data:image/svg+xml;base64,${drawing}">`,
    );
    drawn.set(size, await page.screenshot({ omitBackground: true }));
  }
  await browser.close();
  return drawn;
}

/** "icns", the length of the file, then for each image its type, its length with these eight bytes, and the PNG. */
function icns() {
  const entries = ICNS_TYPES.flatMap(([type, size]) => {
    const image = images.get(size);
    return [Buffer.from(type, 'latin1'), unsigned32(image.length + 8), image];
  });
  const length = entries.reduce((sum, entry) => sum + entry.length, 8);
  return Buffer.concat([Buffer.from('icns', 'latin1'), unsigned32(length), ...entries]);
}

/** A directory of 16 bytes an image, then the PNGs; Windows reads PNG in it since Vista. */
function ico() {
  const head = Buffer.alloc(6 + 16 * ICO_SIZES.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(ICO_SIZES.length, 4);
  let offset = head.length;
  for (const [place, size] of ICO_SIZES.entries()) {
    const { length } = images.get(size);
    const entry = 6 + 16 * place;
    // 256 does not fit a byte; the format writes it as 0.
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += length;
  }
  return Buffer.concat([head, ...ICO_SIZES.map((size) => images.get(size))]);
}

function unsigned32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
