/** How the connections ended, all of them; each ending leads to its list. */
import { countText, plural } from '../../../shared/format/count.ts';
import type { EndingsReport } from '../../../shared/model/failure.ts';
import { useApp } from '../../core/app-context.ts';
import { EndingMark } from '../../ui/ending-mark.tsx';
import { ENDING, ENDINGS_LISTED } from '../../words/ending.ts';

interface EndingsBarProps {
  readonly endings: Pick<EndingsReport, 'counts' | 'connections'>;
}

export function EndingsBar({ endings }: EndingsBarProps) {
  const { actions } = useApp();
  const { counts, connections } = endings;
  const shown = ENDINGS_LISTED.filter((ending) => counts[ending] > 0);
  return (
    <>
      <div className="endings-bar" aria-hidden="true">
        {shown.map((ending) => (
          <span
            key={ending}
            className={`ending-share tone-${ENDING[ending].tone}`}
            style={{ flexGrow: counts[ending] }}
          />
        ))}
      </div>
      <ul className="ending-rows" aria-label={plural(connections, 'connection')}>
        {shown.map((ending) => (
          <li key={ending}>
            <button
              type="button"
              className="ending-row"
              title={ENDING[ending].about}
              onClick={() => {
                actions.showEnding(ending);
              }}
            >
              <EndingMark tone={ENDING[ending].tone} />
              <span>{ENDING[ending].name}</span>
              <span className="ending-count num">{countText(counts[ending])}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
