import type { RequestEntry } from '../../shared/request-log.ts';

/** One request: its tries in order, at least one. */
export interface RequestGroup {
  readonly request: number;
  readonly tries: readonly [RequestEntry, ...RequestEntry[]];
}

/**
 * Adds tries to requests, which stand in the order in which their first try ended, so that a later one changes a row
 * and moves none. Requests of which the log keeps nothing any more (before `first`) go.
 */
export function addTries(
  groups: readonly RequestGroup[],
  entries: readonly RequestEntry[],
  first: number,
): readonly RequestGroup[] {
  const kept = groups.filter((group) => lastTry(group).sequence >= first);
  const places = new Map(kept.map(({ request }, place) => [request, place]));
  for (const entry of entries) {
    const place = places.get(entry.request);
    const group = place === undefined ? undefined : kept[place];
    if (place === undefined || group === undefined) {
      places.set(entry.request, kept.length);
      kept.push({ request: entry.request, tries: [entry] });
    } else {
      kept[place] = { request: entry.request, tries: [...group.tries, entry] };
    }
  }
  return kept;
}

export function lastTry({ tries }: RequestGroup): RequestEntry {
  return tries.at(-1) ?? tries[0];
}
