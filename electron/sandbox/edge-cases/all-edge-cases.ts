import { BROKEN_BODIES } from './broken-bodies.ts';
import type { EdgeCase } from './edge-case.ts';
import { ODD_BODIES } from './odd-bodies.ts';
import { ODD_KEYS } from './odd-keys.ts';
import { ODD_OBJECTS } from './odd-objects.ts';

/** Where the sandbox keeps them. */
export const EDGE_CASES_PLACE = { bucket: 'samples', prefix: 'edge-cases/' } as const;

/** Each of them opens in Dipper or says why it cannot, and stays byte for byte what it is through a save. */
export const EDGE_CASES: readonly EdgeCase[] = [...BROKEN_BODIES, ...ODD_BODIES, ...ODD_KEYS, ...ODD_OBJECTS];
