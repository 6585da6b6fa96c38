import type { Capabilities } from './capabilities.ts';

const LOOKED_AT = 'the object was looked at right before, but a change by somebody else in the same moment is lost';

/** What a person is told after a write to a server that does not look at `If-Match` and `If-None-Match`. */
export const UNCHECKED_WRITE = `This server does not check conditions when it writes: ${LOOKED_AT}.`;
export const UNCHECKED_DELETE = `This server does not check conditions when it deletes: ${LOOKED_AT}.`;

/** The same before anything is written, where it is known. */
export function uncheckedConditions(known: Capabilities): readonly string[] {
  const writes = known.conditionalCreate === false || known.conditionalReplace === false;
  const deletes = known.conditionalDelete === false;
  if (!writes && !deletes) return [];
  const when = writes && deletes ? 'when it writes and deletes' : writes ? 'when it writes' : 'when it deletes';
  return [
    `This server does not check conditions ${when}: Dipper looks at an object right before, but a change by somebody else in the same moment is lost.`,
  ];
}
