import { createHash } from 'node:crypto';
import { SortedKeys } from './sorted-keys.mjs';

/** Objects of one bucket, in memory. An object is `{ body, etag, modified, headers }`; `headers` are lines kept verbatim. */
export class Bucket {
  #objects = new Map();
  #keys = new SortedKeys();
  #bytes = 0;

  get(key) {
    return this.#objects.get(key);
  }

  put(key, object) {
    const before = this.#objects.get(key);
    if (before === undefined) this.#keys.add(key);
    else this.#bytes -= before.body.length;
    this.#bytes += object.body.length;
    this.#objects.set(key, object);
  }

  delete(key) {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    this.#bytes -= object.body.length;
    this.#objects.delete(key);
    this.#keys.delete(key);
  }

  keysFrom(key) {
    return this.#keys.from(key);
  }

  /** What is there: count, bytes, and one hash over all keys and ETags in order. */
  summary() {
    const hash = createHash('sha256');
    for (const key of this.#keys.from('')) hash.update(`${key}\n${this.#objects.get(key).etag}\n`);
    return { objects: this.#keys.size, bytes: this.#bytes, hash: hash.digest('hex') };
  }
}
