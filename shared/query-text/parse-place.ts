import { OBJECT_FACTS, type ObjectFact, type Place } from '../query.ts';
import { QueryTextError } from './query-text-error.ts';
import { TokenReader } from './token-reader.ts';

const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not']);

/** A place that stands alone. Throws QueryTextError. */
export function parsePlaceText(text: string): Place {
  const reader = new TokenReader(text);
  const place = parsePlace(reader);
  if (reader.peek().kind !== 'end') reader.fail('Behind the place something is too much.');
  return place;
}

/** `rating`, `tags[0]`, `@size`, `@tag.reviewed`. */
export function parsePlace(reader: TokenReader): Place {
  if (reader.takeMark('@')) return parseOutside(reader);
  const first = reader.peek();
  if (first.kind === 'field') {
    reader.take();
    return { field: first.text };
  }
  const steps: (string | number)[] = [];
  let hasBrackets = false;
  if (first.kind === 'word' && !RESERVED.has(first.text.toLowerCase())) {
    reader.take();
    steps.push(first.text);
  } else if (!reader.isMark('[')) {
    reader.fail(
      first.kind === 'word'
        ? `A condition begins with a field; one that is called "${first.text}" is written \`${first.text}\`.`
        : 'Here a field is missing, such as rating in: rating >= 8.',
    );
  }
  for (;;) {
    if (reader.takeMark('.')) {
      steps.push(parseName(reader));
    } else if (reader.isMark('[') && !(steps.length === 0 && hasBrackets)) {
      hasBrackets = true;
      steps.push(parseStep(reader, steps.length === 0));
    } else break;
  }
  return hasBrackets ? { path: steps } : { field: steps.join('.') };
}

function parseName(reader: TokenReader): string {
  const token = reader.take();
  if (token.kind === 'word') return token.text;
  throw new QueryTextError('Behind a . comes a name; an odd one is written ["odd name"].', token.start);
}

/** `["name"]` or `[0]`. */
function parseStep(reader: TokenReader, isFirst: boolean): string | number {
  reader.take();
  const token = reader.take();
  let step: string | number | null = null;
  if (token.kind === 'string') step = token.value;
  else if (token.kind === 'number' && /^\d+$/.test(token.text) && !isFirst) step = Number(token.text);
  if (step === null || (typeof step === 'number' && !Number.isSafeInteger(step))) {
    throw new QueryTextError(
      isFirst
        ? 'A path begins with a name in double quotes: ["x.y"].'
        : 'Write a name in double quotes or a position from 0 here.',
      token.start,
    );
  }
  reader.needMark(']', 'This [ has no ] behind it.');
  return step;
}

/** `@size`, `@tag.reviewed`, `@tag["a b"]`. */
function parseOutside(reader: TokenReader): Place {
  const token = reader.take();
  const name = token.kind === 'word' ? token.text.toLowerCase() : '';
  if (name === 'tag') {
    if (reader.takeMark('.')) return { tag: parseName(reader) };
    if (!reader.isMark('[')) reader.fail('Which tag? Write @tag.reviewed, or @tag["odd name"].');
    return { tag: String(parseStep(reader, true)) };
  }
  const object: ObjectFact | undefined = OBJECT_FACTS.find((fact) => fact === name);
  if (object !== undefined) return { object };
  const known = [...OBJECT_FACTS, 'tag.NAME', 'any "WORD"'].map((one) => `@${one}`).join(', ');
  throw new QueryTextError(`Behind an @ comes what S3 knows of an object: ${known}.`, token.start);
}
