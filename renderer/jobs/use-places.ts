import { useState } from 'react';

/**
 * A place from 0 for each name, which it keeps as long as it is there: what ends beside it does not move it. New names get
 * the first free place.
 */
export function usePlaces(names: readonly string[]): ReadonlyMap<string, number> {
  const [places, setPlaces] = useState<ReadonlyMap<string, number>>(new Map());
  const isSame = names.length === places.size && names.every((name) => places.has(name));
  if (isSame) return places;
  const next = placesOf(names, places);
  setPlaces(next);
  return next;
}

export function placesOf(names: readonly string[], before: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const kept = names.flatMap((name): [string, number][] => {
    const place = before.get(name);
    return place === undefined ? [] : [[name, place]];
  });
  const places = new Map(kept);
  const taken = new Set(places.values());
  for (const name of names) {
    if (places.has(name)) continue;
    let free = 0;
    while (taken.has(free)) free += 1;
    taken.add(free);
    places.set(name, free);
  }
  return places;
}
