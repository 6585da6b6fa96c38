import { useRef } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { pricesText } from '../../shared/plan-text.ts';
import { questionOf, totalOf } from '../../shared/plan.ts';
import dialogStyles from '../connections/dialogs.module.css';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { CollectionSubject } from '../ui/CollectionSubject.tsx';
import { countOf, formatCount } from '../ui/format.ts';
import { beyondBudgetWords } from './plan-words.ts';
import { PlanTable } from './PlanTable.tsx';
import type { RunQuestion } from './result-session.ts';

export interface RunQuestionDialogProps {
  readonly question: RunQuestion;
  readonly collection: CollectionListing;
  readonly connection: Connection | null;
  readonly onAllow: () => void;
  readonly onDecline: () => void;
}

/** Asks before a run that goes beyond the budget of its connection, or that reads tags. */
export function RunQuestionDialog({ question, collection, connection, onAllow, onDecline }: RunQuestionDialogProps) {
  const decline = useRef<HTMLButtonElement>(null);
  const { plan } = question;
  const isAboutTags = questionOf(plan, 'ask') === 'tags';
  const { count, exact, dollars } = totalOf(plan);
  const toRead = plan.tags?.toRead ?? 0;
  return (
    <Dialog
      open
      alert
      title={isAboutTags ? 'Read tags' : 'Beyond the budget'}
      subject={
        connection === null ? collection.name : <CollectionSubject collection={collection} connection={connection} />
      }
      initialFocus={decline}
      onClose={onDecline}
      footer={
        <>
          <Button ref={decline} onClick={onDecline}>
            Cancel
          </Button>
          <Button kind="primary" onClick={onAllow}>
            {isAboutTags
              ? `Read the tags of ${countOf(toRead, 'record')}`
              : `Send ${exact ? '' : 'at least '}${countOf(count, 'request')}`}
          </Button>
        </>
      }
    >
      <p className={dialogStyles.words}>
        {isAboutTags
          ? `The query asks for tags, and S3 tells those of one object a request. ${knownWords(toRead, plan.tags?.known ?? 0, question.terms.tagsReadBefore !== undefined)}`
          : `${beyondBudgetWords(plan, `A run over ${connection?.name ?? collection.name}`) ?? ''} This one takes more.`}
      </p>
      <p className={dialogStyles.words}>
        You can stop the reading; what was read by then stays in the index{isAboutTags ? ' and is not read again' : ''}.
      </p>
      <PlanTable plan={plan} />
      {dollars === null ? null : <p className={dialogStyles.footnote}>{pricesText(plan.prices)}</p>}
    </Dialog>
  );
}

function knownWords(toRead: number, known: number, isAgain: boolean): string {
  if (isAgain) return `Those of ${countOf(toRead, 'record')} are read again.`;
  return known === 0
    ? `Those of ${countOf(toRead, 'record')} are not known.`
    : `Those of ${countOf(toRead, 'record')} are not known, of ${formatCount(known)} they are.`;
}
