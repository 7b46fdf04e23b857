/** The records of a TLS connection as a list: the handshake by its messages, alerts in words, data by its size. */
import { Fragment, useState } from 'react';
import { countText, plural } from '../../shared/format/count.ts';
import type { StreamMessages, TlsEntry } from '../../shared/model/stream.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { useClock } from '../core/clock.ts';
import { sizeText, timeText } from '../words/values.ts';
import { AnswerState } from './answer-state.tsx';
import { Pager, ResetsBetween } from './http-view.tsx';
import { StreamList } from './stream-list.tsx';
import { useAnswer } from './use-answer.ts';

const STEP = 50;

export function TlsView({ flow }: { readonly flow: number }) {
  const [from, setFrom] = useState(0);
  const answer = useAnswer('flows.messages', { flow, as: 'tls', from, count: STEP });
  const { value } = answer;
  if (value === null) return <AnswerState answer={answer} what="The records" />;
  return (
    <StreamList>
      {value.trouble === '' ? null : <p className="stream-note tone-warn">{value.trouble}</p>}
      {value.entries.length === 0 ? (
        <p className="stream-note">No TLS record begins in it.</p>
      ) : (
        <table className="tls-table num">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Frame</th>
              <th scope="col">From</th>
              <th scope="col">Record</th>
              <th scope="col">What it says</th>
              <th scope="col" className="align-end">
                Bytes
              </th>
            </tr>
          </thead>
          <tbody>
            {value.entries.map((entry, i) => (
              <Fragment key={`${entry.from} ${entry.offset} ${entry.title}`}>
                <Resets
                  value={value}
                  after={value.entries.at(i - 1)?.place ?? -1}
                  upTo={entry.place}
                  isFirst={i === 0}
                />
                <Entry entry={entry} />
              </Fragment>
            ))}
            {value.entries.length < STEP ? (
              <Resets
                value={value}
                after={value.entries.at(-1)?.place ?? -1}
                upTo={Infinity}
                isFirst={false}
              />
            ) : null}
          </tbody>
        </table>
      )}
      {value.notLookedAt > 0 ? (
        <p className="stream-note">{sizeText(value.notLookedAt)} behind them were not looked at.</p>
      ) : null}
      <Pager from={from} count={value.entries.length} step={STEP} onFrom={setFrom} />
    </StreamList>
  );
}

interface ResetsProps {
  readonly value: StreamMessages;
  readonly after: number;
  readonly upTo: number;
  /** Nothing stands before it. */
  readonly isFirst: boolean;
}

function Resets({ value, after, upTo, isFirst }: ResetsProps) {
  const from = isFirst ? -1 : after;
  if (!value.resets.some(({ place }) => place > from && place <= upTo)) return null;
  return (
    <tr className="tls-reset">
      <td colSpan={6}>
        <ResetsBetween value={value} after={from} upTo={upTo} />
      </td>
    </tr>
  );
}

function Entry({ entry }: { readonly entry: TlsEntry }) {
  const { actions } = useApp();
  const clock = useClock();
  const isSelected = useAppState((state) => state.packet === entry.packet);
  return (
    <tr className={`${entry.tone === 'alert' ? 'is-alert' : ''} ${isSelected ? 'is-selected' : ''}`}>
      <td>{timeText(clock, entry.timeNs)}</td>
      <td>
        <button
          type="button"
          className="link"
          onClick={() => {
            actions.inspectPacket(entry.packet);
          }}
        >
          {entry.frame}
        </button>
      </td>
      <td className={`from-${entry.from}`}>{entry.from}</td>
      <td>{entry.record}</td>
      <td className="tls-says">
        <b>{entry.title}</b>
        {entry.records > 1 ? ` ${plural(entry.records, 'record')}` : ''}
        {entry.complete ? '' : ' cut off'}
        {entry.details.map(([name, value]) => (
          <span key={name}>
            {' '}
            <span className="faint">{name}</span> {value}
          </span>
        ))}
      </td>
      <td className="align-end">{countText(entry.bytes)}</td>
    </tr>
  );
}
