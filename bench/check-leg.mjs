import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Throws where a peer has not done all of the work: by what the server holds and counted, and by what the peer has. */
export async function checkLeg({ leg, peer, place, run, server, counted }) {
  const { objects, bytes, hash } = await server.order('summary', { bucket: place.bucket });
  const { count } = place;
  if (leg.work === 'create') {
    expectSame(`objects in the bucket`, objects, count);
    if (!peer.ownFormat) {
      expectSame('bytes in the bucket', bytes, count * place.size);
      expectSame('hash of keys and ETags', hash, place.hash);
    }
  }
  if (leg.work === 'read') {
    expectSame('objects that were read', counted.done.GetObject, count);
    const got = run.report ?? filesOf(place.targetFolder);
    expectSame('records at the peer', got.records, count);
    if (!peer.ownFormat) expectSame('bytes at the peer', got.bytes, count * place.size);
  }
  if (leg.work === 'delete') expectSame('objects left', objects, 0);
  if (leg.work === 'list') expectSame('keys at the peer', run.report?.records ?? linesOf(run.outputFile), count);
}

function expectSame(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`);
}

function filesOf(folder) {
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return { records: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function linesOf(file) {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).length;
}
