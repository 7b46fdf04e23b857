/** Start page or open capture, and what lies over both. */
import { useAppState } from '../core/app-context.ts';
import { CaptureTabs } from './capture-tabs.tsx';
import { DropOverlay } from './drop-overlay.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LinkBanner } from './link-banner.tsx';
import { Notice } from './notice.tsx';
import { Palette } from './palette.tsx';
import { Shell } from './shell.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { NoteDialog } from '../notes/note-dialog.tsx';
import { HandOverDialog } from '../hand-over/hand-over-dialog.tsx';
import { NamesDialog } from '../names/names-dialog.tsx';
import { isCapturing } from '../state/live-slice.ts';
import { CaptureDialog } from '../views/live-start/capture-dialog.tsx';
import { CaseToasts } from '../views/catch/case-toasts.tsx';
import { CatchDialog } from '../views/catch/catch-dialog.tsx';
import { LeaveDialog } from '../views/live-bar/leave-dialog.tsx';
import { SaveDialog } from '../views/live-bar/save-dialog.tsx';
import { LessonView } from '../views/lesson/lesson-view.tsx';
import { StartView } from '../views/start/start-view.tsx';
import { LiveStart } from './live-start.tsx';
import { ThemeButton } from './theme-button.tsx';
import './shell.css';
import './over.css';

export function Root() {
  useShortcuts();
  const isOpen = useAppState(({ progress, live, view }) => {
    // A fleet is looked at without any capture, too.
    if (view === 'fleet') return true;
    if (isCapturing(live) && live.phase !== 'starting') return true;
    // A capture of which nothing could be read has nothing to show but the error, which is on the start page.
    return progress.phase !== 'empty' && !(progress.phase === 'failed' && progress.packets === 0);
  });
  const lesson = useAppState((state) => state.lesson);
  return (
    <>
      <LinkBanner />
      {isOpen && lesson === null ? null : <CaptureTabs />}
      {lesson !== null ? (
        <LessonView key={lesson} name={lesson} corner={<ThemeButton />} />
      ) : isOpen ? (
        <Shell />
      ) : (
        <StartView corner={<ThemeButton />} live={<LiveStart />} />
      )}
      <DropOverlay />
      <Palette />
      <HelpDialog />
      <CaptureDialog>
        <LiveStart />
      </CaptureDialog>
      <CatchDialog />
      <SaveDialog />
      <LeaveDialog />
      <NamesDialog />
      <HandOverDialog />
      <NoteDialog />
      <CaseToasts />
      <Notice />
    </>
  );
}
