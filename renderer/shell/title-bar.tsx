/** What is open, how far it is read, and the ways out of here. */
import { plural } from '../../shared/format/count.ts';
import { ArrowLeft, ArrowRight, CircleHelp, FolderOpen, Radio, Search } from 'lucide-react';
import { sanitiseText } from '../../shared/format/text.ts';
import type { LiveStatus } from '../../shared/model/live.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Keys } from '../ui/keys.tsx';
import { useRoving } from '../ui/use-roving.ts';
import { Logo } from '../ui/logo.tsx';
import { hasEnded, isCapturing } from '../state/live-slice.ts';
import { caseName } from '../words/capture-name.ts';
import { fileName, folderName, pathAsText } from '../words/file-text.ts';
import { placesText } from '../words/live-text.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { CompareButton } from './compare-button.tsx';
import { ReadingBar, ReadingStatus } from './reading.tsx';
import { ThemeButton } from './theme-button.tsx';

const MAX_NAME = 120;

export function TitleBar() {
  const { actions } = useApp();
  const roving = useRoving<HTMLDivElement>();
  return (
    <header className="title-bar">
      <div className="title-brand">
        <Logo size={20} />
        <h1>Resetscope</h1>
      </div>
      <Ways />
      <FileNames />
      <ReadingStatus />
      <span className="spring" />
      <div className="title-tools" role="toolbar" aria-label="Window" {...roving}>
        <button
          type="button"
          className="palette-button"
          onClick={() => {
            actions.setDialog('palette');
          }}
        >
          <Search size={13} aria-hidden="true" />
          <span>Commands</span>
          <Keys keys="mod+k" />
        </button>
        <ThemeButton />
        <IconButton
          label="Help"
          keys="?"
          icon={<CircleHelp size={16} aria-hidden="true" />}
          onClick={() => {
            actions.setDialog('help');
          }}
        />
        <CaptureButton />
        <CompareButton />
        <Button icon={<FolderOpen size={14} aria-hidden="true" />} onClick={() => void actions.pickFiles()}>
          <span className="title-word">Open</span>
        </Button>
      </div>
      <ReadingBar />
    </header>
  );
}

/** Back and forward through what was looked at. */
function Ways() {
  const { trail } = useApp();
  const canGoBack = useAppState((state) => state.canGoBack);
  const canGoForward = useAppState((state) => state.canGoForward);
  const roving = useRoving<HTMLDivElement>();
  return (
    <div className="title-ways" role="toolbar" aria-label="What was looked at" {...roving}>
      <IconButton
        label="Back"
        keys="alt+ArrowLeft"
        disabled={!canGoBack}
        icon={<ArrowLeft size={16} aria-hidden="true" />}
        onClick={() => {
          trail.back();
        }}
      />
      <IconButton
        label="Forward"
        keys="alt+ArrowRight"
        disabled={!canGoForward}
        icon={<ArrowRight size={16} aria-hidden="true" />}
        onClick={() => {
          trail.forward();
        }}
      />
    </div>
  );
}

/** Starts a capture; not offered while one runs, which has a bar of its own. */
function CaptureButton() {
  const { actions } = useApp();
  const isRunning = useAppState((state) => isCapturing(state.running));
  if (isRunning) return null;
  return (
    <Button
      icon={<Radio size={14} aria-hidden="true" />}
      onClick={() => {
        actions.setDialog('capture');
      }}
    >
      <span className="title-word">Capture</span>
    </Button>
  );
}

function FileNames() {
  const opened = useAppState((state) => state.openedPaths);
  const files = useAppState((state) => state.summary?.files);
  const live = useAppState((state) => state.live);
  const hasTabs = useAppState((state) => state.captures.length > 1);
  const joined = useAppState((state) => state.join);
  const paths = files === undefined || files.length === 0 ? opened : files.map((file) => file.path);
  // The tabs say it.
  if (hasTabs) return null;
  if (isCapturing(live))
    return <Opened name={placesText(live.options)} more="live" about={live.folder ?? ''} />;
  if (paths.length === 0) return null;
  const about = paths.map(pathAsText).join('\n');
  // The names of the ring's files mean little to people: the place of the capture stands for them.
  if (hasEnded(live) && paths.every((path) => isOfRing(path, live) && !opened.includes(path)))
    return <Opened name={placesText(live.options)} more={plural(paths.length, 'file')} about={about} />;
  if (joined !== null)
    return <Opened name={caseName(joined)} more={plural(paths.length, 'capture')} about={about} />;
  const more = paths.length > 1 ? `and ${paths.length - 1} more` : '';
  return <Opened name={fileName(paths[0])} more={more} about={about} />;
}

/** Whether the file belongs to the ring of the capture. Cases do not: they lie in a folder below its folder. */
function isOfRing(path: string, { folder }: LiveStatus): boolean {
  return folder !== null && folderName(path) === pathAsText(folder);
}

function Opened({
  name,
  more,
  about,
}: {
  readonly name: string;
  readonly more: string;
  readonly about: string;
}) {
  return (
    <div className="title-file" title={about}>
      <span className="title-file-name">{sanitiseText(name, MAX_NAME)}</span>
      {more === '' ? null : <span className="title-file-more">{more}</span>}
    </div>
  );
}
