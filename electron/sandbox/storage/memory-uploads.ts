import {
  wholeSeconds,
  type Bucket,
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

interface MemoryPart extends UploadedPart {
  readonly bytes: Uint8Array;
}

interface MemoryUpload extends MultipartUpload {
  readonly parts: Map<number, MemoryPart>;
}

export class MemoryUploads implements Uploads {
  readonly #uploads = new Map<string, MemoryUpload>();
  readonly #put: Bucket['put'];

  constructor(put: Bucket['put']) {
    this.#put = put;
  }

  list(): readonly MultipartUpload[] {
    return inListingOrder(this.#uploads.values());
  }

  get(id: string): MultipartUpload | null {
    return this.#uploads.get(id) ?? null;
  }

  async create(upload: NewUpload): Promise<MultipartUpload> {
    const initiated = Date.now();
    const created = { ...upload, id: newUploadId(initiated), initiated, parts: new Map<number, MemoryPart>() };
    this.#uploads.set(created.id, created);
    return created;
  }

  async putPart(id: string, { body, ...part }: NewPart): Promise<UploadedPart | null> {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return null;
    if (!('bytes' in body)) throw new Error('a body of this storage is bytes');
    const stored = { ...part, bytes: body.bytes, modified: wholeSeconds(Date.now()) };
    upload.parts.set(part.number, stored);
    return stored;
  }

  async complete(
    id: string,
    { size, etag, checksum, parts }: CompletedUpload,
    check: WriteCheck,
  ): Promise<ObjectEntry | null> {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return null;
    const bytes = Buffer.concat(parts.map(({ number }) => upload.parts.get(number)?.bytes ?? new Uint8Array()));
    const facts = { ...upload.facts, checksum, parts, upload: id };
    const { key, storageClass } = upload;
    return this.#put({ key, size, etag, storageClass, facts, body: { bytes } }, (current) => {
      check(current);
      this.#uploads.delete(id);
    });
  }

  async abort(id: string): Promise<boolean> {
    return this.#uploads.delete(id);
  }
}
