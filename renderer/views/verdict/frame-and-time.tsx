/** Which packet the pane is about: its frame as the lists number it, its file where there are several, and its time. */
import { useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { frameText } from '../../words/frame-text.ts';
import { fileName } from '../../words/file-text.ts';
import { fullTimeText, timeText, timeUnit } from '../../words/values.ts';

interface FrameAndTimeProps {
  readonly row: { readonly file: number; readonly frame: number; readonly timeNs: number };
}

export function FrameAndTime({ row }: FrameAndTimeProps) {
  const clock = useClock();
  const files = useAppState((state) => state.summary?.files);
  const several = files === undefined || files.length < 2 ? undefined : files;
  const path = several?.at(row.file)?.path;
  const place = path === undefined ? '' : `frame ${row.frame} of ${fileName(path)}, `;
  return (
    <span className="verdict-frame num" title={`${place}${fullTimeText(clock, row.timeNs)}`}>
      <span>frame {frameText(row, several?.length ?? 1)}</span>
      <span>
        · {timeText(clock, row.timeNs)} {timeUnit(clock)}
      </span>
      {path === undefined ? null : <span>· {fileName(path)}</span>}
    </span>
  );
}
