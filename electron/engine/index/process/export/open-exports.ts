import { exportClosed, type OpenExport } from './open-export.ts';

/** Exports under way, by the ids of their jobs. */
export class OpenExports {
  readonly #exports = new Map<string, OpenExport>();

  async add(opened: OpenExport): Promise<void> {
    // Of a run of the same job that nobody ended.
    await this.close(opened.handle);
    this.#exports.set(opened.handle, opened);
  }

  /** Throws `index-restarted`. */
  get(handle: string): OpenExport {
    const opened = this.#exports.get(handle);
    if (opened === undefined) throw exportClosed();
    return opened;
  }

  async close(handle: string): Promise<void> {
    const opened = this.#exports.get(handle);
    if (opened === undefined) return;
    this.#exports.delete(handle);
    await opened.close();
  }

  async closeAllOf(collection: string): Promise<void> {
    for (const opened of this.#exports.values()) {
      if (opened.collection === collection) await this.close(opened.handle);
    }
  }
}
