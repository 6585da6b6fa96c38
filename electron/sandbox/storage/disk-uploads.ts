import type { DiskBucket, DiskState } from './disk-state.ts';
import { encodeRecord, decodeContent, type PartRecord, type StoredFacts, type UploadRecord } from './log-record.ts';
import type { Location } from './segments.ts';
import {
  wholeSeconds,
  type CompletedUpload,
  type MultipartUpload,
  type NewPart,
  type NewUpload,
  type ObjectEntry,
  type UploadedPart,
  type Uploads,
  type WriteCheck,
} from './storage.ts';
import { inListingOrder, newUploadId } from './upload-order.ts';
import { isMarker } from './version-index.ts';

export interface DiskPart extends PartRecord, Location {}

/** An upload, the folder of its parts and where its record is. */
export interface DiskUpload extends UploadRecord, MultipartUpload, Location {
  readonly bucket: string;
  readonly parts: Map<number, DiskPart>;
}

export class DiskUploads implements Uploads {
  readonly #bucket: DiskBucket;
  readonly #state: DiskState;

  constructor(bucket: DiskBucket, state: DiskState) {
    this.#bucket = bucket;
    this.#state = state;
  }

  list(): readonly DiskUpload[] {
    return inListingOrder([...this.#state.uploads.values()].filter(({ bucket }) => bucket === this.#bucket.name));
  }

  get(id: string): DiskUpload | null {
    const upload = this.#state.uploads.get(id);
    return upload?.bucket === this.#bucket.name ? upload : null;
  }

  async create(upload: NewUpload): Promise<MultipartUpload> {
    const initiated = Date.now();
    const record = {
      bucket: this.#bucket.name,
      ...upload,
      id: newUploadId(initiated),
      initiated,
      folder: this.#state.files.makeFolder(),
    };
    const location = this.#state.append(encodeRecord({ kind: 'upload', ...record }));
    this.#state.count(location, 1);
    const created = { ...record, ...location, parts: new Map<number, DiskPart>() };
    this.#state.uploads.set(record.id, created);
    await this.#state.segments.settled();
    return created;
  }

  async putPart(id: string, { body, ...part }: NewPart): Promise<UploadedPart | null> {
    const upload = this.get(id);
    if (upload === null) {
      if ('file' in body) await this.#state.files.remove(body.file);
      return null;
    }
    const file = this.#state.files.addPart(upload.folder, body);
    const record = { ...part, modified: wholeSeconds(Date.now()), file };
    let location: Location;
    try {
      location = this.#state.append(encodeRecord({ kind: 'part', bucket: upload.bucket, upload: id, ...record }));
    } catch (error) {
      await this.#state.files.removePart(upload.folder, file);
      throw error;
    }
    const before = upload.parts.get(part.number);
    upload.parts.set(part.number, { ...record, ...location });
    this.#state.count(location, 1);
    if (before !== undefined) this.#state.count(before, -1);
    await this.#state.segments.settled();
    // It went with its folder where the upload was aborted or completed meanwhile.
    if (before !== undefined && this.get(id) !== null) await this.#state.files.removePart(upload.folder, before.file);
    return record;
  }

  async complete(
    id: string,
    { size, etag, checksum, parts }: CompletedUpload,
    check: WriteCheck,
  ): Promise<ObjectEntry | null> {
    const upload = this.get(id);
    if (upload === null) return null;
    const { key, storageClass, folder } = upload;
    const facts: StoredFacts = {
      ...upload.facts,
      checksum,
      parts: parts.map((part) => ({ ...part, file: upload.parts.get(part.number)?.file ?? 0 })),
      upload: id,
    };
    const written = this.#bucket.write({ key, size, etag, storageClass, facts, body: { file: folder } }, check);
    forget(this.#state, upload);
    await this.#bucket.settle(written.replaced);
    finishUpload(this.#state, upload);
    return written.entry;
  }

  async abort(id: string): Promise<boolean> {
    const upload = this.get(id);
    if (upload === null) return false;
    forget(this.#state, upload);
    appendEnd(this.#state, upload);
    await this.#state.segments.settled();
    await this.#state.files.remove(upload.folder);
    return true;
  }
}

/**
 * Removes the parts that an upload left out when it became an object, which `forget` was told of; the record of its end
 * says that this was done.
 */
export function finishUpload(state: DiskState, upload: DiskUpload): void {
  const versions = state.buckets.get(upload.bucket)?.versions.versionsOf(upload.key) ?? [];
  const entry = versions.find((version) => !isMarker(version) && version.file === upload.folder);
  if (entry !== undefined) {
    const { parts = [] } = decodeContent(state.segments.read(entry)).facts;
    state.files.keepParts(upload.folder, new Set(parts.map(({ file }) => file)));
  }
  appendEnd(state, upload);
}

export function forget(state: DiskState, { id, parts, ...upload }: DiskUpload): void {
  state.uploads.delete(id);
  state.count(upload, -1);
  for (const part of parts.values()) state.count(part, -1);
}

function appendEnd(state: DiskState, { id, bucket }: DiskUpload): void {
  state.append(encodeRecord({ kind: 'end-upload', bucket, id }));
}
