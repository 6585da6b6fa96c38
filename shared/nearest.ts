/** The name that was probably meant: the one with the fewest slips of the keyboard, or null where none is near. */
export function nearest(given: string, names: Iterable<string>): string | null {
  let best: string | null = null;
  // A third of the letters may be wrong: beyond that a guess is a riddle.
  let fewest = Math.max(1, Math.floor(given.replace(/^-+/, '').length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - given.length) >= fewest) continue;
    const count = slips(given.toLowerCase(), name.toLowerCase());
    if (count < fewest) {
      best = name;
      fewest = count;
    }
  }
  return best;
}

/** `Did you mean query? `, or nothing. */
export function didYouMean(given: string, names: Iterable<string>): string {
  const name = nearest(given, names);
  return name === null ? '' : ` Did you mean ${name}?`;
}

/** Letters that are wrong, missing, too many, or two that changed places (Damerau and Levenshtein's distance). */
function slips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, (beforeLast[column - 2] ?? least) + 1);
      }
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? b.length;
}
