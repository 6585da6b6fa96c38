import { formatBytes } from '../../shared/byte-size.ts';
import styles from './FirstBytes.module.css';

const ROW = 8;

/** Bytes as a hex dump shows them: place, hexadecimal, and the characters that ASCII has for them. */
export function FirstBytes({ hex, size }: { readonly hex: string; readonly size: number }) {
  const bytes = hex.match(/../g) ?? [];
  if (bytes.length === 0) return null;
  const rows = Array.from({ length: Math.ceil(bytes.length / ROW) }, (_, row) =>
    dumpLine(row * ROW, bytes.slice(row * ROW, (row + 1) * ROW)),
  );
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        {bytes.length < size ? `The first ${bytes.length} bytes of ${formatBytes(size)}` : `All ${bytes.length} bytes`}
      </figcaption>
      {/* Focusable, because it scrolls. */}
      <pre className={styles.bytes} role="group" tabIndex={0} aria-label="Bytes of the object">
        {rows.join('\n')}
      </pre>
    </figure>
  );
}

function dumpLine(offset: number, bytes: readonly string[]): string {
  const characters = bytes.map((byte) => {
    const code = Number.parseInt(byte, 16);
    return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
  });
  return `${offset.toString(16).padStart(3, '0')} ${bytes.join(' ').padEnd(ROW * 3 - 1)} ${characters.join('')}`;
}
