export interface Match {
  /** Greater fits better. */
  readonly score: number;
  /** Places of the letters that were found, in UTF-16 units. */
  readonly places: ReadonlySet<number>;
}

/**
 * Whether every typed word is found in the text: as a piece of it, or as the beginnings of words in their order (`cj` and
 * `co js` find "Copy as JSON"). Letters anywhere, as editors take them, find too much among names this short.
 */
export function fuzzyMatch(text: string, typed: string): Match | null {
  const letters = text.toLowerCase();
  // A letter that changes its length would shift the places: such names are found by their own letters alone.
  const haystack = letters.length === text.length ? letters : text;
  const places = new Set<number>();
  let score = 0;
  for (const word of typed.toLowerCase().split(/\s+/)) {
    const found = word === '' ? [] : (findPiece(haystack, word) ?? findBeginnings(haystack, word));
    if (found === null) return null;
    for (const place of found) places.add(place);
    score += scoreOf(haystack, found);
  }
  return { score, places };
}

function findPiece(text: string, word: string): readonly number[] | null {
  let at = text.indexOf(word);
  const first = at;
  while (at > 0 && !startsWord(text, at)) at = text.indexOf(word, at + 1);
  const chosen = at === -1 ? first : at;
  return chosen === -1 ? null : Array.from(word, (_, step) => chosen + step).slice(0, word.length);
}

/** Each letter goes on where the one before ended, or begins a later word; the first way that reaches the end. */
function findBeginnings(text: string, word: string): readonly number[] | null {
  // Ends that lead nowhere, so that none is tried twice: a name may repeat itself.
  const failed = new Set<number>();
  const goOn = (from: number, before: readonly number[]): readonly number[] | null => {
    const letter = word[before.length];
    if (letter === undefined) return before;
    const state = before.length * (text.length + 1) + from;
    if (failed.has(state)) return null;
    for (let at = text.indexOf(letter, from); at !== -1; at = text.indexOf(letter, at + 1)) {
      if (!(before.length > 0 && at === from) && !startsWord(text, at)) continue;
      const found = goOn(at + 1, [...before, at]);
      if (found !== null) return found;
    }
    failed.add(state);
    return null;
  };
  return goOn(0, []);
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}

/** Long runs, at the beginnings of words, near the start, of short names. */
function scoreOf(text: string, places: readonly number[]): number {
  const [first] = places;
  if (first === undefined) return 0;
  const runs = places.filter((place, step) => step === 0 || place !== (places[step - 1] ?? 0) + 1).length;
  return (
    (startsWord(text, first) ? 100 : 50) - 10 * (runs - 1) - Math.min(first, 40) / 4 - Math.min(text.length, 80) / 20
  );
}
