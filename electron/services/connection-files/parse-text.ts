import { AppFailure } from '../../../shared/result.ts';

/**
 * The value of YAML or JSON text, read as PyYAML's `safe_load` does it (YAML 1.1: `yes` is true). Throws `invalid-arguments`
 * with the place; never with the line itself, which may hold a secret.
 */
export async function parseText(text: string, name: string): Promise<unknown> {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // YAML in flow style begins alike, and what is neither is explained by its reader.
    }
  }
  // Loaded when it is first needed: most starts of Dipper read no YAML.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, {
    version: '1.1',
    customTags: (tags) => tags.map((tag) => (typeof tag === 'object' && tag.tag === BOOLEAN ? inWords(tag) : tag)),
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col: column } = error.linePos?.[0] ?? { line: 1, col: 1 };
    throw new AppFailure(
      'invalid-arguments',
      `${name} is neither YAML nor JSON: line ${line}, column ${column} ${PROBLEMS[error.code] ?? 'cannot be read'}. Nothing was taken from it.`,
      { detail: { line, column } },
    );
  }
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    throw new AppFailure(
      'invalid-arguments',
      `${name} refers to itself more often than a configuration does. Nothing was taken from it.`,
      { cause },
    );
  }
}

const BOOLEAN = 'tag:yaml.org,2002:bool';

/** To PyYAML a single letter, y or n, is a text. */
function inWords<T extends { readonly test?: RegExp }>(tag: T): T {
  return { ...tag, test: tag.test?.test('yes') === true ? /^(?:yes|true|on)$/i : /^(?:no|false|off)$/i };
}

/** A few lines of YAML can stand for gigabytes. */
const MOST_ALIASES = 1_000;

/** The reader's own words quote the text. */
const PROBLEMS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'is indented otherwise than what is around it',
  TAB_AS_INDENT: 'is indented with a tab',
  DUPLICATE_KEY: 'names a key that its mapping has already',
  MULTIPLE_DOCS: 'begins a second document',
  MISSING_CHAR: 'lacks a character that ends what is open there',
  BLOCK_AS_IMPLICIT_KEY: 'has a mapping where one value is expected',
  MULTILINE_IMPLICIT_KEY: 'has a key that goes on in the next line',
  BAD_ALIAS: 'refers to a name that stands nowhere before it',
};
