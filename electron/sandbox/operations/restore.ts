import { receiveDocument } from '../http/receive-body.ts';
import { notImplemented, S3Failure } from '../s3-failure.ts';
import type { ObjectFacts, OpenedObject } from '../storage/storage.ts';
import { malformed, parseXml, type XmlElement } from '../xml.ts';
import type { Answer, Call } from './answer.ts';
import { findBucket } from './buckets.ts';
import { notThere, readVersionId, versionHeaders } from './versions.ts';

/** Where a restored copy of an archived object is; all of it follows from the times kept with the object and the clock. */
type RestoreState = 'none' | 'ongoing' | 'restored';

const ARCHIVES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);
const TIERS = ['Standard', 'Bulk', 'Expedited'];
const DAY = 24 * 60 * 60 * 1000;
/** A hundred years, beyond which no date is meant. */
const MOST_DAYS = 36_500;

export async function restoreObject(call: Call, bucketName: string, key: string): Promise<Answer> {
  const bucket = findBucket(call, bucketName);
  const request = readRequest(parseXml(await receiveDocument(call.request, call.signing)));
  const id = readVersionId(call.request);
  const time = call.clock.now();
  const found: { state: RestoreState } = { state: 'none' };
  const entry = await bucket.changeFacts(key, id, (facts, { storageClass }) => {
    if (!ARCHIVES.has(storageClass)) {
      throw new S3Failure('InvalidObjectState', "Restore is not allowed for the object's current storage class", {
        StorageClass: storageClass,
      });
    }
    if (storageClass === 'DEEP_ARCHIVE' && request.tier === 'Expedited') {
      throw invalid('Tier', 'Expedited', 'Expedited retrieval is not available for the DEEP_ARCHIVE storage class');
    }
    found.state = restoreState(facts, time);
    if (found.state === 'ongoing') {
      throw new S3Failure('RestoreAlreadyInProgress', 'Object restore is already in progress');
    }
    const ready = found.state === 'restored' ? time : time + call.clock.restoreMilliseconds;
    return { ...facts, restore: { ready, expires: nextMidnight(ready + request.days * DAY) } };
  });
  if (entry === null) throw notThere(bucket, key, id);
  // A copy that is there already is only kept longer.
  return { status: found.state === 'restored' ? 200 : 202, headers: versionHeaders(bucket, entry) };
}

/** Throws `InvalidObjectState` where the body is in an archive and no restored copy of it is there. */
export function requireReadable(call: Call, { entry, facts }: OpenedObject, message: string): void {
  if (!ARCHIVES.has(entry.storageClass) || restoreState(facts, call.clock.now()) === 'restored') return;
  throw new S3Failure('InvalidObjectState', `${message}'s storage class`, { StorageClass: entry.storageClass });
}

/** `x-amz-restore`, where a restored copy is there or on its way. */
export function restoreHeaders(call: Call, facts: ObjectFacts): Record<string, string> {
  const state = restoreState(facts, call.clock.now());
  if (state === 'ongoing') return { 'x-amz-restore': 'ongoing-request="true"' };
  if (state !== 'restored' || facts.restore === undefined) return {};
  const until = new Date(facts.restore.expires).toUTCString();
  return { 'x-amz-restore': `ongoing-request="false", expiry-date="${until}"` };
}

function restoreState({ restore }: ObjectFacts, now: number): RestoreState {
  if (restore === undefined || now >= restore.expires) return 'none';
  return now < restore.ready ? 'ongoing' : 'restored';
}

/** S3 keeps a restored copy until the midnight, UTC, that follows its last day. */
function nextMidnight(time: number): number {
  return Math.ceil(time / DAY) * DAY;
}

function textOf(parent: XmlElement | undefined, name: string): string | null {
  return parent?.children.find((child) => child.name === name)?.text.trim() ?? null;
}

function readRequest(root: XmlElement): { readonly days: number; readonly tier: string } {
  if (root.name !== 'RestoreRequest') throw malformed();
  for (const name of ['SelectParameters', 'OutputLocation']) {
    if (root.children.some((child) => child.name === name)) throw notImplemented(`${name} of a restore`);
  }
  const parameters = root.children.find((child) => child.name === 'GlacierJobParameters');
  const tier = textOf(parameters, 'Tier') ?? textOf(root, 'Tier') ?? 'Standard';
  if (!TIERS.includes(tier)) throw malformed();
  const days = textOf(root, 'Days');
  if (days === null || !/^\d{1,9}$/.test(days)) throw malformed();
  if (Number(days) < 1 || Number(days) > MOST_DAYS) {
    throw invalid('Days', days, `Restoration days should be a number from 1 to ${MOST_DAYS}`);
  }
  return { days: Number(days), tier };
}

function invalid(name: string, value: string, message: string): S3Failure {
  return new S3Failure('InvalidArgument', message, { ArgumentName: name, ArgumentValue: value });
}
