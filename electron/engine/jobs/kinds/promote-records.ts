import { compareCollections, type ComparedSide } from '../../records/compare-collections.ts';
import { copyRecord, type Copied } from '../../records/copy-record.ts';
import type { CopySide, CopyTerms, SeenThere } from '../../records/copy-record.ts';
import type { RecordCall } from '../../records/record-call.ts';
import { recordExists } from '../../records/write-failures.ts';
import type { JobConnection } from '../job-context.ts';
import { copyAll, copySends, sidesOf, tellOther } from './copy-records.ts';
import { keepsReplaced, SENT_TO_UNDO, type KindOfJob, type ListingContext, type Pages } from './job-kind.ts';
import type { RequestOf } from '../../../../shared/job.ts';
import { PromotedCounter } from '../../../../shared/promoted-counter.ts';

/** Records of a page of the comparison. */
const PAGE = 1_000;

/** Copies what another collection lacks or has otherwise, each over exactly what it was compared with. */
export const PROMOTE: KindOfJob<'promote'> = {
  use: 'read',
  pauses: 'behind-records',
  retries: 'never',
  undo: 'writes-there',
  recordsOf: differing,
  sends: copySends,
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.read, SENT_TO_UNDO.write, SENT_TO_UNDO.deleteCreated],
  keeps: keepsReplaced,
  run: async (run, { to }) => {
    const sides = await sidesOf(run, { to, ifExists: 'overwrite' }, 'read');
    const settled = { ...run, connection: { ...run.connection, settle: sides.there.settle } };
    return copyAll(settled, sides, promoteRecord, tellOther(to));
  },
};

async function promoteRecord(
  from: CopySide & { readonly etag: string },
  to: CopySide,
  terms: CopyTerms & SeenThere,
  call: RecordCall,
): Promise<Copied> {
  const copied = await copyRecord(from, to, { ...terms, ifExists: terms.seen === null ? 'fail' : 'overwrite' }, call);
  if (terms.seen === null && copied.outcome === 'unchanged') throw recordExists(to);
  return copied;
}

async function* differing(
  { collection, to, states, names }: RequestOf<'promote'>,
  { connectTo }: ListingContext,
  signal: AbortSignal,
): Pages {
  const here = await connectTo(collection, 'read');
  const there = await connectTo(to, 'write');
  await sidesOf({ connection: here, connectTo }, { to, ifExists: 'overwrite' }, 'read');
  const wanted: ReadonlySet<string> = new Set(states);
  const chosen = names === undefined ? null : new Set(names);
  let page = newPage();
  for await (const record of compareCollections(comparedSide(here), comparedSide(there), { signal, lane: 'bulk' })) {
    const { name, state, etag } = record;
    if (etag === null || !wanted.has(state) || chosen?.has(name) === false) continue;
    page.keys.push(here.source.prefix + name);
    page.etags.push(etag);
    page.etagsThere.push(record.etagThere);
    page.promoted.add(record);
    if (page.keys.length < PAGE) continue;
    yield { ...page, promoted: page.promoted.records };
    page = newPage();
  }
  if (page.keys.length > 0) yield { ...page, promoted: page.promoted.records };
}

function newPage() {
  const etagsThere: (string | null)[] = [];
  return { keys: [] as string[], etags: [] as string[], etagsThere, promoted: new PromotedCounter() };
}

export function comparedSide({ client, source, target }: JobConnection): ComparedSide {
  const { bucket, prefix } = source;
  return { client, bucket, prefix, codec: target.collection.codec };
}
