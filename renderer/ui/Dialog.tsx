import { Dialog as Base } from '@base-ui/react/dialog';
import { useRef, type ReactNode, type RefObject } from 'react';
import { classes } from './classes.ts';
import styles from './Dialog.module.css';
import { IconButton } from './IconButton.tsx';

export interface DialogProps {
  readonly title: string;
  /** Beside the title, faint: what the dialog is about. */
  readonly subject?: ReactNode;
  readonly open: boolean;
  readonly onClose: () => void;
  /** The size of the page's dialogs; `wide` is 1,120 px. */
  readonly wide?: boolean;
  /** A question that needs an answer: `alertdialog`. */
  readonly alert?: boolean;
  readonly children: ReactNode;
  /** Buttons, right-aligned; the filled one last. */
  readonly footer?: ReactNode;
  /** Left out: its first control. The button to close would be the first, and its tooltip take the first Escape. */
  readonly initialFocus?: RefObject<HTMLElement | null> | (() => HTMLElement | null) | undefined;
  /** Makes the dialog a form: Enter sends it. */
  readonly onSubmit?: () => void;
  /** What it does is done in production: a line in that colour, as at the top of the window. */
  readonly production?: boolean;
  /** Set while what was typed would be lost: a press outside does not close. */
  readonly keepOpen?: boolean;
}

/** What Tab comes to. */
const CONTROL = ':is(a, button, input, select, textarea, [tabindex="0"]):not([tabindex="-1"])';

export function Dialog({
  title,
  subject,
  open,
  onClose,
  wide = false,
  alert = false,
  children,
  footer,
  initialFocus,
  onSubmit,
  keepOpen = false,
  production = false,
}: DialogProps) {
  const body = useRef<HTMLDivElement>(null);
  const foot = useRef<HTMLDivElement>(null);
  const firstControl = (): HTMLElement | null =>
    body.current?.querySelector<HTMLElement>(CONTROL) ?? foot.current?.querySelector<HTMLElement>(CONTROL) ?? null;
  const inside = (
    <>
      <div ref={body} className={styles.body}>
        {children}
      </div>
      {footer === undefined ? null : (
        <div ref={foot} className={styles.foot}>
          {footer}
        </div>
      )}
    </>
  );
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={keepOpen || alert}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.scrim} />
        <Base.Popup
          role={alert ? 'alertdialog' : 'dialog'}
          className={classes(styles.popup, wide && styles.wide, production && styles.production)}
          initialFocus={initialFocus ?? firstControl}
        >
          <div className={styles.head}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            {subject === undefined ? null : <span className={styles.subject}>{subject}</span>}
            <Base.Close render={<IconButton icon="close" name="Close" className={styles.close} />} />
          </div>
          {onSubmit === undefined ? (
            inside
          ) : (
            <form
              className={styles.form}
              noValidate
              onSubmit={(event) => {
                event.preventDefault();
                // A dialog inside a dialog is a child in React's tree: its form's event would send this one too.
                event.stopPropagation();
                onSubmit();
              }}
            >
              {inside}
            </form>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
