import type { CodecName } from '../../shared/collection.ts';
import { EDGE_CASES_PLACE } from './edge-cases/all-edge-cases.ts';

export interface SampleCollection {
  readonly name: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly codec: CodecName;
}

/** What a sandbox with sample records holds, in the order to show. */
export const SAMPLE_COLLECTIONS: readonly SampleCollection[] = [
  { name: 'movies', bucket: 'samples', prefix: 'movies/', codec: 'plain' },
  { name: 'cars', bucket: 'samples', prefix: 'cars/', codec: 'plain' },
  { name: 'airports', bucket: 'samples', prefix: 'airports/', codec: 'plain' },
  { name: 'penguins', bucket: 'samples', prefix: 'penguins/', codec: 'dataknobs' },
  { name: 'edge cases', ...EDGE_CASES_PLACE, codec: 'plain' },
];
