import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonNode } from '../../../shared/json/node.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/dataknobs/objects/', import.meta.url));

/** An object as a release of dataknobs-data wrote it, and what the same release reads back. */
export interface GoldenObject {
  /** `v0.11.0-sync/00-string`. */
  readonly name: string;
  readonly release: string;
  readonly key: string;
  readonly bytes: Buffer;
  /** Text of `read.json`; its numbers need more digits than a double has. */
  readonly read: string;
}

export function goldenObjects(): readonly GoldenObject[] {
  return readdirSync(FOLDER)
    .filter((folder) => folder.startsWith('v'))
    .flatMap((release) =>
      readdirSync(join(FOLDER, release))
        .filter((file) => file.endsWith('.body'))
        .map((file) => {
          const base = join(FOLDER, release, file.slice(0, -'.body'.length));
          const head: unknown = JSON.parse(readFileSync(`${base}.head.json`, 'utf8'));
          return {
            name: `${release}/${file.slice(0, -'.body'.length)}`,
            release,
            key: keyOf(head),
            bytes: readFileSync(`${base}.body`),
            read: readFileSync(`${base}.read.json`, 'utf8'),
          };
        }),
    );
}

export interface ForeignObject {
  readonly name: string;
  readonly key: string;
  readonly bytes: Buffer;
}

/** Objects that no dataknobs wrote, by the index of their folder. */
export function foreignObjects(): readonly ForeignObject[] {
  const index: unknown = JSON.parse(readFileSync(join(FOLDER, 'foreign', 'index.json'), 'utf8'));
  const found: ForeignObject[] = [];
  if (typeof index !== 'object' || index === null || !('objects' in index) || !Array.isArray(index.objects)) {
    throw new Error('the index of the foreign objects has another form');
  }
  for (const entry of index.objects as unknown[]) {
    const name = fileOf(entry);
    const body = join(FOLDER, 'foreign', `${name}.body`);
    if (existsSync(body)) found.push({ name, key: keyOf(entry), bytes: readFileSync(body) });
  }
  return found;
}

/** A value with every digit of its numbers, comparable; `$float` and `$vector` of the fixtures undone. */
export function comparable(root: JsonNode): unknown {
  switch (root.kind) {
    case 'object': {
      const only = root.members.length === 1 ? root.members[0] : undefined;
      if (only?.name === '$float' && only.value.kind === 'string') {
        return { number: { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' }[only.value.value] };
      }
      if (only?.name === '$vector') return comparable(only.value);
      return { members: root.members.map(({ name, value }) => [name, comparable(value)]) };
    }
    case 'array':
      return root.items.map(comparable);
    case 'number':
      return { number: root.text };
    case 'null':
      return null;
    case 'string':
    case 'boolean':
      return root.value;
  }
}

function keyOf(entry: unknown): string {
  if (typeof entry === 'object' && entry !== null && 'key' in entry && typeof entry.key === 'string') return entry.key;
  throw new Error('a fixture has no key');
}

function fileOf(entry: unknown): string {
  if (typeof entry === 'object' && entry !== null && 'file' in entry && typeof entry.file === 'string')
    return entry.file;
  throw new Error('a fixture has no file');
}
