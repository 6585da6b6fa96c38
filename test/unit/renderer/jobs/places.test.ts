import { expect, test } from 'vitest';
import { placesOf } from '../../../../renderer/jobs/use-places.ts';

test('what goes on keeps its place while others come and end, and a free place is taken first', () => {
  const one = placesOf(['sync a'], new Map());
  const two = placesOf(['job', 'sync a'], one);
  const alone = placesOf(['job'], two);
  const again = placesOf(['job', 'sync b', 'sync c'], alone);
  expect([one, two, alone, again].map((places) => Object.fromEntries(places))).toEqual([
    { 'sync a': 0 },
    { 'sync a': 0, job: 1 },
    { job: 1 },
    { job: 1, 'sync b': 0, 'sync c': 2 },
  ]);
});
