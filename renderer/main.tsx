import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.ts';
import { App } from './App.tsx';
import { MistakeBoundary } from './shell/MistakeBoundary.tsx';
import { applyLastTheme } from './shell/theme.ts';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import './styles/global.css';
import { TooltipProvider } from './ui/Tooltip.tsx';

applyLastTheme();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <TooltipProvider>
        <MistakeBoundary>
          <App />
        </MistakeBoundary>
      </TooltipProvider>
    </QueryClientProvider>
  </StrictMode>,
);
