import type { ComponentType } from 'react';
import { lazily } from './lazily.tsx';
import { Notice } from './Notice.tsx';

/** An editor by CodeMirror, a third of the page's script. `kept`: what is not lost where it does not come. */
export function lazyEditor<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  className: string | undefined,
  kept: string,
): ComponentType<Props> {
  return lazily(load, {
    coming: <div className={className} aria-busy="true" />,
    missing: (
      <div className={className}>
        <Notice kind="error" title="The editor could not be loaded">
          {`Dipper does not answer. Start it again, then reload this page; ${kept}.`}
        </Notice>
      </div>
    ),
  });
}
