/** Puts the app on a page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { AddressBar } from '../core/address-bar.ts';
import type { Platform } from '../platform/platform.ts';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { Root } from './root.tsx';
import { applyTitle } from './page-title.ts';
import { applyTheme } from './theme.ts';

/** @param bar the window's own, where what is looked at goes into its history */
export function mount(document: Document, platform: Platform, bar?: AddressBar): App {
  const container = document.getElementById('root');
  if (container === null) throw new Error('the page has no #root');
  const app = createApp(platform, bar);
  applyTheme(document, app.store);
  applyTitle(document, app.store);
  createRoot(container).render(
    <StrictMode>
      <AppProvider value={app}>
        <Root />
      </AppProvider>
    </StrictMode>,
  );
  return app;
}
