import type { Collection } from './collection.ts';

const SUFFIX = '.json';

/** The key without the prefix and without one final `.json`, verbatim: `records//a.json` below `records/` is `/a`. */
export function idOfKey(prefix: string, key: string): string {
  const name = key.startsWith(prefix) ? key.slice(prefix.length) : key;
  return name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name;
}

/** The template with the id in its place, below the prefix. Not with `replace`, for which `$&` in an id is a pattern. */
export function expandKey({ prefix, keyTemplate }: Pick<Collection, 'prefix' | 'keyTemplate'>, id: string): string {
  return prefix + keyTemplate.split('{id}').join(id);
}
