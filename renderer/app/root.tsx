/** Start page or open capture, and what lies over both. */
import { useAppState } from './app-context.ts';
import { DropOverlay } from './drop-overlay.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LinkBanner } from './link-banner.tsx';
import { Notice } from './notice.tsx';
import { Palette } from './palette.tsx';
import { Shell } from './shell.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { StartView } from '../views/start/start-view.tsx';

export function Root() {
  useShortcuts();
  const isOpen = useAppState(({ progress }) => {
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
      <Notice />
    </>
  );
}
