/** Why a request was not answered: each is a line of its own in the log. */
export type Refusal = 'host' | 'origin' | 'token' | 'code' | 'too many connections' | 'too slow, or no HTTP';

/**
 * What was refused, for whoever wonders at a page that does not work or a program that keeps knocking. The first of each
 * kind is said, then the 10th, the 100th and so on: nobody fills a disk or a terminal by asking.
 */
export interface Refusals {
  add(refusal: Refusal, from?: string): void;
}

const LONGEST_FROM = 100;

export function createRefusals(say: (text: string) => void): Refusals {
  const counts = new Map<Refusal, number>();
  return {
    add: (refusal, from) => {
      const count = (counts.get(refusal) ?? 0) + 1;
      counts.set(refusal, count);
      if (!Number.isInteger(Math.log10(count))) return;
      const source = from === undefined ? '' : ` (the last from ${JSON.stringify(from.slice(0, LONGEST_FROM))})`;
      say(`${count} ${count === 1 ? 'request was' : 'requests were'} refused: ${WORDS[refusal]}${source}.`);
    },
  };
}

const WORDS: Readonly<Record<Refusal, string>> = {
  host: 'under a name that is not this address',
  origin: "by another program's page",
  token: 'without the token of this Dipper, or with a wrong one',
  code: 'with a code that was used, is too old, or never was one',
  'too many connections': 'more connections at once than a page needs',
  'too slow, or no HTTP': 'too slow, or no HTTP',
};
