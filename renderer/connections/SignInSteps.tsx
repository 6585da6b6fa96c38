import { useId, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import button from '../ui/Button.module.css';
import { classes } from '../ui/classes.ts';
import { failureTitle } from '../ui/failure-texts.ts';
import { formatTime } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './SignIn.module.css';
import { useSignIn } from './use-sign-in.ts';

export interface SignInStepsProps {
  readonly profile: string;
  readonly onDone: () => void;
}

/** What a person does so that a profile gives credentials: confirm a code in the browser, or type in that of a device. */
export function SignInSteps(props: SignInStepsProps) {
  const [attempt, setAttempt] = useState(0);
  return <OneAttempt key={attempt} {...props} onAgain={() => setAttempt(attempt + 1)} />;
}

function OneAttempt({ profile, onDone, onAgain }: SignInStepsProps & { readonly onAgain: () => void }) {
  const id = useId();
  const { state, refusal, checking, giveCode } = useSignIn(profile, onDone);
  const [code, setCode] = useState('');
  const problem = /^\d{6,8}$/.test(code.trim()) ? null : 'A code has six to eight digits.';

  function send(): void {
    if (problem !== null || checking) return;
    setCode('');
    giveCode(code.trim());
  }

  switch (state.step) {
    case 'asking':
      return <Notice kind="info">Asking what is needed …</Notice>;
    case 'failed':
      return (
        <Notice
          kind="error"
          title={failureTitle(state.error.code, profile)}
          actions={
            <Button compact onClick={onAgain}>
              Begin again
            </Button>
          }
        >
          {state.error.message}
        </Notice>
      );
    case 'browser':
      return (
        <div className={styles.step}>
          <p className={styles.words}>
            A page in the browser shows this code. Compare it, and confirm there that it is you who asks.
          </p>
          <output className={styles.code} aria-label="Code to compare">
            {state.code}
          </output>
          <a
            className={classes(button.button, button.primary, styles.open)}
            href={state.address}
            target="_blank"
            rel="noreferrer"
          >
            Open the sign-in page
          </a>
          <p className={styles.soft} role="status">
            Waiting for the browser. The code is valid until {formatTime(state.expiresAt)}.
          </p>
        </div>
      );
    case 'code':
      return (
        <div className={styles.step}>
          <FormRow
            label="Code"
            htmlFor={id}
            error={refusal?.message}
            hint={
              <>
                Of the device <span className={styles.mono}>{state.device}</span>
                {state.profile === profile ? '.' : `, which the profile ${state.profile} asks for.`}
              </>
            }
          >
            <span className={styles.typed}>
              <TextField
                id={id}
                aria-describedby={`${id}-note`}
                mono
                autoFocus
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={8}
                value={code}
                wrong={refusal !== null}
                onChange={setCode}
                onKeyDown={(event) => {
                  // It may stand in the form of a dialog, which Enter would send.
                  if (event.key !== 'Enter') return;
                  event.preventDefault();
                  send();
                }}
              />
              <Button
                disabledReason={
                  checking ? 'The code is being looked at.' : code === '' ? 'Type the code first.' : problem
                }
                onClick={send}
              >
                Use this code
              </Button>
            </span>
          </FormRow>
        </div>
      );
  }
}
