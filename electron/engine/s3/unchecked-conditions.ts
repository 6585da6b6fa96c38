import type { WeakerWrites } from '../../../shared/record.ts';
import type { Capabilities } from '../../../shared/capabilities.ts';

/** What a person is told after a write to a server that does not look at `If-Match` and `If-None-Match`. */
export const UNCHECKED_WRITE = after('when it writes');
export const UNCHECKED_DELETE = after('when it deletes');

/** The same before anything is written, where it is known. */
export function uncheckedConditions(
  known: Pick<Capabilities, 'conditionalCreate' | 'conditionalReplace' | 'conditionalDelete'>,
): readonly string[] {
  const writes = known.conditionalCreate === false || known.conditionalReplace === false;
  const deletes = known.conditionalDelete === false;
  if (!writes && !deletes) return [];
  return [before(writes && deletes ? 'when it writes and deletes' : writes ? 'when it writes' : 'when it deletes')];
}

/** The same of what is about to be done. */
export function weakerWrites(known: Capabilities): WeakerWrites {
  return {
    create: known.conditionalCreate === false ? before('when it writes') : null,
    update: known.conditionalReplace === false ? before('when it writes') : null,
    delete: known.conditionalDelete === false ? before('when it deletes') : null,
    tags: known.tagsDenied ?? (known.tags === false ? 'This server keeps no tags.' : null),
  };
}

function after(when: string): string {
  return `This server does not check conditions ${when}: the object was looked at right before, but a change by somebody else in the same moment is lost.`;
}

function before(when: string): string {
  return `This server does not check conditions ${when}: Dipper looks at an object right before, but a change by somebody else in the same moment is lost.`;
}
