import { useMemo, useRef, useState } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { COPY_LANGUAGES, copyAs, type CopyLanguage } from '../../shared/copy-as/copy-as.ts';
import { printWhere } from '../../shared/query-text/print-where.ts';
import type { Tab } from '../shell/workspace.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/copy-text.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Segments } from '../ui/Segments.tsx';
import { TextBlock } from '../ui/TextBlock.tsx';
import styles from './CopyQueryDialog.module.css';
import { ruleOf } from './draft-rule.ts';

export interface CopyQueryDialogProps {
  readonly collection: CollectionListing;
  readonly connection: Connection;
  readonly tab: Tab;
  readonly onClose: () => void;
  readonly onCopied: (name: string) => void;
}

type Language = CopyLanguage | 'text';

const LANGUAGES: readonly { readonly language: Language; readonly name: string }[] = [
  { language: 'text', name: 'Text' },
  ...COPY_LANGUAGES,
];

/** The query as a program that finds the same records elsewhere, to look at and to copy. */
export function CopyQueryDialog({ collection, connection, tab, onClose, onCopied }: CopyQueryDialogProps) {
  const languages = useRef<HTMLDivElement>(null);
  const [language, setLanguage] = useState<Language>('python');
  const [refused, setRefused] = useState(false);
  const copied = useMemo(
    () => writeQuery(language, tab, collection, connection),
    [language, tab, collection, connection],
  );
  const name = LANGUAGES.find((each) => each.language === language)?.name ?? '';
  const text = 'text' in copied ? copied.text : null;

  async function copy(): Promise<void> {
    if (text === null) return;
    if (await copyText(text)) onCopied(name);
    else setRefused(true);
  }

  return (
    <Dialog
      open
      wide
      title="Copy the query as"
      subject={collection.name}
      initialFocus={() => languages.current?.querySelector<HTMLElement>('[aria-checked="true"]') ?? null}
      onClose={onClose}
      onSubmit={() => void copy()}
      footer={
        <>
          {refused ? (
            <span className={styles.refused} role="status">
              The clipboard refused it: select the text and copy it
            </span>
          ) : null}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            icon="copy"
            disabledReason={text === null ? 'The language cannot say this query' : null}
          >
            Copy
          </Button>
        </>
      }
    >
      <div ref={languages}>
        <Segments
          label="Language"
          segments={LANGUAGES.map((each) => ({ value: each.language, label: each.name }))}
          value={language}
          onChange={(next) => {
            setRefused(false);
            setLanguage(next);
          }}
        />
      </div>
      {connection.kind === 'sandbox' && language !== 'text' ? (
        <p className={styles.note}>
          The sandbox listens only while Dipper runs, at another port each time: the request log shows it.
        </p>
      ) : null}
      {'refused' in copied ? (
        <div className={styles.notice}>
          <Notice kind="warn">{`${copied.refused} Change the condition, or switch it off.`}</Notice>
        </div>
      ) : (
        <TextBlock className={styles.program} label={name}>
          {copied.text === '' ? 'No conditions: every record is found' : copied.text}
        </TextBlock>
      )}
    </Dialog>
  );
}

/** Its port is another one at each start. */
const SANDBOX = 'http://127.0.0.1:PORT';

function writeQuery(
  language: Language,
  { draft, sort }: Tab,
  { bucket, prefix, codec }: CollectionListing,
  { kind, endpoint: given, region, pathStyle }: Connection,
): ReturnType<typeof copyAs> {
  const rule = ruleOf(draft);
  if (language === 'text') return { text: rule === null ? '' : printWhere(rule) };
  const endpoint = kind === 'sandbox' ? SANDBOX : given;
  return copyAs(language, { where: rule, sort, bucket, prefix, codec, endpoint, region, pathStyle });
}
