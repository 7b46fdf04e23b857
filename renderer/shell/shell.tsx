/** The window around an open capture. */
import { useAppState } from '../core/app-context.ts';
import { CaptureBar } from '../views/live-bar/capture-bar.tsx';
import { CaptureEnd } from '../views/live-bar/capture-end.tsx';
import { viewEntry } from '../views/registry.ts';
import { CaptureTabs } from './capture-tabs.tsx';
import { Rail } from './rail.tsx';
import { TitleBar } from './title-bar.tsx';

export function Shell() {
  const { Component } = viewEntry(useAppState((state) => state.view));
  return (
    <div className="shell">
      <a
        className="skip-link"
        href="#main"
        onClick={(event) => {
          // The address is the place that is shown, and stays it.
          event.preventDefault();
          focusContent();
        }}
      >
        Skip to the content
      </a>
      <TitleBar />
      <CaptureTabs />
      <CaptureBar />
      <CaptureEnd />
      <div className="shell-body">
        <Rail />
        <main id="main" className="shell-main" tabIndex={-1}>
          <Component />
        </main>
      </div>
    </div>
  );
}

/** The list of the view where it has one, for which most people skip. */
function focusContent(): void {
  const main = document.getElementById('main');
  const list = main?.querySelector<HTMLElement>('[role="grid"][tabindex="0"]');
  (list ?? main)?.focus();
}
