/** Shares of the three origins. */
import { countText } from '../../../shared/format/count.ts';
import type { Overview } from '../../../shared/model/capture.ts';
import { useApp } from '../../core/app-context.ts';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ORIGIN, ORIGINS_LISTED } from '../../../shared/texts/origin.ts';

export function OriginBar({ byOrigin }: { readonly byOrigin: Overview['byOrigin'] }) {
  const { actions } = useApp();
  const total = Math.max(1, byOrigin.endpoint + byOrigin.middlebox + byOrigin.unknown);
  return (
    <>
      <div className="origin-bar" aria-hidden="true">
        {ORIGINS_LISTED.map((kind) => (
          <span key={kind} className={`origin-share origin-${kind}`} style={{ flexGrow: byOrigin[kind] }} />
        ))}
      </div>
      <ul className="origin-rows">
        {ORIGINS_LISTED.map((kind) => (
          <li key={kind}>
            <button
              type="button"
              className="origin-row"
              onClick={() => {
                actions.filterResets(`origin:${kind}`);
              }}
            >
              <OriginMark kind={kind} size={13} />
              <span className="origin-title">
                {ORIGIN[kind].name} <small>{ORIGIN[kind].about}</small>
              </span>
              <span className="origin-count">{countText(byOrigin[kind])}</span>
              <span className="origin-percent">{shareText(byOrigin[kind] / total)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A share that rounds to zero is not shown as none. */
function shareText(share: number): string {
  return share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`;
}
