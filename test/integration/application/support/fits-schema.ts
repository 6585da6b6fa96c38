/** JSON Schema as `application:channels` answers it; what stands in none of its descriptions is not here either. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

/**
 * Whether a value is as the schema says: a second opinion on the validators, which shares no code with them. It knows no
 * more than the schema, so a value that it lets through may still be refused; one that it refuses may never pass.
 */
export function fitsSchema(schema: Schema, value: unknown): boolean {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return alternatives.some((each) => fitsSchema(each, value));
  if ('const' in schema && value !== schema.const) return false;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (schema.type === undefined) return true;
  return [schema.type].flat().some((type) => fitsType(type, schema, value));
}

function fitsType(type: string, schema: Schema, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value) && isWithin(Number(value), schema.minimum, schema.maximum);
    case 'number':
      return Number.isFinite(value) && isWithin(Number(value), schema.minimum, schema.maximum);
    case 'string':
      return (
        typeof value === 'string' &&
        isWithin(value.length, schema.minLength, schema.maxLength) &&
        (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value))
      );
    case 'array':
      return (
        Array.isArray(value) &&
        isWithin(value.length, schema.minItems, schema.maxItems) &&
        value.every((item) => fitsSchema(schema.items ?? {}, item))
      );
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) && hasMembers(schema, value);
    default:
      throw new Error(`a schema has the type ${type}, which is not known here`);
  }
}

function hasMembers(schema: Schema, value: object): boolean {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  if (!required.every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(value).every(([name, member]) => {
    if (Object.hasOwn(properties, name)) {
      const known = properties[name] ?? {};
      // Messages between processes can hold members that are there and undefined.
      return (member === undefined && !required.includes(name)) || fitsSchema(known, member);
    }
    return typeof additionalProperties === 'boolean' ? additionalProperties : fitsSchema(additionalProperties, member);
  });
}

function isWithin(size: number, least = -Infinity, most = Infinity): boolean {
  return size >= least && size <= most;
}
