import type { SyncProgress } from '../../../shared/page.ts';
import type { IndexSource } from './collection-index.ts';
import { isYoung, PartialListings } from './partial-listings.ts';
import type { IndexState } from './protocol.ts';
import type { RunningSync } from './running-sync.ts';
import type { TagReadings } from './tag-readings.ts';

/** What main knows of one collection's index. */
export class IndexEntry {
  readonly collection: string;
  readonly tags: TagReadings;
  /** What the index was opened as; another codec or prefix is another index. */
  openedAs: string | null = null;
  opening: Promise<IndexState> | null = null;
  state: IndexState | null = null;
  sync: RunningSync | null = null;
  /** The last one of the whole collection that came to its end: what it is known by in `syncedAt`, and what it took. */
  lastSync: Pick<SyncProgress, 'startedAt' | 'requests'> | null = null;
  /** Starts when `sync` has ended, for those who asked after its listing began. */
  following: Promise<RunningSync> | null = null;
  /** Of jobs that wait for a sync. */
  readonly listeners = new Set<(progress: SyncProgress) => void>();
  /** The collection was removed or changed: what waits in this entry must not make its files again. */
  forgotten = false;
  /** A write did not reach the index, or met what the index does not know: the next query lists whatever the TTL says. */
  missedWrite = false;
  readonly partial = new PartialListings();
  /** Objects that a sync that was broken off had listed and not read. */
  leftToRead = 0;
  /** The index was damaged: said with the answers until it is whole again. */
  isRemade = false;

  constructor(collection: string, tags: TagReadings) {
    this.collection = collection;
    this.tags = tags;
  }

  /** Start of the last complete listing; null before the first. */
  get syncedAt(): number | null {
    return this.state?.syncedAt ?? null;
  }

  /** Of an answer as of `syncedAt`: what the sync took that it is from, where that is known. */
  costOf(syncedAt: number | null): { readonly syncRequests?: number } {
    return this.lastSync?.startedAt === syncedAt ? { syncRequests: this.lastSync.requests } : {};
  }

  get isSyncing(): boolean {
    return this.sync !== null && !this.sync.ended;
  }

  isFresh(source: IndexSource): boolean {
    return !this.missedWrite && isYoung(this.syncedAt, source);
  }

  isFreshBelow(source: IndexSource, below: readonly string[]): boolean {
    return !this.missedWrite && isYoung(this.partial.listedAt(below), source);
  }

  /** What was opened is not there any more: the next call opens the index again. */
  close(): void {
    this.opening = null;
    this.openedAs = null;
    this.state = null;
  }
}
