import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

/** Who may import whom: the table of ARCHITECTURE.md. A layer is the longest prefix that fits a file. */
interface Layer {
  readonly path: string;
  /** Prefixes of the project's own files. */
  readonly files: readonly string[];
  /** Packages by name; `node:` stands for all of Node's modules. */
  readonly packages: readonly string[];
}

const REACT_WORLD = [
  'react',
  'react-dom',
  '@tanstack/',
  '@base-ui/react',
  'zustand',
  '@codemirror/',
  '@lezer/',
  '@observablehq/plot',
];
const SHELL = ['electron/application.ts', 'electron/ipc/', 'shared/', 'electron/store/secrets.ts'];

const LAYERS: readonly Layer[] = [
  { path: 'shared/', files: ['shared/'], packages: [] },
  {
    path: 'electron/engine/',
    files: ['electron/engine/', 'electron/files/', 'shared/'],
    packages: ['node:', '@duckdb/', '@aws-sdk/', 'fzstd'],
  },
  {
    path: 'electron/engine/transfer/export/',
    files: ['electron/engine/', 'shared/'],
    packages: ['node:', '@duckdb/node-api', '@hpcc-js/wasm-zstd'],
  },
  { path: 'electron/sandbox/', files: ['electron/sandbox/', 'shared/'], packages: ['node:'] },
  { path: 'electron/files/', files: ['electron/files/', 'shared/'], packages: ['node:'] },
  { path: 'electron/store/', files: ['electron/store/', 'electron/files/', 'shared/'], packages: ['node:', 'zod'] },
  {
    path: 'electron/services/',
    files: ['electron/services/', 'electron/engine/', 'electron/store/', 'electron/sandbox/', 'shared/'],
    packages: ['node:', 'yaml'],
  },
  {
    path: 'electron/handlers/',
    files: ['electron/handlers/', 'electron/services/', 'electron/engine/', 'electron/store/', 'shared/'],
    packages: ['node:', 'zod'],
  },
  { path: 'electron/ipc/', files: ['electron/ipc/', 'electron/handlers/', 'shared/'], packages: ['node:', 'zod'] },
  {
    path: 'electron/open-application.ts',
    files: [
      'electron/store/',
      'electron/engine/',
      'electron/sandbox/',
      'electron/services/',
      'electron/handlers/',
      'electron/ipc/',
      'shared/',
    ],
    packages: ['node:'],
  },
  {
    path: 'electron/application.ts',
    files: ['electron/open-application.ts', 'electron/store/', 'electron/sandbox/', 'electron/ipc/', 'shared/'],
    packages: ['node:'],
  },
  { path: 'electron/browser/', files: ['electron/browser/', ...SHELL], packages: ['node:'] },
  { path: 'electron/cli/', files: ['electron/cli/', 'electron/browser/', ...SHELL], packages: ['node:', 'commander'] },
  { path: 'electron/desktop/', files: ['electron/desktop/', ...SHELL], packages: ['node:', 'electron'] },
  { path: 'electron/main.ts', files: ['electron/desktop/', ...SHELL], packages: ['node:', 'electron'] },
  { path: 'electron/preload.ts', files: ['shared/'], packages: ['electron'] },
  { path: 'renderer/grid/', files: ['renderer/grid/', 'renderer/ui/', 'shared/'], packages: REACT_WORLD },
  { path: 'renderer/ui/', files: ['renderer/ui/', 'shared/'], packages: REACT_WORLD },
  { path: 'renderer/', files: ['renderer/', 'shared/'], packages: REACT_WORLD },
];

const root = resolve(import.meta.dirname, '../..');
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function importsOf(file: string): string[] {
  return [...readFileSync(join(root, file), 'utf8').matchAll(IMPORT)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

function layerOf(file: string): Layer | undefined {
  return LAYERS.filter((layer) => file.startsWith(layer.path)).toSorted((a, b) => b.path.length - a.path.length)[0];
}

/** Null where the layer may import it. */
function breach(file: string, specifier: string): string | null {
  const layer = layerOf(file);
  if (layer === undefined) return `${file} is in no layer`;
  if (specifier.startsWith('.')) {
    const target = posix.normalize(posix.join(dirname(file), specifier));
    return layer.files.some((prefix) => target.startsWith(prefix)) ? null : `${file} imports ${target}`;
  }
  return layer.packages.some((name) =>
    name.endsWith('/') || name.endsWith(':')
      ? specifier.startsWith(name)
      : specifier === name || specifier.startsWith(`${name}/`),
  )
    ? null
    : `${file} imports ${specifier}`;
}

test('every import stays inside the fences of the house', () => {
  const files = ['shared', 'electron', 'renderer'].flatMap(sourceFiles);
  expect(files.length).toBeGreaterThan(20);
  const breaches = files.flatMap((file) => importsOf(file).map((specifier) => breach(file, specifier)));
  expect(breaches.filter((found) => found !== null)).toEqual([]);
});

test('a breach is seen', () => {
  expect(breach('electron/engine/engine.ts', 'electron')).toBe('electron/engine/engine.ts imports electron');
  expect(breach('renderer/grid/Grid.tsx', '../api/call.ts')).toBe(
    'renderer/grid/Grid.tsx imports renderer/api/call.ts',
  );
  expect(breach('electron/engine/s3/list.ts', '../../../shared/page.ts')).toBeNull();
});

/** Values alone: what is imported as a type is not loaded. */
function loadsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/(?:^|\n)\s*(?:import|export)\s+type\s[^;]*;/g, '');
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

test('main loads no database: only processes of their own do', () => {
  const reached = new Set(['electron/engine/create-engine.ts']);
  const loading: string[] = [];
  for (const file of reached) {
    for (const specifier of loadsOf(file)) {
      if (specifier.startsWith('@duckdb/')) loading.push(file);
      if (specifier.startsWith('.')) reached.add(posix.normalize(posix.join(dirname(file), specifier)));
    }
  }
  expect(reached.size).toBeGreaterThan(100);
  expect(loading).toEqual([]);
});
