import { call } from '../api/call.ts';
import { createDraftWriter } from './draft-writer.ts';

/** The page's one writer of drafts; it outlives the inspector, so that closing a record loses no keystroke. */
export const drafts = createDraftWriter(
  {
    save: (draft) => call('drafts:save', { draft }),
    discard: (collection, key) => call('drafts:discard', { collection, key }),
  },
  (thrown) => console.warn('A draft could not be kept', thrown),
);
