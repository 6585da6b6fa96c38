import { formatBytes } from '../../shared/byte-size.ts';
import type { ObjectFacts } from '../../shared/record.ts';
import { formatTime, storageClassName } from '../ui/format.ts';
import styles from './Inspector.module.css';

/** The object in three lines, while nothing waits to be saved. */
export function InspectorFoot({ facts }: { readonly facts: ObjectFacts }) {
  const modified = facts.lastModified === null ? '' : `, ${formatTime(facts.lastModified).slice(0, 10)}`;
  return (
    <dl className={styles.foot}>
      <div>
        <dt>Object</dt>
        <dd className={styles.mono} title={facts.key}>
          {facts.key}
        </dd>
      </div>
      <div>
        <dt>ETag</dt>
        <dd className={styles.mono} title={facts.etag}>
          {facts.etag.replaceAll('"', '')}
        </dd>
      </div>
      <div>
        <dt>Stored</dt>
        <dd>{`${formatBytes(facts.size)}, ${storageClassName(facts.storageClass)}${modified}`}</dd>
      </div>
    </dl>
  );
}
