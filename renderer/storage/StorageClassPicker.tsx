import { useId, useState } from 'react';
import { formatBytes } from '../../shared/byte-size.ts';
import type { ClassOffer, ClassOffers, OfferedRecords, OfferUse } from '../../shared/class-offer.ts';
import { dollarsText, pricesText } from '../../shared/plan-text.ts';
import { STORAGE_CLASSES } from '../../shared/storage-classes.ts';
import { toAppError } from '../api/call.ts';
import { useClassOffers } from '../api/storage-queries.ts';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { countOf, storageClassName } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import type { Option } from '../ui/option.ts';
import { Select } from '../ui/Select.tsx';
import styles from './StorageClassPicker.module.css';
import { StorageRules, type StorageRulesProps } from './StorageRules.tsx';

export interface StorageClassPickerProps {
  readonly id: string;
  /** Null while it is not saved: then nothing is known of its records. */
  readonly collection: string | null;
  /** The records that it is about. */
  readonly records: OfferedRecords;
  readonly use: OfferUse;
  /** A write is near: the server may be tried out. */
  readonly isNear: boolean;
  /** S3's name; empty for `inherited`. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What no class of one's own means, such as "As the server says"; null where one has to be chosen. */
  readonly inherited: string | null;
  /** What comes of that, in a sentence. */
  readonly inheritedAbout?: string;
  /** What the records are called in words: "the first 50 rows". */
  readonly about?: string | undefined;
  /** Rules that give some records a class before; left out where there are none to be had. */
  readonly rules?: Pick<StorageRulesProps, 'rules' | 'onChange' | 'facts'>;
  /** The table is what the dialog is for. */
  readonly isOpen?: boolean;
}

/** One of the storage classes, with what each would cost for these very records. */
export function StorageClassPicker(props: StorageClassPickerProps) {
  const { id, collection, records, use, isNear, value, onChange, inherited, rules, isOpen = false } = props;
  const { inheritedAbout = 'The header is left out; S3 then takes Standard.' } = props;
  const [opened, setOpened] = useState(isOpen);
  const { data, error } = useClassOffers(collection, records, use, isNear);
  const offer = data?.offers.find(({ storageClass }) => storageClass === value);
  const known = STORAGE_CLASSES.find(({ name }) => name === value);
  return (
    <div className={styles.picker}>
      {rules === undefined ? null : <StorageRules {...rules} offer={data?.byRules} />}
      {rules === undefined || rules.rules.length === 0 ? null : isOpen ? (
        <div className={styles.note}>
          {value === '' ? (
            'All others stay as they are, unless a class is chosen for them:'
          ) : (
            <>
              All others go into {storageClassName(value)}.{' '}
              <Button compact onClick={() => onChange('')}>
                Leave them as they are
              </Button>
            </>
          )}
        </div>
      ) : (
        <div className={styles.note}>Of all others:</div>
      )}
      {isOpen ? null : (
        <>
          <div className={styles.choice}>
            <Select
              id={id}
              wide
              options={classOptions(value, inherited, data)}
              describedBy={`${id}-note`}
              value={value}
              onChange={onChange}
            />
            {collection === null ? null : (
              <Button aria-expanded={opened} onClick={() => setOpened(!opened)}>
                {opened ? 'Hide the costs' : 'Compare costs'}
              </Button>
            )}
          </div>
          <div id={`${id}-note`} className={styles.note}>
            {known?.about ?? (value === '' ? inheritedAbout : '')}
            {offer === undefined || offer.tone === 'there' ? null : (
              <span className={classes(styles.verdict, styles[offer.tone])}>{` ${offer.verdict}`}</span>
            )}
          </div>
        </>
      )}
      {known?.archived === true ? (
        <Notice kind="warn" className={styles.warning}>
          A record of this class cannot be read before it was restored: it is a row without fields, and cannot be
          edited.
        </Notice>
      ) : null}
      {data?.unsupported == null ? null : (
        <Notice kind="warn" className={styles.warning}>
          {data.unsupported}
        </Notice>
      )}
      {error === null || !opened ? null : (
        <Notice kind="error" title="The costs are not known" className={styles.warning}>
          {toAppError(error).message}
        </Notice>
      )}
      {opened && data !== undefined ? (
        <div className={isOpen ? undefined : styles.below}>
          <CostTable offers={data} value={value} onChange={onChange} use={use} about={props.about} />
        </div>
      ) : null}
    </div>
  );
}

function classOptions(value: string, inherited: string | null, offers: ClassOffers | undefined): readonly Option[] {
  const known = STORAGE_CLASSES.map(({ name }): Option => {
    const offer = offers?.offers.find(({ storageClass }) => storageClass === name);
    return {
      value: name,
      label: storageClassName(name),
      detail:
        offer === undefined || offers === undefined || offers.objects === 0
          ? name
          : `${dollarsText(offer.monthly)} a month`,
    };
  });
  // A class of another server than Amazon's is kept.
  const isOther = value !== '' && !known.some((option) => option.value === value);
  return [
    ...(inherited === null ? [] : [{ value: '', label: inherited }]),
    ...known,
    ...(isOther ? [{ value, label: value }] : []),
  ];
}

interface CostTableProps extends Pick<StorageClassPickerProps, 'value' | 'onChange' | 'use' | 'about'> {
  readonly offers: ClassOffers;
}

function CostTable({ offers, value, onChange, use, about }: CostTableProps) {
  const name = useId();
  const { objects, bytes, prices, isBilled } = offers;
  return (
    <>
      <table className={styles.table} aria-label="Storage classes and what they cost">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">$ a GB</th>
            <th scope="col">1,000 writes</th>
            <th scope="col">1,000 reads</th>
            <th scope="col">GB read</th>
            <th scope="col">Billed as</th>
            <th scope="col">Least days</th>
            <th scope="col">A month</th>
            <th scope="col">Once</th>
          </tr>
        </thead>
        {offers.offers.map((offer) => (
          <OfferLine
            key={offer.storageClass}
            offer={offer}
            group={name}
            chosen={offer.storageClass === value}
            onChoose={() => onChange(offer.storageClass)}
          />
        ))}
      </table>
      <p className={styles.foot}>
        {`For ${about ?? countOf(objects, 'record')}${about === undefined ? '' : `, ${countOf(objects, 'record')}`} of ${formatBytes(bytes)}${
          use === 'move' ? `, which cost ${dollarsText(offers.now)} a month now` : ''
        }. ${pricesText(prices)}${isBilled ? '' : ' This server takes no money: it is what Amazon would take.'}`}
      </p>
    </>
  );
}

interface OfferLineProps {
  readonly offer: ClassOffer;
  readonly group: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function OfferLine({ offer, group, chosen, onChoose }: OfferLineProps) {
  const id = useId();
  return (
    <tbody className={classes(chosen && styles.chosen)}>
      <tr>
        <th scope="row">
          <label className={styles.class}>
            <input type="radio" name={group} checked={chosen} aria-describedby={id} onChange={onChoose} />
            {storageClassName(offer.storageClass)}
          </label>
        </th>
        <td>{priceText(offer.storage)}</td>
        <td>{priceText(offer.writes)}</td>
        <td>{priceText(offer.reads)}</td>
        <td>{offer.retrieval === 0 ? '–' : priceText(offer.retrieval)}</td>
        <td>{billedAs(offer)}</td>
        <td>{offer.leastDays ?? '–'}</td>
        <td className={styles.money}>{dollarsText(offer.monthly)}</td>
        <td>{offer.once <= 0 ? '–' : dollarsText(offer.once)}</td>
      </tr>
      <tr className={styles.second}>
        <td id={id} colSpan={9} className={classes(styles.verdict, styles[offer.tone])}>
          {offer.verdict}
        </td>
      </tr>
    </tbody>
  );
}

/** As a price list has it: with as many digits as it has. */
function priceText(dollars: number): string {
  return String(dollars);
}

function billedAs({ leastBytes, addedBytes }: ClassOffer): string {
  if (leastBytes > 0) return `≥ ${String(leastBytes / 1024)} KB`;
  return addedBytes > 0 ? `+ ${String(addedBytes / 1024)} KB` : '–';
}
