// A picture of a page in 256 colours: a third of the bytes, and no eye sees the difference.
import { deflateSync, crc32 } from 'node:zlib';

/** @param {{ width: number, height: number, pixels: Uint8Array }} image RGBA, opaque; @returns {Buffer} a PNG with a palette */
export function smallPng({ width, height, pixels }) {
  const buckets = new Map();
  for (let at = 0; at < pixels.length; at += 4) {
    const bucket = bucketOf(pixels, at);
    const sum = buckets.get(bucket) ?? { count: 0, red: 0, green: 0, blue: 0, exact: new Map() };
    sum.count += 1;
    const exact = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    sum.exact.set(exact, (sum.exact.get(exact) ?? 0) + 1);
    buckets.set(bucket, sum);
  }
  // The commonest colour of a bucket, not its mean: planes keep their token's colour.
  const palette = [...buckets.values()]
    .toSorted((a, b) => b.count - a.count)
    .slice(0, 256)
    .map(({ exact }) => [...exact].toSorted((a, b) => b[1] - a[1])[0][0]);
  const nearest = new Map();
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < pixels.length; at += 4) {
    const exact = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    let index = nearest.get(exact);
    if (index === undefined) {
      index = indexOfNearest(palette, exact);
      nearest.set(exact, index);
    }
    const pixel = at / 4;
    rows[pixel + Math.floor(pixel / width) + 1] = index;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Five bits a channel. */
function bucketOf(pixels, at) {
  return ((pixels[at] >> 3) << 10) | ((pixels[at + 1] >> 3) << 5) | (pixels[at + 2] >> 3);
}

function indexOfNearest(palette, colour) {
  let best = 0;
  let least = Infinity;
  for (const [index, each] of palette.entries()) {
    const red = (each >> 16) - (colour >> 16);
    const green = ((each >> 8) & 255) - ((colour >> 8) & 255);
    const blue = (each & 255) - (colour & 255);
    const distance = red * red + green * green + blue * blue;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return framed;
}
