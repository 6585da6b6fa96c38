import { useRef } from 'react';
import { useLicences } from '../api/help-queries.ts';
import { useApplicationState } from '../api/settings-queries.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { countOf } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import styles from './help.module.css';

/** The version, and the licence of every package that is inside. */
export function AboutDialog({ onClose }: { readonly onClose: () => void }) {
  const version = useApplicationState().data?.version;
  const { data: licences, error } = useLicences();
  const list = useRef<HTMLDivElement>(null);
  return (
    <Dialog open wide title="About Dipper" subject={version} initialFocus={list} onClose={onClose}>
      <p className={styles.said}>
        A desktop record browser for S3 buckets. Copyright the Dipper founders; MIT licence.
        {licences === undefined ? '' : ` Inside ${countOf(licences.length, 'package')} of others:`}
      </p>
      {error === null ? null : (
        <Notice kind="error" title="The licences could not be read">
          The file licences.json beside the page is missing. Build or install Dipper again.
        </Notice>
      )}
      <div ref={list} role="group" aria-label="Licences" tabIndex={0} className={styles.licences}>
        {licences?.map(({ name, version: theirs, licence, text }) => (
          <details key={`${name} ${theirs}`}>
            <summary>
              {name} {theirs} <span className={styles.licence}>{licence}</span>
            </summary>
            <pre>{text}</pre>
          </details>
        ))}
      </div>
    </Dialog>
  );
}
