/** How the connections ended, all of them; each ending leads to its list. */
import { countText, plural } from '../../../shared/format/count.ts';
import type { Ending } from '../../../shared/model/failure.ts';
import { useApp } from '../../core/app-context.ts';
import { EndingMark } from '../../ui/ending-mark.tsx';
import type { EndingCounts } from '../../words/ending.ts';
import { ENDING, ENDINGS_LISTED, connectionsIn } from '../../words/ending.ts';

export function EndingsBar({ endings }: { readonly endings: EndingCounts }) {
  const { actions } = useApp();
  const shown = ENDINGS_LISTED.filter((ending) => endings[ending] > 0);
  const show = (ending: Ending): void => {
    actions.showEnding(ending);
  };
  return (
    <>
      <div className="endings-bar" aria-hidden="true">
        {shown.map((ending) => (
          <span
            key={ending}
            className={`ending-share tone-${ENDING[ending].tone}`}
            style={{ flexGrow: endings[ending] }}
          />
        ))}
      </div>
      <ul className="ending-rows" aria-label={plural(connectionsIn(endings), 'connection')}>
        {shown.map((ending) => (
          <li key={ending}>
            <button
              type="button"
              className="ending-row"
              title={ENDING[ending].about}
              onClick={() => {
                show(ending);
              }}
            >
              <EndingMark tone={ENDING[ending].tone} />
              <span className="ending-title">{ENDING[ending].name}</span>
              <span className="ending-count num">{countText(endings[ending])}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
