const CHUNK = 2048;

/**
 * Keys in the order of a listing, in chunks, so that a key costs the same to insert into a million as into a thousand.
 * Compares UTF-16 units, which is S3's order for the ASCII keys that are measured.
 */
export class SortedKeys {
  #chunks = [];
  size = 0;

  /** The key must not be there. */
  add(key) {
    this.size += 1;
    const chunks = this.#chunks;
    if (chunks.length === 0) {
      chunks.push([key]);
      return;
    }
    const at = this.#chunkOf(key);
    const chunk = chunks[at];
    chunk.splice(lowerBound(chunk, key), 0, key);
    if (chunk.length > CHUNK) chunks.splice(at + 1, 0, chunk.splice(CHUNK / 2));
  }

  /** The key must be there. */
  delete(key) {
    this.size -= 1;
    const at = this.#chunkOf(key);
    const chunk = this.#chunks[at];
    chunk.splice(lowerBound(chunk, key), 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** Keys that are not below `from`, in order. */
  *from(from) {
    if (this.size === 0) return;
    let at = this.#chunkOf(from);
    let start = lowerBound(this.#chunks[at], from);
    for (; at < this.#chunks.length; at += 1, start = 0) {
      const chunk = this.#chunks[at];
      for (let index = start; index < chunk.length; index += 1) yield chunk[index];
    }
  }

  /** The last chunk whose first key is not above `key`. */
  #chunkOf(key) {
    let [low, high] = [0, this.#chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#chunks[middle][0] <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lowerBound(keys, key) {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
