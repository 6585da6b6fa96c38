import type { JsonNode } from '../../../../shared/json/node.ts';
import type { Nearest, VectorMetric } from '../../../../shared/query.ts';
import { SLOT_KINDS, type ShreddedValue } from '../slots.ts';

/**
 * How far a value is from the vector, to be sorted from small to large: one minus the cosine of their angle, the euclidean
 * distance, or the negative dot product. Null for what is no list of as many finite numbers; a vector of zeros has no
 * angle to any other.
 */
export function nearestValue({ vector, metric }: Nearest, value: JsonNode | undefined): ShreddedValue | null {
  const numbers = value === undefined ? null : numbersOf(value, vector.length);
  const distance = numbers === null ? Number.NaN : distanceOf(metric, vector, numbers);
  if (!Number.isFinite(distance)) return null;
  return { kind: SLOT_KINDS.number, number: distance + 0, integer: null, text: null, instant: null };
}

function numbersOf(value: JsonNode, length: number): readonly number[] | null {
  if (value.kind !== 'array' || value.items.length !== length) return null;
  const numbers = value.items.map((item) => (item.kind === 'number' ? Number(item.text) : Number.NaN));
  return numbers.every(Number.isFinite) ? numbers : null;
}

function distanceOf(metric: VectorMetric, left: readonly number[], right: readonly number[]): number {
  switch (metric) {
    case 'euclidean':
      return Math.sqrt(sumOf(left, right, (one, other) => (one - other) ** 2));
    case 'dot':
      return -dot(left, right);
    case 'cosine':
      return 1 - dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right));
  }
}

function dot(left: readonly number[], right: readonly number[]): number {
  return sumOf(left, right, (one, other) => one * other);
}

function sumOf(
  left: readonly number[],
  right: readonly number[],
  term: (one: number, other: number) => number,
): number {
  return left.reduce((sum, one, index) => sum + term(one, right[index] ?? 0), 0);
}
