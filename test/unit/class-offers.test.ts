import { expect, test } from 'vitest';
import { breakEvenBytes, classOffers, monthlyCost } from '../../electron/engine/cost/class-offers.ts';
import { US_EAST_1 } from '../../electron/engine/cost/prices/us-east-1.ts';
import { boundOf, type ClassOffer, type OfferUse, type SizeCount } from '../../shared/class-offer.ts';

const KIB = 1024;

function objectsOf(count: number, size: number, storageClass = 'STANDARD'): SizeCount {
  return { storageClass, bound: boundOf(size), objects: count, bytes: count * size };
}

function offer(storageClass: string, sizes: readonly SizeCount[], use: OfferUse = 'move'): ClassOffer {
  const found = classOffers(US_EAST_1, sizes, use).offers.find((each) => each.storageClass === storageClass);
  if (found === undefined) throw new Error(`${storageClass} is not offered`);
  return found;
}

// Amazon's rules of us-east-1: 128 KB at least, or 32 KB more in the class and 8 KB in Standard.
test.each([
  ['STANDARD_IA', 69.6],
  ['ONEZONE_IA', 55.7],
  ['GLACIER_IR', 22.3],
  ['GLACIER', 15.4],
  ['DEEP_ARCHIVE', 9.8],
])('%s costs more than Standard for objects below %d KB, and less above', (name, kilobytes) => {
  const bytes = breakEvenBytes(US_EAST_1, name);
  expect(Math.round((bytes / KIB) * 10) / 10).toBe(kilobytes);
  const below = objectsOf(1000, bytes * 0.99);
  const above = objectsOf(1000, bytes * 1.01);
  expect(monthlyCost(US_EAST_1, name, [below])).toBeGreaterThan(monthlyCost(US_EAST_1, 'STANDARD', [below]));
  expect(monthlyCost(US_EAST_1, name, [above])).toBeLessThan(monthlyCost(US_EAST_1, 'STANDARD', [above]));
  expect([offer(name, [below]).tone, offer(name, [above]).tone]).toEqual(['dearer', 'cheaper']);
});

test('a million records of 300 bytes cost 237 times more in Standard-IA, and $10 to get there', () => {
  const records = [objectsOf(1_000_000, 300)];
  const { now } = classOffers(US_EAST_1, records, 'move');
  const colder = offer('STANDARD_IA', records);
  expect(now).toBeCloseTo(0.0064, 4);
  expect(colder.monthly).toBeCloseTo(1.53, 2);
  expect(colder.once).toBe(10);
  expect(colder).toMatchObject({
    tone: 'dearer',
    paysBack: null,
    verdict: 'Costs 237 times more: records are 300 B, and each is billed as 128.0 KB.',
  });
  expect(offer('STANDARD', records)).toMatchObject({ tone: 'there', once: 0, verdict: 'Where they are now.' });
  expect(offer('INTELLIGENT_TIERING', records)).toMatchObject({ tone: 'same', verdict: 'Costs the same.' });
});

test('large records pay back what their copies cost, and say how long they have to stay', () => {
  const records = [objectsOf(495_000, (569 * 2 ** 30) / 495_000)];
  const archive = offer('GLACIER_IR', records);
  expect(archive.monthly).toBeCloseTo(2.28, 2);
  expect(archive.once).toBeCloseTo(9.9, 5);
  expect(archive.paysBack).toBeCloseTo(0.9, 1);
  expect(archive.verdict).toBe(
    'Saves $10.81 a month, which pays for getting there after 0.9 months. Billed for 90 days at least.',
  );
});

test('each size counts for itself: small records make dearer what large ones alone make cheaper', () => {
  const large = objectsOf(1_000, 4 * 1024 * KIB);
  const small = objectsOf(10_000_000, 300);
  expect(offer('STANDARD_IA', [large]).tone).toBe('cheaper');
  expect(offer('STANDARD_IA', [large, small]).tone).toBe('dearer');
});

test('what comes out of a colder class is read there first, and what is in the class already is not copied', () => {
  const sizes = [objectsOf(1_000, 2 ** 20, 'GLACIER_IR'), objectsOf(500, 2 ** 20, 'STANDARD_IA')];
  const standard = offer('STANDARD', sizes);
  expect(standard.once).toBeCloseTo((1_500 * 0.005) / 1000 + (1_000 * 0.03 + 500 * 0.01) / 1024, 8);
  expect(standard.tone).toBe('dearer');
  const { once, there } = offer('STANDARD_IA', sizes);
  expect(there).toBe(500);
  expect(once).toBeCloseTo((1_000 * 0.01) / 1000 + (1_000 * 0.03) / 1024, 8);
});

test('new records are compared with Standard, of which only the dearer writes are paid once', () => {
  const { now, offers } = classOffers(US_EAST_1, [objectsOf(1_000, 2 ** 20)], 'create');
  expect(now).toBeCloseTo((1_000 / 1024) * 0.023, 8);
  expect(offers.find(({ storageClass }) => storageClass === 'STANDARD')).toMatchObject({
    once: 0,
    verdict: 'What S3 takes by itself.',
  });
  expect(offer('GLACIER_IR', [objectsOf(1_000, 2 ** 20)], 'create').once).toBeCloseTo(0.015, 8);
});

test('without records nothing is said to be cheaper', () => {
  const { now, offers } = classOffers(US_EAST_1, [], 'create');
  expect(now).toBe(0);
  expect(
    offers.every(({ tone, verdict }) => tone !== 'cheaper' && verdict === 'There are no records to tell by.'),
  ).toBe(true);
});
