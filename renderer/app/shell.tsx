/** The window around an open capture. */
import { useAppState } from './app-context.ts';
import { Rail } from './rail.tsx';
import { TitleBar } from './title-bar.tsx';
import { CaptureBar } from '../views/capture/capture-bar.tsx';
import { CaptureEnd } from '../views/capture/capture-end.tsx';
import { CatchView } from '../views/capture/catch-view.tsx';
import { FlowsView } from '../views/flows/flows-view.tsx';
import { OverviewView } from '../views/overview/overview-view.tsx';
import { PacketsView } from '../views/packets/packets-view.tsx';
import { ResetsView } from '../views/resets/resets-view.tsx';
import { WarningsView } from '../views/warnings/warnings-view.tsx';
import type { View } from '../state/ui-slice.ts';

export function Shell() {
  const view = useAppState((state) => state.view);
  return (
    <div className="shell">
      <TitleBar />
      <CaptureBar />
      <CaptureEnd />
      <div className="shell-body">
        <Rail />
        <main className="shell-main">
          <Shown view={view} />
        </main>
      </div>
    </div>
  );
}

function Shown({ view }: { readonly view: View }) {
  switch (view) {
    case 'overview':
      return <OverviewView />;
    case 'resets':
      return <ResetsView />;
    case 'flows':
      return <FlowsView />;
    case 'packets':
      return <PacketsView />;
    case 'warnings':
      return <WarningsView />;
    case 'catch':
      return <CatchView />;
  }
}
