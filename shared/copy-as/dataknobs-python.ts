import {
  type Condition,
  DATAKNOBS_OPERATORS,
  isAny,
  isGroup,
  isList,
  type Operator,
  type Place,
  type QueryValue,
  type Rule,
} from '../query.ts';
import { printPlace } from '../query-text/print-where.ts';
import { CannotSay, type CopySource } from './copy-source.ts';

const NAMES: Readonly<Record<(typeof DATAKNOBS_OPERATORS)[number], string>> = {
  '=': 'EQ',
  '!=': 'NEQ',
  '>': 'GT',
  '>=': 'GTE',
  '<': 'LT',
  '<=': 'LTE',
  in: 'IN',
  not_in: 'NOT_IN',
  like: 'LIKE',
  not_like: 'NOT_LIKE',
  regex: 'REGEX',
  starts_with: 'STARTS_WITH',
  exists: 'EXISTS',
  not_exists: 'NOT_EXISTS',
  between: 'BETWEEN',
  not_between: 'NOT_BETWEEN',
};

/** A program for dataknobs-data 0.11. Throws CannotSay. */
export function dataknobsPython(source: CopySource): string {
  const { bucket, prefix, endpoint, region } = source;
  if (prefix === '') throw new CannotSay('dataknobs-data cannot read a bucket without a prefix: it takes / for one.');
  const settings = [
    ['bucket', bucket],
    ['prefix', prefix],
    ['region', region],
    ...(endpoint === null ? [] : [['endpoint_url', endpoint]]),
  ];
  const { where } = source;
  const simple = where === null ? [] : filtersOf(where);
  const sort = source.sort.map(
    ({ field, direction }) => `SortSpec(${literal(field)}, SortOrder.${direction.toUpperCase()})`,
  );
  const sorted = sort.length === 0 ? [] : [`sort_specs=[${sort.join(', ')}]`];
  const query =
    simple !== null
      ? call('Query', [...(simple.length === 0 ? [] : [listOf('filters', simple)]), ...sorted])
      : call('ComplexQuery', [
          `condition=${conditionOf(where ?? { combinator: 'and', rules: [] }, '    ')}`,
          ...sorted,
        ]);
  const used = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(query);
  const imports = (module: string, names: readonly string[]): readonly string[] => {
    const needed = names.filter(used);
    return needed.length === 0 ? [] : [`from ${module} import ${needed.join(', ')}`];
  };
  return [
    '# dataknobs-data 0.11, Python 3.12 or newer; keys come from the environment or from ~/.aws',
    'from dataknobs_data.backends.s3 import SyncS3Database',
    ...imports('dataknobs_data.query', ['Filter', 'Operator', 'Query', 'SortOrder', 'SortSpec']),
    ...imports('dataknobs_data.query_logic', ['ComplexQuery', 'FilterCondition', 'LogicCondition', 'LogicOperator']),
    '',
    'database = SyncS3Database({',
    ...settings.map(([name = '', value = '']) => `    ${literal(name)}: ${literal(value)},`),
    '})',
    'database.connect()',
    `query = ${query}`,
    'for record in database.search(query):',
    '    print(record.storage_id, record.to_dict())',
    'database.close()',
    '',
  ].join('\n');
}

/** The conditions of a plain AND; null where the query needs more than that. */
function filtersOf(where: Rule): readonly string[] | null {
  if (!isGroup(where)) return [filterOf(where)];
  const { combinator, not = false, rules } = where;
  if (not || (combinator === 'or' && rules.length !== 1)) return null;
  const conditions = rules.filter((rule): rule is Condition => !isGroup(rule));
  return conditions.length === rules.length ? conditions.map(filterOf) : null;
}

function conditionOf(rule: Rule, indent: string): string {
  if (!isGroup(rule)) return `FilterCondition(${filterOf(rule)})`;
  const inner = `${indent}    `;
  const rules = rule.rules.map((each) => `${inner}${conditionOf(each, inner)},\n`).join('');
  const list = rule.rules.length === 0 ? '[]' : `[\n${rules}${indent}]`;
  const group = `LogicCondition(LogicOperator.${rule.combinator.toUpperCase()}, ${list})`;
  return rule.not === true ? `LogicCondition(LogicOperator.NOT, [${group}])` : group;
}

function filterOf(rule: Condition): string {
  if (isAny(rule)) throw new CannotSay('dataknobs cannot look for a word in every field.');
  const { operator } = rule;
  const name = isDataknobs(operator) ? NAMES[operator] : null;
  if (name === null) throw new CannotSay(`dataknobs has no operator ${operator}.`);
  const field = literal(fieldOf(rule));
  const start = `Filter(${field}, Operator.${name}`;
  return operator === 'exists' || operator === 'not_exists' ? `${start})` : `${start}, ${literal(rule.value ?? null)})`;
}

function isDataknobs(operator: Operator): operator is keyof typeof NAMES {
  return DATAKNOBS_OPERATORS.some((known) => known === operator);
}

function fieldOf(place: Place): string {
  if ('field' in place) return place.field;
  if ('path' in place && place.path.every((step) => typeof step === 'string' && step !== '' && !step.includes('.'))) {
    return ['fields', ...place.path].join('.');
  }
  throw new CannotSay(`dataknobs asks fields alone, by names without dots: not ${printPlace(place)}.`);
}

function call(name: string, members: readonly string[]): string {
  if (members.length === 0) return `${name}()`;
  return `${name}(\n${members.map((member) => `    ${member},\n`).join('')})`;
}

function listOf(name: string, items: readonly string[]): string {
  return `${name}=[\n${items.map((item) => `        ${item},\n`).join('')}    ]`;
}

/** JSON's strings are Python's too, and so are its numbers. */
function literal(value: QueryValue): string {
  if (value === null) return 'None';
  if (value === true || value === false) return value ? 'True' : 'False';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return numberLiteral(value);
  if (isList(value)) return `[${value.map(literal).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, member]) => `${literal(name)}: ${literal(member)}`)
    .join(', ')}}`;
}

function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) return `float("${String(value).replace('Infinity', 'inf').toLowerCase()}")`;
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}
