/** Start page or open capture, and what lies over both. */
import { useAppState } from './app-context.ts';
import { DropOverlay } from './drop-overlay.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LinkBanner } from './link-banner.tsx';
import { Notice } from './notice.tsx';
import { Palette } from './palette.tsx';
import { Shell } from './shell.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { isCapturing } from '../state/live-slice.ts';
import { CaptureDialog } from '../views/capture/capture-dialog.tsx';
import { CaseToasts } from '../views/capture/case-toasts.tsx';
import { CatchDialog } from '../views/capture/catch-dialog.tsx';
import { LeaveDialog } from '../views/capture/leave-dialog.tsx';
import { SaveDialog } from '../views/capture/save-dialog.tsx';
import { StartView } from '../views/start/start-view.tsx';

export function Root() {
  useShortcuts();
  const isOpen = useAppState(({ progress, live }) => {
    if (isCapturing(live) && live.phase !== 'starting') return true;
    // What failed at once has nothing to show but its error.
    return progress.phase !== 'empty' && !(progress.phase === 'failed' && progress.packets === 0);
  });
  return (
    <>
      <LinkBanner />
      {isOpen ? <Shell /> : <StartView />}
      <DropOverlay />
      <Palette />
      <HelpDialog />
      <CaptureDialog />
      <CatchDialog />
      <SaveDialog />
      <LeaveDialog />
      <CaseToasts />
      <Notice />
    </>
  );
}
