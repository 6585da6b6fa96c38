import { seededRandom } from '../seeded-random.ts';

/** Choices that are the same from the same seed. */
export interface Dice {
  /** From 0 up to 1. */
  number(): number;
  /** Both ends included. */
  integer(from: number, to: number): number;
  pick<T>(choices: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
}

export function seededDice(seed: number): Dice {
  const number = seededRandom(seed);
  const integer = (from: number, to: number): number => from + Math.floor(number() * (to - from + 1));
  return {
    number,
    integer,
    pick: (choices) => {
      const choice = choices[integer(0, choices.length - 1)];
      if (choice === undefined) throw new Error('there is nothing to choose from');
      return choice;
    },
    shuffled: (items) =>
      items
        .map((item) => ({ item, rank: number() }))
        .toSorted((one, other) => one.rank - other.rank)
        .map(({ item }) => item),
  };
}
