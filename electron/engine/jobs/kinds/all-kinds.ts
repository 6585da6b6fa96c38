import type { JobKind } from '../../../../shared/job.ts';
import { COPY, MOVE } from './copy-records.ts';
import { DELETE } from './delete-records.ts';
import { EXPORT } from './export-records.ts';
import { IMPORT } from './import-rows.ts';
import type { AnyKind, KindOfJob } from './job-kind.ts';
import { PROMOTE } from './promote-records.ts';
import { RESTORE } from './restore-records.ts';
import { SET_CLASS } from './set-class.ts';
import { SYNC } from './sync-collection.ts';
import { TAG } from './tag-records.ts';
import { UNDELETE } from './undelete-records.ts';
import { UNDO } from './undo-job.ts';
import { UPDATE } from './update-records.ts';

const KINDS: { readonly [K in JobKind]: KindOfJob<K> } = {
  sync: SYNC,
  delete: DELETE,
  update: UPDATE,
  export: EXPORT,
  import: IMPORT,
  tag: TAG,
  'set-class': SET_CLASS,
  copy: COPY,
  move: MOVE,
  promote: PROMOTE,
  restore: RESTORE,
  undelete: UNDELETE,
  undo: UNDO,
};

export function kindOf(kind: JobKind): AnyKind {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is given nothing but work of its own kind
  return KINDS[kind] as AnyKind;
}
