/** The words of a line of bash as far as it is typed, the last one unfinished: quotes and backslashes are undone. */
export function splitLine(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote: string | null = null;
  for (let place = 0; place < line.length; place += 1) {
    const character = line.charAt(place);
    if (quote === null && /\s/.test(character)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
      continue;
    }
    inWord = true;
    if (character === quote) {
      quote = null;
    } else if (quote === null && (character === '"' || character === "'")) {
      quote = character;
    } else if (character === '\\' && quote !== "'") {
      place += 1;
      word += line.charAt(place);
    } else {
      word += character;
    }
  }
  return [...words, word];
}
