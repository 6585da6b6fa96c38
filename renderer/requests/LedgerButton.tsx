import { useState } from 'react';
import { formatBytes } from '../../shared/byte-size.ts';
import { requestCount, type Ledger } from '../../shared/ledger.ts';
import { useLedger } from '../api/settings-queries.ts';
import { Button } from '../ui/Button.tsx';
import { formatCount } from '../ui/format.ts';
import { Popover } from '../ui/Popover.tsx';
import styles from './LedgerButton.module.css';

const MOST_LINES = 100;

/** Opens what Dipper's requests came to, by day and connection. */
export function LedgerButton() {
  const [open, setOpen] = useState(false);
  const { data: ledger, error } = useLedger(open);
  return (
    <Popover
      label="What requests came to"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className={styles.popup}
      trigger={
        <Button kind="quiet" compact>
          By day
        </Button>
      }
    >
      {error !== null ? (
        <p className={styles.note}>{error.message}</p>
      ) : ledger === undefined ? null : ledger.days.length === 0 ? (
        <p className={styles.note}>No request was sent yet. Each day’s requests, bytes and cost will stand here.</p>
      ) : (
        <Days ledger={ledger} />
      )}
    </Popover>
  );
}

function Days({ ledger }: { readonly ledger: Ledger }) {
  const { prices } = ledger;
  const days = ledger.days.slice(0, MOST_LINES);
  return (
    <>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Requests by day and connection">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              <th scope="col">Connection</th>
              <th scope="col" className={styles.number}>
                Requests
              </th>
              <th scope="col" className={styles.number}>
                Sent
              </th>
              <th scope="col" className={styles.number}>
                Received
              </th>
              <th scope="col" className={styles.number}>
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, connection, connectionName, requests, bytesUp, bytesDown, cost }) => (
              <tr key={`${day} ${connection}`}>
                <td>{day}</td>
                <td className={styles.name} title={connectionName}>
                  {connectionName}
                </td>
                <td className={styles.number} title={operations(requests)}>
                  {formatCount(requestCount(requests))}
                </td>
                <td className={styles.number}>{formatBytes(bytesUp)}</td>
                <td className={styles.number}>{formatBytes(bytesDown)}</td>
                <td className={styles.number}>{cost === null ? '–' : costText(cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.note}>
        US dollars for requests and for reading from colder classes, at the prices of {prices.region} of {prices.date}.
        Storage, and what leaves AWS, are not in them. Other servers than Amazon’s have no price here.
      </p>
    </>
  );
}

function operations(requests: Readonly<Record<string, number>>): string {
  return Object.entries(requests)
    .toSorted(([, a], [, b]) => b - a)
    .map(([operation, count]) => `${operation} ${formatCount(count)}`)
    .join(', ');
}

/** Requests cost fractions of a cent. */
function costText(cost: number): string {
  if (cost === 0) return '$0';
  return cost < 0.0001 ? '< $0.0001' : `$${cost.toFixed(cost < 1 ? 4 : 2)}`;
}
