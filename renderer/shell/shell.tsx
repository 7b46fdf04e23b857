/** The window around an open capture. */
import { useAppState } from '../core/app-context.ts';
import { CaptureBar } from '../views/live-bar/capture-bar.tsx';
import { CaptureEnd } from '../views/live-bar/capture-end.tsx';
import { viewEntry } from '../views/registry.ts';
import { Rail } from './rail.tsx';
import { TitleBar } from './title-bar.tsx';

export function Shell() {
  const { Component } = viewEntry(useAppState((state) => state.view));
  return (
    <div className="shell">
      <TitleBar />
      <CaptureBar />
      <CaptureEnd />
      <div className="shell-body">
        <Rail />
        <main className="shell-main">
          <Component />
        </main>
      </div>
    </div>
  );
}
