// `npm run bench`: Dipper's engine and every peer on this machine, on the same work, one after the other. See README.md.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkLeg } from './check-leg.mjs';
import { LEGS, RECORD_BYTES } from './legs.mjs';
import { findPeers } from './peers/find-peers.mjs';
import { describeMachine } from './report/machine.mjs';
import { markdownReport } from './report/markdown.mjs';
import { describeProfiles } from './report/profile.mjs';
import { summarise } from './report/summarise.mjs';
import { judgeTargets } from './report/targets.mjs';
import { writeReadme } from './report/write-readme.mjs';
import { startBenchServer } from './support/bench-server.mjs';
import { memoryFolder } from './support/memory-folder.mjs';
import { recordsOf } from './support/records.mjs';
import { runMeasured } from './support/run-measured.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    peers: { type: 'string' },
    rounds: { type: 'string' },
    records: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 2 : 5));
const slowRounds = Math.min(rounds, options.quick ? 1 : 3);
/** Of what a leg's records are by themselves. */
const share = options.records === undefined ? 1 : Number(options.records) / 10_000;
const slowShare = options.quick ? share / 5 : share;
const legs = LEGS.filter(
  ({ name, work, isLong }) =>
    options.only?.some((only) => only === name || only === work) ?? !(isLong && options.quick),
);
if (legs.length === 0) throw new Error(`There is no such leg: there are ${LEGS.map(({ name }) => name).join(', ')}.`);

const peers = findPeers(options.peers?.split(','));
const folder = mkdtempSync(`${memoryFolder()}/dipper-bench-`);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const server = await startBenchServer();
/** Where a peer works before it is measured. */
const otherServer = await startBenchServer();
const places = new Map();
const runs = [];
const failures = [];

for (const peer of peers) peer.start = peer.idle === undefined ? null : await measureStart(peer);
for (const leg of legs) {
  console.log(leg.title);
  for (let round = 0; round < Math.min(rounds, leg.rounds ?? rounds); round += 1) {
    for (const peer of rotated(peersOf(leg, round), round)) await runOnce(leg, peer, round);
  }
}
await Promise.all([server.stop(), otherServer.stop()]);

const summary = summarise(legs, peers, runs);
const report = { machine: describeMachine(), peers: peers.map(describePeer), legs: summary, failures, runs };
report.targets = judgeTargets(report);
const text = markdownReport(report);
console.log(`\n${text}`);
if (options.profile) {
  for (const leg of legs.filter((one) => existsSync(profilesOf(one)))) {
    for (const name of readdirSync(profilesOf(leg)))
      console.log(`\n${leg.title}, ${name}, by profile:\n${describeProfiles(join(profilesOf(leg), name))}`);
  }
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.write) writeReadme(text);
if (failures.some(({ peer }) => peer === 'dipper')) process.exitCode = 1;

/** A folder with one of each peer whose main thread can be profiled. */
function profilesOf(leg) {
  return join(folder, 'profiles', leg.name);
}

/** Slow peers leave the later rounds out. */
function peersOf(leg, round) {
  return peers.filter(
    ({ name, slow, isFor = () => true }) =>
      (leg.peers?.includes(name) ?? true) && isFor(leg) && (!slow || round < slowRounds),
  );
}

function rotated(list, by) {
  const from = by % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
}

async function runOnce(leg, peer, round) {
  const count = peer.slow ? leg.slowRecords * slowShare : leg.records * share;
  const place = await placeFor(leg, count);
  const outputFile = `${folder}/output`;
  mkdirSync(place.targetFolder);
  try {
    await prepare(server, leg, peer, place);
    if (peer.worksBefore) await prepare(otherServer, leg, peer, place);
    await server.order('conditions', leg.conditions);
    await server.order('startCounting');
    const profileFolder = options.profile ? join(profilesOf(leg), peer.name) : undefined;
    const { words, environment } = peer.command(leg.work, {
      ...place,
      latency: leg.conditions.latency ?? 0,
      profileFolder,
    });
    const run = await runMeasured(words, { environment, outputFile });
    const counted = await server.order('counted');
    if (run.status !== 0) throw new Error(`ended with status ${run.status}: ${run.complaints.trim()}`);
    if (peer.reports) run.report = lastLine(outputFile);
    await checkLeg({ leg, peer, place, run, server, counted });
    const { wall, cpu } = run.report ?? run;
    const start = peer.reports ? { wall: run.wall - wall, cpu: run.cpu - cpu } : null;
    runs.push({ leg: leg.name, peer: peer.name, round, count, wall, cpu, start, memory: run.memory, counted });
    console.log(
      `  ${round + 1} ${peer.name}: ${wall.toFixed(0)} ms, ${((cpu * 1000) / count).toFixed(0)} µs CPU a record`,
    );
  } catch (error) {
    failures.push({ leg: leg.name, peer: peer.name, round, message: error.message });
    console.log(`  ${round + 1} ${peer.name}: ${error.message}`);
  } finally {
    rmSync(place.targetFolder, { recursive: true, force: true });
  }
}

/** The bucket as the leg begins with it. A peer with a format of its own writes the records that it is to read. */
async function prepare(itsServer, leg, peer, place) {
  await itsServer.order('clear');
  await itsServer.order('conditions');
  if (leg.startsWith === 'nothing') return;
  if (!peer.ownFormat || leg.work !== 'read') {
    await itsServer.order('fill', { bucket: place.bucket, prefix: place.prefix, count: place.count, size: place.size });
    return;
  }
  const { words, environment } = peer.command('create', place);
  const { status, complaints } = await runMeasured(words, { environment, outputFile: `${folder}/output` });
  if (status !== 0) throw new Error(`could not write the records that it is to read: ${complaints.trim()}`);
}

/** Records as a file and as a folder of files, made once for a count; a listing needs neither. */
async function placeFor(leg, count) {
  const at = `${folder}/${leg.work === 'list' ? 'list-' : ''}${count}`;
  const known = places.get(at);
  if (known !== undefined) return known;
  const place = {
    endpoint: server.endpoint,
    otherEndpoint: otherServer.endpoint,
    bucket: 'records',
    prefix: 'archive/',
    size: RECORD_BYTES,
    count,
    recordsFile: `${at}/records.ndjson`,
    sourceFolder: `${at}/files`,
    targetFolder: `${at}/target`,
  };
  mkdirSync(place.sourceFolder, { recursive: true });
  if (leg.work !== 'list') {
    const records = [...recordsOf(count, RECORD_BYTES)];
    writeFileSync(place.recordsFile, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    for (const { key, body } of records) writeFileSync(`${place.sourceFolder}/${key}`, body);
    await server.order('fill', { bucket: 'expected', prefix: place.prefix, count, size: RECORD_BYTES });
    place.hash = (await server.order('summary', { bucket: 'expected' })).hash;
  }
  places.set(at, place);
  return place;
}

async function measureStart(peer) {
  const { words, environment } = peer.idle();
  const { wall, cpu } = await runMeasured(words, { environment, outputFile: `${folder}/output` });
  return { wall, cpu };
}

function describePeer({ name, version, setting, slow, start }) {
  return { name, version, setting, slow: slow === true, start };
}

function lastLine(file) {
  return JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1));
}
