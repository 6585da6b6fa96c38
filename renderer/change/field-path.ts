import type { FieldSummary } from '../../shared/page.ts';

/**
 * Where a name that was chosen or typed leads: the field found under it; else below a field that is there
 * (`address.city`); else a new field of exactly this name.
 */
export function pathOf(name: string, fields: readonly FieldSummary[]): readonly string[] {
  const found = fields.find(({ path }) => path.join('.') === name);
  if (found !== undefined) return found.path;
  const [root = '', ...below] = name.split('.');
  const isBelow = below.length > 0 && !below.includes('') && fields.some(({ path }) => path[0] === root);
  return isBelow ? [root, ...below] : [name];
}
