import { Component, type ReactNode } from 'react';
import { drafts } from '../record/drafts.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { WITHOUT_TABS } from './kept-workspace.ts';

interface MistakeBoundaryProps {
  readonly children: ReactNode;
}

interface MistakeBoundaryState {
  readonly met: { readonly mistake: unknown } | null;
}

/** React takes away a page that it cannot draw: another one stands in its place then. Only a class can be told of it. */
export class MistakeBoundary extends Component<MistakeBoundaryProps, MistakeBoundaryState> {
  override state: MistakeBoundaryState = { met: null };

  static getDerivedStateFromError(mistake: unknown): MistakeBoundaryState {
    return { met: { mistake } };
  }

  override render(): ReactNode {
    const { met } = this.state;
    return met === null ? this.props.children : <MistakePage mistake={met.mistake} />;
  }
}

function MistakePage({ mistake }: { readonly mistake: unknown }) {
  const text = mistake instanceof Error ? (mistake.stack ?? mistake.message) : String(mistake);
  return (
    <main role="alert">
      <EmptyState
        title="The page met a mistake in Dipper"
        lead="Connections, tabs, queries and drafts are kept, jobs go on, and records in S3 are as they were. Where it is because of what a tab shows, load the page without its tabs. Please report what it says."
      >
        <Button kind="primary" onClick={() => void loadAgain('')}>
          Load the page again
        </Button>
        <Button onClick={() => void loadAgain(WITHOUT_TABS)}>Load it without tabs</Button>
        <CopyButton name="Copy what it says" text={text} />
      </EmptyState>
    </main>
  );
}

/** What was typed last may still be on its way. */
async function loadAgain(hash: string): Promise<void> {
  await drafts.settled();
  window.history.replaceState(null, '', window.location.pathname + hash);
  window.location.reload();
}
