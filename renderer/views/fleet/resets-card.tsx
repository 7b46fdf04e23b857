/** The resets themselves, newest first; a row opens what all other hosts say of it, its button the capture. */
import { FolderOpen, LoaderCircle } from 'lucide-react';
import { countText } from '../../../shared/format/count.ts';
import { FLEET_BOUNDS } from '../../../shared/contract/fleet-schemas.ts';
import type { FleetReset } from '../../../shared/model/fleet.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { ORIGIN } from '../../../shared/texts/origin.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { isSameReset } from '../../state/fleet-slice.ts';
import { IconButton } from '../../ui/button.tsx';
import { Confidence } from '../../ui/confidence.tsx';
import { Fold } from '../../ui/fold.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { serverText, tableSentence, tableText, utcMillisText } from '../../words/fleet-text.ts';
import { PartCard } from './part-state.tsx';
import { moveBetweenRows } from './table-keys.ts';
import type { FleetAnswers } from './use-fleet-answers.ts';

/** Resets that are asked for at first. */
export const FIRST_RESETS = 100;

interface ResetsCardProps {
  readonly part: FleetAnswers['resets'];
  readonly onAgain: () => void;
  /** So many are asked for. */
  readonly most: number;
  readonly onMore: (most: number) => void;
}

export function ResetsCard({ part, onAgain, most, onMore }: ResetsCardProps) {
  return (
    <PartCard
      id="fleet-resets"
      title="Resets"
      about={part.value === null ? undefined : `${countText(part.value.total)}, newest first`}
      part={part}
      waiting="Resets are being asked for"
      lines={6}
      onAgain={onAgain}
      isFlush
    >
      {({ resets, total }) =>
        resets.length === 0 ? (
          <p className="fleet-none">No resets in what is asked for.</p>
        ) : (
          <>
            <Resets resets={resets} />
            {total <= resets.length ? null : most < FLEET_BOUNDS.rows ? (
              <Fold
                isOpen={false}
                onChange={() => {
                  onMore(FLEET_BOUNDS.rows);
                }}
              >
                Show {countText(Math.min(FLEET_BOUNDS.rows, total) - resets.length)} more of{' '}
                {countText(total)}
              </Fold>
            ) : (
              <p className="fleet-more">
                The newest {countText(resets.length)} of {countText(total)}. Ask for less time, or one server,
                to see the others.
              </p>
            )}
          </>
        )
      }
    </PartCard>
  );
}

function Resets({ resets }: { readonly resets: readonly FleetReset[] }) {
  return (
    <div className="fleet-scroll">
      <table className="table fleet-table">
        <thead>
          <tr>
            <th scope="col">When (UTC)</th>
            <th scope="col">Sent by</th>
            <th scope="col">Why</th>
            <th scope="col">Server</th>
            <th scope="col" className="is-third">
              Client
            </th>
            <th scope="col" className="is-second">
              Host
            </th>
            <th scope="col" className="is-third">
              Confidence
            </th>
            <th scope="col">
              <span className="visually-hidden">Its capture</span>
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>
          {resets.map((reset) => (
            <ResetRow key={`${reset.capture} ${reset.segment} ${reset.reset}`} reset={reset} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ResetRow({ reset }: { readonly reset: FleetReset }) {
  const { actions } = useApp();
  const isSelected = useAppState((state) => isSameReset(state.fleetReset, reset));
  const isOpening = useAppState((state) => isSameReset(state.fleetCaseOf, reset));
  const { capture, segment, origin } = reset;
  return (
    <tr
      className={`${reset.matters ? 'does-matter' : ''} ${isSelected ? 'is-selected' : ''}`}
      title={tableSentence(reset.summary)}
      onClick={() => {
        actions.selectFleetReset({ capture, segment, reset: reset.reset });
      }}
    >
      <td>
        <button type="button" className="finding-open num" data-row aria-pressed={isSelected}>
          {utcMillisText(reset.timeMs)}
        </button>
      </td>
      <td>
        <span className="fleet-origin">
          <OriginMark kind={origin} /> {ORIGIN[origin].short}
          {reset.matters ? (
            <>
              <MattersMark />
              <span className="visually-hidden">, it matters</span>
            </>
          ) : null}
          {reset.count > 1 ? <span className="chip">×{countText(reset.count)}</span> : null}
        </span>
      </td>
      <td>{causeOf(reset.cause).title}</td>
      <td className="mono fleet-end">{serverText(reset.server, reset.serverName)}</td>
      <td className="mono fleet-end is-third">{tableText(reset.client)}</td>
      <td className="is-second">
        {tableText(reset.host)} <span className="faint">{tableText(reset.site)}</span>
      </td>
      <td className="is-third">
        <Confidence kind={origin} value={reset.confidence} />
      </td>
      <td className="align-end">
        <IconButton
          label={`Open the capture of the reset at ${utcMillisText(reset.timeMs)}`}
          disabled={isOpening}
          icon={
            isOpening ? (
              <LoaderCircle size={14} className="fleet-turning" aria-hidden="true" />
            ) : (
              <FolderOpen size={14} aria-hidden="true" />
            )
          }
          onClick={(event) => {
            event.stopPropagation();
            void actions.openFleetCase(reset);
          }}
        />
      </td>
    </tr>
  );
}
