import {
  type Condition,
  isAny,
  isGroup,
  isList,
  LENGTH_OPERATORS,
  type Place,
  type QueryValue,
  type Rule,
  TIME_UNITS,
  type TimeUnit,
} from '../query.ts';
import { printPlace } from '../query-text/print-where.ts';
import { CannotSay, type CopySource, isBeyondDoubles, isDateLike, locate, shellWord } from './copy-source.ts';

const FOLDER = 'records';
const AT = 'def at($path): try getpath($path) catch null;';

/** Lines for a POSIX shell with the AWS CLI and jq 1.6 or newer. Throws CannotSay. */
export function awsJq(source: CopySource): string {
  const { where, sort, bucket, prefix, codec, endpoint, region } = source;
  const notes: string[] = [];
  const jq = new JqWords(source, (note) => {
    if (!notes.includes(note)) notes.push(note);
  });
  const condition = where === null ? 'true' : jq.rule(where, '    ');
  const server = endpoint === null ? '' : ` --endpoint-url ${shellWord(endpoint)}`;
  const json = codec === 'dataknobs' ? " --exclude '*' --include '*.json'" : '';
  const directions = new Set(sort.map(({ direction }) => direction));
  if (directions.size > 1) notes.push('jq sorts one way at a time: the query is not sorted here.');
  const keys = directions.size === 1 ? sort.map(({ field }) => `(.id as $id | .body | ${jq.value({ field })})`) : [];
  const sorted =
    keys.length === 0 ? null : `${AT}\nsort_by(${keys.join(', ')})${directions.has('desc') ? ' | reverse' : ''}`;
  const program = [
    AT,
    'def text: if type == "string" then . else empty end;',
    'def number: if type == "number" then . elif . == true then 1 elif . == false then 0 else empty end;',
    'def holds(f): [f] | any;',
    `(input_filename | ltrimstr("${FOLDER}/") | rtrimstr(".json")) as $id`,
    '| select(',
    `    ${condition}`,
    '  )',
    '| {id: $id, body: .}',
  ].join('\n');
  return [
    '# AWS CLI and jq 1.6 or newer. Every object is read, what is new or changed when it runs again; jq stops at what is no JSON.',
    ...notes.map((note) => `# ${note}`),
    `aws s3 sync --delete${json} --region ${shellWord(region)}${server} ${shellWord(`s3://${bucket}/${prefix}`)} ${FOLDER}`,
    `find ${FOLDER} -type f -print0 | sort -z | xargs -0 -r jq -c ${quoted(program)}${
      sorted === null ? '' : ` \\\n  | jq -c -s ${quoted(`${sorted} | .[]`)}`
    }`,
    '',
  ].join('\n');
}

const LANGUAGE = 'jq';

class JqWords {
  readonly #source: CopySource;
  readonly #note: (note: string) => void;

  constructor(source: CopySource, note: (note: string) => void) {
    this.#source = source;
    this.#note = note;
  }

  rule(rule: Rule, indent: string): string {
    if (!isGroup(rule)) return this.#condition(rule);
    const { combinator, not = false, rules } = rule;
    const inner = `${indent}  `;
    const joined =
      rules.length === 0
        ? String(combinator === 'and')
        : `(${rules.map((each) => this.rule(each, inner)).join(`\n${inner}${combinator} `)})`;
    return not ? `(${joined} | not)` : joined;
  }

  value(place: Place): string {
    const located = locate(place, this.#source.codec, LANGUAGE);
    switch (located.in) {
      case 'body':
        return `at(${JSON.stringify(located.path)})`;
      case 'id':
        return '$id';
      case 'key':
        return `(${JSON.stringify(this.#source.prefix)} + (input_filename | ltrimstr("${FOLDER}/")))`;
      case 'size':
      case 'last_modified':
        throw new CannotSay(`jq sees bodies, not what S3 says of an object: ${printPlace(place)}.`);
    }
  }

  #condition(condition: Condition): string {
    if (isAny(condition)) return this.#word(condition.any);
    const value = this.value(condition);
    const { operator, value: wanted = null } = condition;
    const exists = `(${value} != null)`;
    const ofText = (test: string): string => `(${value} | holds(text | ${test}))`;
    switch (operator) {
      case 'exists':
        return exists;
      case 'not_exists':
        return `(${value} == null)`;
      case '=':
        return this.#equal(value, wanted);
      case '!=':
        return `(${exists} and (${this.#equal(value, wanted)} | not))`;
      case '>':
      case '>=':
      case '<':
      case '<=':
        return this.#ordered(value, operator, wanted);
      case 'between':
        return this.#between(value, wanted);
      case 'not_between':
        return `(${exists} and (${this.#between(value, wanted)} | not))`;
      case 'in':
        return this.#in(value, wanted);
      case 'not_in':
        return `(${exists} and (${this.#in(value, wanted)} | not))`;
      case 'like':
        return ofText(`test(${like(textOf(wanted))}; "i")`);
      case 'not_like':
        return ofText(`test(${like(textOf(wanted))}; "i") | not`);
      case 'regex':
        this.#note('The regular expression is read by jq: flags and classes are not quite those of Python.');
        return ofText(`test(${JSON.stringify(textOf(wanted))})`);
      case 'starts_with':
        return ofText(`startswith(${JSON.stringify(textOf(wanted))})`);
      case 'ends_with':
        return ofText(`endswith(${JSON.stringify(textOf(wanted))})`);
      case 'contains':
        return ofText(`contains(${JSON.stringify(textOf(wanted))})`);
      case 'is_empty':
        return `(${value} | . == "" or . == [] or . == {})`;
      case 'any_of':
      case 'all_of': {
        const each = (isList(wanted) ? wanted : []).map((one) => `any(.[]; ${this.#equal('.', one)})`);
        const joined =
          each.length === 0 ? String(operator === 'all_of') : each.join(operator === 'any_of' ? ' or ' : ' and ');
        return `(${value} | type == "array" and (${joined}))`;
      }
      case 'length': {
        const { operator: name, value: length } = membersOf(wanted);
        const comparison = LENGTH_OPERATORS.find((known) => known === name);
        if (comparison === undefined || typeof length !== 'number') throw new CannotSay('This length cannot be said.');
        const sign = comparison === '=' ? '==' : comparison;
        return `(${value} | (type == "string" or type == "array" or type == "object") and length ${sign} ${length})`;
      }
      case 'within_last': {
        const { count, unit: name } = membersOf(wanted);
        const unit = TIME_UNITS.find((known) => known === name);
        if (unit === undefined || typeof count !== 'number') throw new CannotSay('This span of time cannot be said.');
        this.#note('Dates are compared as texts in UTC: that is right where all are written in one form.');
        return ofText(`. >= (now | ${before(count, unit)} | todate) and . <= (now | todate)`);
      }
      case 'type_is':
        return typeof wanted === 'string' && wanted === 'null'
          ? this.#isNull(condition)
          : `(${value} | type == ${JSON.stringify(wanted === 'list' ? 'array' : textOf(wanted))})`;
    }
  }

  #equal(value: string, wanted: QueryValue): string {
    if (wanted === null) return 'false';
    if (typeof wanted === 'boolean' || typeof wanted === 'number' || typeof wanted === 'bigint') {
      return `(${value} | holds(number == ${this.#number(wanted)}))`;
    }
    return `(${value} == ${JSON.stringify(wanted, (_, inner: unknown) => exact(inner))})`;
  }

  #in(value: string, wanted: QueryValue): string {
    const list = (isList(wanted) ? wanted : []).filter((one) => one !== null);
    const texts = list.filter((one) => typeof one === 'string');
    const others = list.filter((one) => typeof one !== 'string');
    const isOneOfTexts = `(${value} | IN(${texts.map((text) => JSON.stringify(text)).join(', ')}))`;
    const parts = [...(texts.length === 0 ? [] : [isOneOfTexts]), ...others.map((one) => this.#equal(value, one))];
    return parts.length === 0 ? 'false' : `(${parts.join(' or ')})`;
  }

  #ordered(value: string, operator: string, wanted: QueryValue): string {
    if (wanted === null) return 'false';
    if (typeof wanted === 'object') throw new CannotSay('jq does not compare lists and objects as the query does.');
    if (typeof wanted !== 'string') return `(${value} | holds(number ${operator} ${this.#number(wanted)}))`;
    if (isDateLike(wanted)) {
      this.#note('Dates are compared as texts: that is right where all are written in one form.');
    }
    return `(${value} | holds(text ${operator} ${JSON.stringify(wanted)}))`;
  }

  #between(value: string, wanted: QueryValue): string {
    if (!isList(wanted) || wanted.length !== 2) return 'false';
    const [low = null, high = null] = wanted;
    return `(${this.#ordered(value, '>=', low)} and ${this.#ordered(value, '<=', high)})`;
  }

  #number(value: number | bigint | boolean): string {
    if (typeof value === 'boolean') return value ? '1' : '0';
    return exact(value) === value ? String(value) : '';
  }

  #isNull(place: Place): string {
    const located = locate(place, this.#source.codec, LANGUAGE);
    if (located.in !== 'body') return 'false';
    const parent = located.path.slice(0, -1);
    const last = located.path.at(-1) ?? '';
    const kind = typeof last === 'number' ? 'array' : 'object';
    const has = `(at(${JSON.stringify(parent)}) | type == "${kind}" and has(${JSON.stringify(last)}))`;
    return `(${has} and ${this.value(place)} == null)`;
  }

  #word(word: string): string {
    if (!/^[\x20-\x7e]*$/.test(word)) this.#note('Letters beyond ASCII are looked for in their own case.');
    const place = this.#source.codec === 'dataknobs' ? '([.fields[]?.value?], .metadata)' : '.';
    return `any($id, (${place} | .. | scalars | tostring); ascii_downcase | contains(${JSON.stringify(asciiLower(word))}))`;
  }
}

function exact(value: unknown): unknown {
  if (typeof value === 'bigint' || (typeof value === 'number' && isBeyondDoubles(value))) {
    throw new CannotSay(`jq would not compare this number exactly: ${String(value)}.`);
  }
  return value;
}

function asciiLower(word: string): string {
  return word.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The whole text; `%` and `_` take line breaks too. */
function like(pattern: string): string {
  const signs = Array.from(pattern, (sign) => {
    if (sign === '%') return '[\\s\\S]*';
    if (sign === '_') return '[\\s\\S]';
    return /[\\^$.|?*+()[\]{}]/.test(sign) ? `\\${sign}` : sign;
  });
  return JSON.stringify(`\\A${signs.join('')}\\z`);
}

function before(count: number, unit: TimeUnit): string {
  if (unit === 'months') return `gmtime | .[1] -= ${count} | mktime`;
  if (unit === 'years') return `gmtime | .[0] -= ${count} | mktime`;
  return `. - ${count * SECONDS[unit]}`;
}

const SECONDS = { minutes: 60, hours: 3600, days: 86_400, weeks: 604_800 };

/** A word of the shell, with its line breaks. */
function quoted(program: string): string {
  return `'${program.replaceAll("'", `'\\''`)}'`;
}

function textOf(value: QueryValue): string {
  return typeof value === 'string' ? value : '';
}

function membersOf(value: QueryValue): { readonly [name: string]: QueryValue } {
  return value !== null && typeof value === 'object' && !isList(value) ? value : {};
}
