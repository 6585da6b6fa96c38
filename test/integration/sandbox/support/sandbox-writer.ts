/**
 * A client that writes to keys of its own, one request after the other, and knows at every moment what the sandbox may
 * hold of them: what was answered last, and what the request under way would make of that.
 */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Bucket, OpenedObject } from '../../../../electron/sandbox/storage/storage.ts';
import { isMarker, versionId } from '../../../../electron/sandbox/storage/version-index.ts';
import { seededRandom } from '../../../unit/s3/seeded-random.ts';

interface Version {
  id: string | undefined;
  /** Null for a delete marker. */
  etag: string | null;
  round: string;
}

interface Upload {
  readonly id: string;
  readonly key: string;
  /** ETags without quotes, by number. */
  readonly parts: Map<number, string>;
}

/** Versions by key, latest first, and uploads. */
interface World {
  readonly versions: Map<string, Version[]>;
  readonly uploads: Upload[];
}

const KEYS = 3;
/** The last part may be small, and only the last one. */
const LARGE_PART = Buffer.alloc(5 * 1024 * 1024, 'part');

export class SandboxWriter {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #name: string;
  readonly #keepsVersions: boolean;
  readonly #random: () => number;
  #world: World = { versions: new Map(), uploads: [] };
  #after: World | null = null;
  #round = 0;

  constructor(s3: S3Client, bucket: string, name: string, keepsVersions: boolean, seed: number) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#name = name;
    this.#keepsVersions = keepsVersions;
    this.#random = seededRandom(seed);
  }

  /** What the sandbox may hold, as `heldOf` writes it. */
  get allowed(): readonly string[] {
    return [this.#world, ...(this.#after === null ? [] : [this.#after])].map(describeWorld);
  }

  /** One write; rejects where it was not answered. */
  async write(): Promise<void> {
    this.#round += 1;
    const key = `${this.#name}/${Math.floor(this.#random() * KEYS)}`;
    const after = structuredClone(this.#world);
    const choice = this.#random();
    const upload = after.uploads[Math.floor(this.#random() * after.uploads.length)];
    if (choice < 0.3) await this.#put(after, key);
    else if (choice < 0.4) await this.#delete(after, key);
    else if (choice < 0.5) await this.#deleteVersion(after, key);
    else if (choice < 0.6) await this.#tag(after, key);
    else if (choice < 0.7) await this.#copy(after, key);
    else if (upload === undefined) await this.#begin(after, key);
    else if (choice < 0.85 || upload.parts.size === 0) await this.#uploadPart(after, upload);
    else if (choice < 0.95) await this.#complete(after, upload);
    else await this.#abort(after, upload);
  }

  async #answered<Answer>(after: World, request: Promise<Answer>): Promise<Answer> {
    this.#after = after;
    const answer = await request;
    this.#world = after;
    this.#after = null;
    return answer;
  }

  /** What a PUT makes of a key's versions; its id is known with the answer. */
  #over(world: World, key: string, etag: string | null, round: string): Version {
    const version: Version = { id: undefined, etag, round };
    const before = this.#keepsVersions ? (world.versions.get(key) ?? []) : [];
    world.versions.set(key, [version, ...before]);
    return version;
  }

  async #put(after: World, key: string): Promise<void> {
    const body = `${this.#round} ${'x'.repeat(this.#random() < 0.08 ? 1_100_000 : this.#round)}`;
    const version = this.#over(after, key, md5(body), '');
    const command = new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body });
    version.id = (await this.#answered(after, this.#s3.send(command))).VersionId;
  }

  async #delete(after: World, key: string): Promise<void> {
    const marker = this.#keepsVersions ? this.#over(after, key, null, '') : null;
    if (marker === null) after.versions.delete(key);
    const command = new DeleteObjectCommand({ Bucket: this.#bucket, Key: key });
    const { VersionId } = await this.#answered(after, this.#s3.send(command));
    if (marker !== null) marker.id = VersionId;
  }

  async #deleteVersion(after: World, key: string): Promise<void> {
    const versions = after.versions.get(key) ?? [];
    const [removed] = versions.splice(Math.floor(this.#random() * versions.length), 1);
    if (removed === undefined) return;
    const target = { Bucket: this.#bucket, Key: key, VersionId: removed.id ?? 'null' };
    await this.#answered(after, this.#s3.send(new DeleteObjectCommand(target)));
  }

  async #tag(after: World, key: string): Promise<void> {
    const [latest] = after.versions.get(key) ?? [];
    if (latest === undefined || latest.etag === null) return;
    latest.round = String(this.#round);
    const Tagging = { TagSet: [{ Key: 'round', Value: latest.round }] };
    const command = new PutObjectTaggingCommand({ Bucket: this.#bucket, Key: key, Tagging });
    await this.#answered(after, this.#s3.send(command));
  }

  async #copy(after: World, key: string): Promise<void> {
    const [from, versions] = [...after.versions][0] ?? [];
    const source = versions?.[0];
    // A copy has one part, so that its ETag would not be this.
    if (from === undefined || from === key || source === undefined || source.etag?.length !== 32) return;
    const version = this.#over(after, key, source.etag, source.round);
    const CopySource = `${this.#bucket}/${from}`;
    const command = new CopyObjectCommand({ Bucket: this.#bucket, Key: key, CopySource });
    version.id = (await this.#answered(after, this.#s3.send(command))).VersionId;
  }

  async #begin(after: World, key: string): Promise<void> {
    const command = new CreateMultipartUploadCommand({ Bucket: this.#bucket, Key: key });
    const begun = structuredClone(after);
    begun.uploads.push({ id: '', key, parts: new Map() });
    const { UploadId = '' } = await this.#answered(begun, this.#s3.send(command));
    after.uploads.push({ id: UploadId, key, parts: new Map() });
    this.#world = after;
  }

  async #uploadPart(after: World, { id, key, parts }: Upload): Promise<void> {
    const large = !parts.has(1) && this.#random() < 0.05;
    const PartNumber = large ? 1 : 2;
    const Body = large ? LARGE_PART : Buffer.from(`${this.#round} ${'y'.repeat(this.#round)}`);
    parts.set(PartNumber, md5(Body));
    const command = new UploadPartCommand({ Bucket: this.#bucket, Key: key, UploadId: id, PartNumber, Body });
    await this.#answered(after, this.#s3.send(command));
  }

  async #complete(after: World, { id, key, parts }: Upload): Promise<void> {
    const chosen = [...parts].toSorted(([left], [right]) => left - right);
    const etags = chosen.map(([, etag]) => etag);
    const version = this.#over(after, key, etagOfParts(etags), '');
    after.uploads.splice(
      after.uploads.findIndex((upload) => upload.id === id),
      1,
    );
    const Parts = chosen.map(([PartNumber, ETag]) => ({ PartNumber, ETag }));
    const command = new CompleteMultipartUploadCommand({
      Bucket: this.#bucket,
      Key: key,
      UploadId: id,
      MultipartUpload: { Parts },
    });
    version.id = (await this.#answered(after, this.#s3.send(command))).VersionId;
  }

  async #abort(after: World, { id, key }: Upload): Promise<void> {
    after.uploads.splice(
      after.uploads.findIndex((upload) => upload.id === id),
      1,
    );
    const command = new AbortMultipartUploadCommand({ Bucket: this.#bucket, Key: key, UploadId: id });
    await this.#answered(after, this.#s3.send(command));
  }
}

function md5(bytes: string | Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

function etagOfParts(etags: readonly string[]): string {
  return `${md5(Buffer.concat(etags.map((etag) => Buffer.from(etag, 'hex'))))}-${etags.length}`;
}

function describeWorld({ versions, uploads }: World): string {
  const keys = [...versions].filter(([, all]) => all.length > 0).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const parts = uploads.map(({ key, parts: all }) => `${key} ${describeParts(all)}`).toSorted();
  return JSON.stringify([keys.map(([key, all]) => [key, all.map(({ etag, round }) => [etag, round])]), parts]);
}

function describeParts(parts: ReadonlyMap<number, string>): string {
  return [...parts]
    .toSorted(([left], [right]) => left - right)
    .map(([number, etag]) => `${number}=${etag}`)
    .join(' ');
}

/** What a bucket holds of a writer's keys, with ETags made anew from the bodies. */
export async function heldOf(bucket: Bucket, name: string): Promise<string> {
  const keys: unknown[] = [];
  for (const versions of bucket.versions.from((key) => key < `${name}/`)) {
    const key = versions[0]?.key ?? '';
    if (!key.startsWith(`${name}/`)) break;
    const rows: unknown[] = [];
    for (const version of versions) {
      const opened = isMarker(version) ? null : await bucket.open(key, versionId(version));
      rows.push(opened === null ? [null, ''] : [await etagOf(opened), opened.facts.tags[0]?.value ?? '']);
    }
    keys.push([key, rows]);
  }
  const uploads = bucket.uploads
    .list()
    .filter(({ key }) => key.startsWith(`${name}/`))
    .map(({ key, parts }) => `${key} ${describeParts(new Map([...parts].map(([at, { etag }]) => [at, etag])))}`);
  return JSON.stringify([keys, uploads.toSorted()]);
}

async function etagOf(opened: OpenedObject): Promise<string> {
  const bytes: Uint8Array[] = [];
  const content = opened.read(0, opened.entry.size);
  for await (const chunk of content instanceof Uint8Array ? [content] : content) bytes.push(chunk);
  await opened.close();
  const body = Buffer.concat(bytes);
  if (opened.facts.parts === undefined) return md5(body);
  let at = 0;
  const etags = opened.facts.parts.map(({ size }) => {
    at += size;
    return md5(body.subarray(at - size, at));
  });
  return etagOfParts(etags);
}
