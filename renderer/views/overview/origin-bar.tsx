/** Shares of the three origins. */
import { countText } from '../../../shared/format/count.ts';
import type { Overview } from '../../../shared/model/capture.ts';
import type { OriginKind } from '../../../shared/model/verdict.ts';
import { useApp } from '../../core/app-context.ts';
import { OriginMark } from '../../ui/origin-mark.tsx';

const ROWS: readonly { readonly kind: OriginKind; readonly title: string; readonly about: string }[] = [
  { kind: 'middlebox', title: 'Device on the path', about: 'made in the name of a host' },
  { kind: 'endpoint', title: 'The hosts themselves', about: 'or what answers for them' },
  { kind: 'unknown', title: 'Cannot tell', about: 'this capture does not settle it' },
];

export function OriginBar({ byOrigin }: { readonly byOrigin: Overview['byOrigin'] }) {
  const { actions } = useApp();
  const total = Math.max(1, byOrigin.endpoint + byOrigin.middlebox + byOrigin.unknown);
  return (
    <>
      <div className="origin-bar" aria-hidden="true">
        {ROWS.map(({ kind }) => (
          <span key={kind} className={`origin-share origin-${kind}`} style={{ flexGrow: byOrigin[kind] }} />
        ))}
      </div>
      <ul className="origin-rows">
        {ROWS.map(({ kind, title, about }) => (
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
                {title} <small>{about}</small>
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

/** Few are not none. */
function shareText(share: number): string {
  return share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`;
}
