/** The page while nothing is open: drop or choose a file, come back to a recent one, or capture. */
import { CircleAlert, FileSearch, FolderOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { bytesText } from '../../../shared/format/bytes.ts';
import { upperFirst } from '../../../shared/format/text.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { Keys } from '../../ui/keys.tsx';
import { Logo } from '../../ui/logo.tsx';
import { fileName, pathAsText } from '../../words/file-text.ts';
import { ORIGIN } from '../../../shared/texts/origin.ts';
import { FleetWay } from './fleet-way.tsx';
import { Learn } from './learn.tsx';
import { RecentFiles } from './recent-files.tsx';
import './start.css';

const PURPOSE = `Finds out who really sent each TCP reset of a capture: ${ORIGIN.endpoint.phrase}, or ${ORIGIN.middlebox.phrase} in its name.`;

interface StartViewProps {
  /** In the corner of the window. */
  readonly corner: ReactNode;
  /** The other way to begin: a live capture. */
  readonly live: ReactNode;
}

export function StartView({ corner, live }: StartViewProps) {
  const { actions } = useApp();
  return (
    <main className="start">
      <div className="start-corner">{corner}</div>
      <div className="start-inner">
        <header className="start-head">
          <Logo size={44} />
          <div>
            <h1>Resetscope</h1>
            <p>{PURPOSE}</p>
          </div>
        </header>
        <StartError />
        <div className="start-ways">
          <div className="start-files">
            <StartTarget />
            <RecentFiles />
            <FleetWay />
          </div>
          {live}
        </div>
        <Learn />
        <footer className="start-foot">
          <Hint keys="mod+o" text="open" />
          <Hint keys="mod+e" text="capture" />
          <Hint keys="mod+k" text="commands" />
          <Hint keys="?" text="help" />
          <button
            type="button"
            className="link"
            onClick={() => {
              actions.setDialog('help');
            }}
          >
            How to read a verdict
          </button>
        </footer>
      </div>
    </main>
  );
}

function Hint({ keys, text }: { readonly keys: string; readonly text: string }) {
  return (
    <span className="start-hint">
      <Keys keys={keys} /> {text}
    </span>
  );
}

function StartTarget() {
  const { actions } = useApp();
  const opening = useAppState((state) => state.opening);
  const link = useAppState((state) => state.link);
  if (opening !== null) return <Opening />;
  return (
    <section className="start-target" aria-label="Open a capture">
      <FileSearch size={38} strokeWidth={1.25} aria-hidden="true" />
      <strong>Drop a capture here</strong>
      <span className="start-formats">
        pcap, pcapng, snoop or ERF; plain or in gzip, zstd, lz4, ZIP; several files of one rotated set
      </span>
      <Button
        look="primary"
        autoFocus
        disabled={link !== 'open'}
        icon={<FolderOpen size={15} aria-hidden="true" />}
        onClick={() => void actions.pickFiles()}
      >
        {link === 'connecting' ? 'Connecting…' : 'Open capture…'}
      </Button>
      <span className="start-local">Nothing leaves this machine.</span>
    </section>
  );
}

function Opening() {
  const { actions } = useApp();
  const opening = useAppState((state) => state.opening);
  if (opening === null) return null;
  const { names, upload } = opening;
  const share = upload === null || upload.totalBytes === 0 ? null : upload.sentBytes / upload.totalBytes;
  return (
    <section className="start-target is-busy" aria-label="Opening" aria-live="polite">
      <strong>Opening {names.length === 1 ? names[0] : `${names.length} files`}</strong>
      {upload === null ? null : (
        <span className="start-formats">
          {bytesText(upload.sentBytes)} of {bytesText(upload.totalBytes)} handed to the engine
        </span>
      )}
      <progress
        className="start-progress"
        aria-label="Handing over"
        {...(share === null ? {} : { value: share })}
        max={1}
      />
      <Button onClick={actions.cancelOpening}>Cancel</Button>
    </section>
  );
}

function StartError() {
  const { actions } = useApp();
  const openError = useAppState((state) => state.openError);
  const failure = useAppState(({ progress }) => (progress.phase === 'failed' ? progress.error : null));
  const opened = useAppState((state) => state.openedPaths);
  const message = openError?.message ?? failure;
  if (message === null) return null;
  const paths = openError === null ? opened : openError.paths;
  return (
    <section className="start-error" role="alert">
      <CircleAlert size={18} aria-hidden="true" />
      <div className="start-error-text">
        <strong>
          {paths.length === 0 ? 'This could not be opened' : `${fileName(paths[0])} could not be opened`}
        </strong>
        <p>{pathAsText(paths.length === 0 ? message : withoutPath(message, paths[0]))}</p>
      </div>
      {paths.length === 0 ? null : <Button onClick={() => void actions.openPaths(paths)}>Try again</Button>}
    </section>
  );
}

/** The message without the path of the file, which the title names already. */
function withoutPath(message: string, path: string): string {
  const rest = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  return upperFirst(rest);
}
