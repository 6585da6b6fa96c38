import { arch, cpus, release, totalmem } from 'node:os';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { ApplicationState } from '../../shared/contract.ts';
import type { Diagnostics, Mistake } from '../../shared/diagnostics.ts';
import type { Job } from '../../shared/job.ts';
import type { RequestEntry } from '../../shared/request-log.ts';
import type { Settings } from '../../shared/settings.ts';
import { redactText } from './redact-text.ts';

/** What is written down. `requests` and `mistakes` are the last ones, the oldest first. */
export interface DiagnosticFacts {
  readonly state: ApplicationState;
  readonly settings: Settings;
  readonly connections: readonly Connection[];
  readonly collections: readonly Collection[];
  readonly jobs: readonly Job[];
  readonly requests: readonly RequestEntry[];
  readonly mistakes: readonly Mistake[];
  /** Known ones: should any of them stand somewhere all the same, it is taken out. */
  readonly secrets: readonly string[];
}

/** Of the last requests and jobs: what a bug is about happened a moment ago. */
export const MOST_REQUESTS = 200;
const MOST_JOBS = 50;

/**
 * A Dipper as text, for a report of a bug. Without names there is nothing in it by which a bucket, a record, a server or a
 * person could be known: things are numbered, and of mistakes only the kind and the places in the code are kept, because
 * their sentences may quote anything. What is listed here is all there is: members are chosen, never left out.
 */
export function describeApplication(facts: DiagnosticFacts, withNames: boolean): Diagnostics {
  const { state, settings, connections, collections, jobs, requests, mistakes } = facts;
  const numbers = new Map([
    ...connections.map(({ name }, place): [string, string] => [name, `connection ${place + 1}`]),
    ...collections.map(({ id }, place): [string, string] => [id, `collection ${place + 1}`]),
  ]);
  const called = (key: string, name: string): string => (withNames ? name : (numbers.get(key) ?? 'another'));
  const described = {
    about: withNames
      ? 'Diagnostics of Dipper. It holds names of buckets, keys, servers and files, and no secret.'
      : 'Diagnostics of Dipper. It holds no name of a bucket, key, server or file, and no secret.',
    written: new Date().toISOString(),
    program: describeProgram(state, withNames),
    settings,
    connections: connections.map((connection) => ({
      name: called(connection.name, connection.name),
      ...describeConnection(connection, withNames),
    })),
    collections: collections.map((collection) => ({
      name: called(collection.id, collection.name),
      connection: called(
        connections.find(({ id }) => id === collection.connectionId)?.name ?? '',
        connections.find(({ id }) => id === collection.connectionId)?.name ?? '',
      ),
      ...describeCollection(collection, withNames),
    })),
    jobs: jobs.slice(0, MOST_JOBS).map((job) => ({
      collection: called(job.collection, job.collectionName),
      ...describeJob(job, withNames),
    })),
    requests: requests.slice(-MOST_REQUESTS).map((request) => ({
      connection: called(request.connection, request.connection),
      ...describeRequest(request, withNames),
    })),
    mistakes: mistakes.map(({ at, place, text }) => ({
      at: new Date(at).toISOString(),
      place: withNames ? place : placeWithoutNames(place),
      text: withNames ? text : stackWithoutWords(text),
    })),
  };
  return { text: `${redactText(JSON.stringify(described, null, 2), facts.secrets)}\n` };
}

function describeProgram(state: ApplicationState, withNames: boolean) {
  const { node, electron, chrome, v8, openssl } = process.versions;
  return {
    version: state.version,
    shell: state.shell,
    system: `${state.platform} ${release()} ${arch()}`,
    versions: { node, electron, chrome, v8, openssl },
    processors: cpus().length,
    memoryBytes: totalmem(),
    keysKeptIn: state.secrets,
    runningSeconds: Math.round(process.uptime()),
    ...(withNames ? { dataFolder: state.dataFolder, notes: state.notes } : { notes: state.notes.length }),
  };
}

function describeConnection(connection: Connection, withNames: boolean) {
  const { kind, endpoint, region, pathStyle, credentials, environment, readOnly, maxWorkers, budget, network } =
    connection;
  return {
    kind,
    endpoint: withNames ? endpoint : kindOfServer(endpoint),
    region,
    pathStyle,
    // The source alone: even an access key's id names an account.
    credentials: credentials.source,
    environment,
    readOnly,
    maxWorkers,
    budget: budget ?? null,
    network:
      network === undefined
        ? null
        : {
            proxy: network.proxy === 'system' || network.proxy === 'none' ? network.proxy : 'own',
            certificateAuthority: network.certificateAuthority !== null,
            unsignedBodies: network.unsignedBodies,
          },
  };
}

/** Enough to tell a server of one's own machine from one far away. */
function kindOfServer(endpoint: string | null): string | null {
  if (endpoint === null || !URL.canParse(endpoint)) return null;
  const { protocol, hostname } = new URL(endpoint);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  return `${protocol}//${isHere ? 'this machine' : hostname.endsWith('.amazonaws.com') ? 'amazonaws.com' : 'another host'}`;
}

function describeCollection(collection: Collection, withNames: boolean) {
  const { codec, tagMapping, defaultStorageClass, encryption, cacheTtlSeconds, maxWorkers, indexSizeCap, memoryOnly } =
    collection;
  const { bucket, prefix, keyTemplate } = collection;
  return {
    ...(withNames ? { bucket, prefix, keyTemplate } : { prefixParts: prefix.split('/').length - 1 }),
    codec,
    tagMapping,
    defaultStorageClass,
    encryption: encryption?.algorithm ?? null,
    cacheTtlSeconds,
    maxWorkers,
    indexSizeCap,
    memoryOnly,
  };
}

function describeJob(job: Job, withNames: boolean) {
  const { kind, state, createdAt, startedAt, endedAt, counts, requests, bytes, error } = job;
  return {
    kind,
    state,
    created: new Date(createdAt).toISOString(),
    seconds: startedAt === null ? null : ((endedAt ?? Date.now()) - startedAt) / 1000,
    counts,
    requests,
    bytes,
    error: error === null ? null : withNames ? `${error.code}: ${error.message}` : error.code,
  };
}

function describeRequest(request: RequestEntry, withNames: boolean) {
  const { started, operation, method, status, failure, s3Code, milliseconds, firstByteMilliseconds } = request;
  const { attempt, triedAgain, lane, region, bytesUp, bytesDown, requestId, origin, bucket, key } = request;
  return {
    started: new Date(started).toISOString(),
    operation,
    method,
    status,
    failure,
    s3Code,
    milliseconds: Math.round(milliseconds),
    firstByteMilliseconds: firstByteMilliseconds === null ? null : Math.round(firstByteMilliseconds),
    attempt,
    triedAgain,
    lane,
    region,
    bytesUp,
    bytesDown,
    requestId,
    ...(withNames ? { origin, bucket, key } : {}),
  };
}

/** A channel or the name of a part; what else stands there may be a path. */
function placeWithoutNames(place: string): string {
  return /^[a-z][a-z -]*(?::[a-z-]+)?$/i.test(place) ? place : '(a place with a name)';
}

/** The class of an error and the places in Dipper's own code: its sentence may quote a key or a value. */
function stackWithoutWords(text: string): string {
  const kind = /^([A-Za-z]*(?:Error|Failure|Exception))\b/.exec(text)?.[1] ?? 'Error';
  const places = text.split('\n').flatMap((line) => {
    const place = /^\s*at (?:(?:async |new )?([\w.<>#$[\] ]+) \()?.*?([\w.-]+\.[cm]?[jt]s:\d+:\d+)\)?$/.exec(line);
    return place === null ? [] : [`  at ${place[1] ?? '(anonymous)'} ${place[2]}`];
  });
  return [kind, ...places].join('\n');
}
