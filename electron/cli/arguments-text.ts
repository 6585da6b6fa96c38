/**
 * A JSON Schema as a line for people: `{"result": text, "from": number, "count": number, "tags"?: [{…}]}`. What it has no
 * words for is `any`.
 */
export function argumentsText(schema: unknown): string {
  if (!isRecord(schema)) return 'any';
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) return options.map(argumentsText).join(' | ');
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema['const']);
  switch (schema['type']) {
    case 'object':
      return objectText(schema);
    case 'array':
      return `[${argumentsText(schema['items'])}]`;
    case 'string':
      return 'text';
    case 'integer':
      return 'number';
    default:
      return typeof schema['type'] === 'string' ? schema['type'] : 'any';
  }
}

function objectText(schema: Readonly<Record<string, unknown>>): string {
  const { properties } = schema;
  if (!isRecord(properties)) return '{…}';
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const members = Object.entries(properties).map(
    ([name, member]) => `"${name}"${required.includes(name) ? '' : '?'}: ${argumentsText(member)}`,
  );
  return `{${members.join(', ')}}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
