/** Causes by how often they were found; each opens its resets. */
import { useState } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { Overview } from '../../../shared/model/capture.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { useApp } from '../../core/app-context.ts';

const SHOWN = 7;

export function CauseBars({ byCause }: { readonly byCause: Overview['byCause'] }) {
  const { actions } = useApp();
  const [isAll, setIsAll] = useState(false);
  const most = Math.max(1, ...byCause.map(({ count }) => count));
  const shown = isAll ? byCause : byCause.slice(0, SHOWN);
  return (
    <>
      <ul className="cause-bars">
        {shown.map(({ cause, count, matters }) => (
          <li key={cause}>
            <button
              type="button"
              className="cause-row"
              title={causeOf(cause).what}
              onClick={() => {
                actions.filterResets(`cause:${cause}`);
              }}
            >
              <span className="cause-title">{causeOf(cause).title}</span>
              <span className="cause-track" aria-hidden="true">
                <span className="cause-bar" style={{ width: `${(count / most) * 100}%` }}>
                  <span className="cause-matters" style={{ width: `${(matters / count) * 100}%` }} />
                </span>
              </span>
              <span className="cause-count">
                {countText(count)} <small>{matters > 0 ? `${countText(matters)} matter` : 'harmless'}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {byCause.length > SHOWN ? (
        <button
          type="button"
          className="link cause-more"
          onClick={() => {
            setIsAll(!isAll);
          }}
        >
          {isAll ? 'Fewer' : plural(byCause.length - SHOWN, 'more cause', 'more causes')}
        </button>
      ) : null}
    </>
  );
}
