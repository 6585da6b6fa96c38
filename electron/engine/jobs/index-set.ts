/** A set of positions, one bit each: which records of a job are finished. */
export class IndexSet {
  #bits = new Uint8Array(1024);

  add(index: number): void {
    const at = index >> 3;
    if (at >= this.#bits.length) {
      const larger = new Uint8Array(Math.max(this.#bits.length * 2, at + 1));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (index & 7));
  }

  delete(index: number): void {
    if (this.has(index)) this.#bits[index >> 3] = (this.#bits[index >> 3] ?? 0) & ~(1 << (index & 7));
  }

  has(index: number): boolean {
    return ((this.#bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  /** The lowest position that is not in it. */
  firstMissing(): number {
    const byte = this.#bits.findIndex((bits) => bits !== 0xff);
    const from = 8 * (byte < 0 ? this.#bits.length : byte);
    for (let index = from; ; index += 1) if (!this.has(index)) return index;
  }
}
