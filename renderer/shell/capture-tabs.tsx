/** The open captures, where there are several. Alt+1 … Alt+9 show them, Delete closes the one in focus. */
import { Radio, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { OpenCapture } from '../../shared/contract/methods.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { isCapturing } from '../state/live-slice.ts';
import { useRoving } from '../ui/use-roving.ts';
import { captureName } from '../words/capture-name.ts';
import { pathAsText } from '../words/file-text.ts';
import './tabs.css';

export function CaptureTabs() {
  const hasSeveral = useAppState((state) => state.captures.length > 1);
  return hasSeveral ? <TabStrip /> : null;
}

function TabStrip() {
  const captures = useAppState((state) => state.captures);
  const roving = useRoving<HTMLElement>();
  return (
    <nav className="tabs" aria-label="Open captures" {...roving}>
      <ul>
        {captures.map((capture) => (
          <Tab key={capture.capture} tab={capture} />
        ))}
      </ul>
    </nav>
  );
}

function Tab({ tab }: { readonly tab: OpenCapture }) {
  const { actions } = useApp();
  const running = useAppState((state) => state.running);
  const caseNames = useAppState((state) => state.caseNames);
  const name = captureName(tab, running, caseNames);
  const isRunning = tab.isLive && isCapturing(running);
  const close = (): void => void actions.closeCapture(tab.capture);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Delete') return;
    event.preventDefault();
    close();
  };
  return (
    <li className="tab" data-shown={tab.isShown ? '' : undefined}>
      <button
        type="button"
        className="tab-show"
        aria-current={tab.isShown ? 'true' : undefined}
        title={tab.paths.map(pathAsText).join('\n')}
        onClick={() => void actions.showCapture(tab.capture)}
        onAuxClick={(event) => {
          if (event.button === 1) close();
        }}
        onKeyDown={onKeyDown}
      >
        {isRunning ? <Radio size={13} className="reading-live" aria-label="capturing" /> : null}
        <span className="tab-name">{name}</span>
        <TabState tab={tab} />
      </button>
      <button
        type="button"
        className="tab-close"
        aria-label={`Close ${name}`}
        onClick={close}
        onKeyDown={onKeyDown}
      >
        <X size={13} aria-hidden="true" />
      </button>
    </li>
  );
}

/** How far a capture is that is not shown; the title bar says it of the one that is. */
function TabState({ tab: { phase, isShown, bytesRead, bytesTotal } }: { readonly tab: OpenCapture }) {
  if (phase === 'failed') return <span className="tab-state tone-bad">failed</span>;
  if (!isShown && phase === 'joining') return <span className="tab-state">joining</span>;
  if (isShown || phase !== 'reading' || bytesTotal === 0) return null;
  return <span className="tab-state">{Math.floor((100 * bytesRead) / bytesTotal)}%</span>;
}
