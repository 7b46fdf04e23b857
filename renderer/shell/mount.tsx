/** Puts the app on a page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Platform } from '../platform/platform.ts';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { Root } from './root.tsx';
import { applyTheme } from './theme.ts';

export function mount(document: Document, platform: Platform): App {
  const container = document.getElementById('root');
  if (container === null) throw new Error('the page has no #root');
  const app = createApp(platform);
  applyTheme(document, app.store);
  createRoot(container).render(
    <StrictMode>
      <AppProvider value={app}>
        <Root />
      </AppProvider>
    </StrictMode>,
  );
  return app;
}
