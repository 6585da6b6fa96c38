import { formatBytes } from '../../shared/byte-size.ts';
import type { ObjectFacts, RecordDetail } from '../../shared/record.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { formatCount, formatTime, storageClassName } from '../ui/format.ts';
import styles from './ObjectTab.module.css';

const FORMS: Readonly<Record<RecordDetail['form'], string>> = {
  plain: 'plain JSON',
  'dataknobs-1': 'dataknobs, version 1',
  'dataknobs-2': 'dataknobs, version 2',
};

export interface ObjectTabProps {
  readonly detail: RecordDetail;
  readonly bucket: string;
  /** Why the class cannot be changed; null where it can. */
  readonly lockedReason: string | null;
  readonly onChangeClass: () => void;
}

/** What S3 knows of the object. */
export function ObjectTab({ detail, bucket, lockedReason, onChangeClass }: ObjectTabProps) {
  const { facts } = detail;
  return (
    <div className={styles.tab}>
      <dl className={styles.facts}>
        <Fact name="Address" value={`s3://${bucket}/${facts.key}`} copy="Copy address" mono />
        <Fact name="Key" value={facts.key} copy="Copy key" mono />
        <Fact name="ETag" value={facts.etag} copy="Copy ETag" mono />
        <Fact name="Size" value={sizeText(facts.size)} />
        <Fact name="Modified" value={facts.lastModified === null ? null : formatTime(facts.lastModified)} />
        <div className={styles.fact}>
          <dt>Class</dt>
          <dd>
            <span>{storageClassName(facts.storageClass)}</span>
            <Button compact disabledReason={lockedReason} onClick={onChangeClass}>
              Change the class
            </Button>
          </dd>
        </div>
        <Fact name="Version" value={facts.versionId} copy="Copy version" mono />
        <Fact name="Form" value={detail.problem === null ? FORMS[detail.form] : 'no record'} />
        <Fact name="Content type" value={facts.contentType} />
        <Fact name="Encoding" value={facts.contentEncoding} />
        <Fact name="Language" value={facts.contentLanguage} />
        <Fact name="Disposition" value={facts.contentDisposition} />
        <Fact name="Cache control" value={facts.cacheControl} />
        <Fact name="Expires" value={facts.expires} />
        <Fact name="Redirect" value={facts.websiteRedirect} />
        <Fact name="Encryption" value={encryptionText(facts)} />
      </dl>
      <h3 className={styles.head}>User metadata</h3>
      {facts.userMetadata.length === 0 ? <p className={styles.none}>None.</p> : null}
      <dl className={styles.facts}>
        {facts.userMetadata.map((entry) => (
          <Fact key={entry.key} name={entry.key} value={entry.value} copy={`Copy ${entry.key}`} mono />
        ))}
      </dl>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  /** Null: S3 says nothing of it. */
  readonly value: string | null;
  readonly copy?: string;
  readonly mono?: boolean;
}

function Fact({ name, value, copy, mono = false }: FactProps) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd className={mono ? styles.mono : undefined}>
        {value === null ? <span className={styles.nothing}>not set</span> : <span>{value}</span>}
        {copy === undefined || value === null ? null : <CopyButton iconOnly name={copy} text={value} />}
      </dd>
    </div>
  );
}

function sizeText(size: number): string {
  return size < 1024 ? `${formatCount(size)} B` : `${formatBytes(size)} (${formatCount(size)} B)`;
}

function encryptionText({ encryption }: ObjectFacts): string | null {
  if (encryption === null) return null;
  if (encryption.algorithm === 'AES256') return 'AES-256, keys of S3';
  const name = encryption.algorithm === 'aws:kms' ? 'KMS' : 'KMS, twice';
  return encryption.keyId === null ? `${name}, the bucket’s key` : `${name}, ${encryption.keyId}`;
}
