/** Files opened before. */
import { FileClock, X } from 'lucide-react';
import { useState } from 'react';
import { bytesText } from '../../../shared/format/bytes.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { IconButton } from '../../ui/button.tsx';
import { fileName, folderName, pathAsText } from '../../words/file-text.ts';
import { agoText } from '../../words/values.ts';

export function RecentFiles() {
  const { actions } = useApp();
  const recent = useAppState((state) => state.recent);
  // The time is taken once: how long ago a file was opened need not tick.
  const [now] = useState(() => Date.now());
  if (recent.length === 0) return null;
  return (
    <section className="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">Recent</h2>
      <ul>
        {recent.map((file) => (
          <li key={file.path} className="recent-item">
            <button
              type="button"
              className="recent-open"
              title={pathAsText(file.path)}
              onClick={() => void actions.openPaths([file.path])}
            >
              <FileClock size={15} aria-hidden="true" />
              <span className="recent-name">{fileName(file.path)}</span>
              <span className="recent-path">{folderName(file.path)}</span>
              <span className="recent-size">{bytesText(file.sizeBytes)}</span>
              <span className="recent-when">{agoText(file.openedMs, now)}</span>
            </button>
            <IconButton
              label={`Forget ${fileName(file.path)}`}
              icon={<X size={13} aria-hidden="true" />}
              onClick={() => void actions.forgetRecent(file.path)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
