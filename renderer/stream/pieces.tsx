/** A page of a stream as text or as hex dump: turn by turn in the colours of its sides, what is missing and marked in its place. */
import { memo, useMemo } from 'react';
import { plural } from '../../shared/format/count.ts';
import { upperFirst } from '../../shared/format/text.ts';
import type { DataPiece, GapPiece, ResetPiece, StreamHit, StreamPage } from '../../shared/model/stream.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { useClock } from '../core/clock.ts';
import { OriginMark } from '../ui/origin-mark.tsx';
import { percentText } from '../../shared/texts/origin.ts';
import { fullTimeText, timeText } from '../words/values.ts';
import type { Run } from './marks.ts';
import { runsOf } from './marks.ts';
import type { Encoding } from './text-of.ts';
import { HEX_COLUMNS, TextReader, asciiByte, hexByte, hexOffset } from './text-of.ts';
import type { Resets, Said } from './turns.ts';
import { lengthOf, turnsOf } from './turns.ts';
import { conflictText, gapText, unacknowledgedText } from './words.ts';

interface PiecesProps {
  readonly page: StreamPage;
  readonly as: 'text' | 'hex';
  readonly encoding: Encoding;
  readonly hits: readonly StreamHit[];
  /** Index of the hit that is gone to; −1 for none. */
  readonly current: number;
}

export const Pieces = memo(function Pieces({ page, as, encoding, hits, current }: PiecesProps) {
  const turns = useMemo(() => turnsOf(page.pieces), [page]);
  const currentHit = hits.at(current);
  const shared = { page, encoding, hits, current: current < 0 ? undefined : currentHit };
  return turns.map((turn) =>
    turn.kind === 'resets' ? (
      <ResetLines key={`reset ${turn.pieces[0].reset}`} pieces={turn.pieces} page={page} />
    ) : (
      <section
        key={turn.pieces[0].place}
        className={`turn from-${turn.from}`}
        aria-label={`From the ${turn.from}`}
      >
        <TurnHead turn={turn} />
        {as === 'text' ? <TextTurn turn={turn} {...shared} /> : <HexTurn turn={turn} {...shared} />}
      </section>
    ),
  );
});

function TurnHead({ turn }: { readonly turn: Said }) {
  const { actions } = useApp();
  const clock = useClock();
  const first = turn.pieces.find((piece) => piece.kind === 'data');
  const bytes = turn.pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
  const packets = turn.pieces.filter(({ kind }) => kind === 'data').length;
  return (
    <header className="turn-head num">
      <b>{turn.from}</b>
      {first === undefined ? null : (
        <>
          <span title={fullTimeText(clock, first.timeNs)}>{timeText(clock, first.timeNs)}</span>
          <button
            type="button"
            className="link"
            onClick={() => {
              actions.inspectPacket(first.packet);
            }}
          >
            frame {first.frame}
          </button>
        </>
      )}
      <span>
        {plural(bytes, 'byte')}
        {packets > 1 ? ` in ${plural(packets, 'packet')}` : ''}
      </span>
    </header>
  );
}

interface TurnProps {
  readonly turn: Said;
  readonly page: StreamPage;
  readonly encoding: Encoding;
  readonly hits: readonly StreamHit[];
  readonly current: StreamHit | undefined;
}

function TextTurn({ turn, page, encoding, hits, current }: TurnProps) {
  const reader = new TextReader(encoding);
  const parts = turn.pieces.map((piece) => {
    if (piece.kind === 'gap') return { piece, runs: [] };
    const runs = runsOf(piece, page, hits).map((run) => ({
      run,
      text: reader.read(piece.bytes.subarray(run.from, run.to)),
    }));
    return { piece, runs };
  });
  const rest = reader.end();
  return (
    <pre className="turn-text">
      {parts.map(({ piece, runs }) =>
        piece.kind === 'gap' ? (
          <Gap key={piece.offset} piece={piece} />
        ) : (
          <Packet key={piece.offset} piece={piece}>
            {runs.map(({ run, text }) => (
              <Marked key={run.from} run={run} current={current}>
                {text}
              </Marked>
            ))}
          </Packet>
        ),
      )}
      {rest}
    </pre>
  );
}

function HexTurn({ turn, page, hits, current }: TurnProps) {
  return (
    <div className="turn-hex mono">
      {turn.pieces.map((piece) =>
        piece.kind === 'gap' ? (
          <Gap key={piece.offset} piece={piece} />
        ) : (
          <Packet key={piece.offset} piece={piece}>
            <HexLines piece={piece} runs={runsOf(piece, page, hits)} current={current} />
          </Packet>
        ),
      )}
    </div>
  );
}

interface HexLinesProps {
  readonly piece: DataPiece;
  readonly runs: readonly Run[];
  readonly current: StreamHit | undefined;
}

function HexLines({ piece, runs, current }: HexLinesProps) {
  const lines: number[] = [];
  for (let at = 0; at < piece.bytes.length; at += HEX_COLUMNS) lines.push(at);
  return lines.map((at) => {
    const end = Math.min(piece.bytes.length, at + HEX_COLUMNS);
    const parts = runs
      .filter((run) => run.from < end && run.to > at)
      .map((run) => ({ run, from: Math.max(at, run.from), to: Math.min(end, run.to) }));
    const show = (toText: (byte: number) => string, between: string) =>
      parts.map(({ run, from, to }) => (
        <Marked key={from} run={run} current={current}>
          {Array.from(piece.bytes.subarray(from, to), toText).join(between) + (to < end ? between : '')}
        </Marked>
      ));
    return (
      <span key={at} className="hex-line">
        <span className="hex-offset">{hexOffset(piece.offset + at)}</span>
        <span className="hex-bytes">{show(hexByte, ' ')}</span>
        <span className="hex-ascii">{show(asciiByte, '')}</span>
      </span>
    );
  });
}

/** What one packet brought: a click marks that packet wherever it is listed. */
function Packet({ piece, children }: { readonly piece: DataPiece; readonly children: React.ReactNode }) {
  const { actions } = useApp();
  const isSelected = useAppState((state) => state.packet === piece.packet);
  return (
    // The keys' way to a packet is the turn's head; a stop at each packet would be hundreds of them.
    <span
      className={`packet-bytes ${isSelected ? 'is-selected' : ''}`}
      data-packet={piece.packet}
      title={`Frame ${piece.frame}: ${plural(piece.bytes.length, 'byte')} from byte ${piece.offset} on`}
      onClick={() => {
        actions.inspectPacket(piece.packet);
      }}
    >
      {children}
    </span>
  );
}

interface MarkedProps {
  readonly run: Run;
  readonly current: StreamHit | undefined;
  readonly children: string;
}

function Marked({ run, current, children }: MarkedProps) {
  const { hit, unacknowledged, conflict } = run;
  if (hit === undefined && unacknowledged === undefined && conflict === undefined) return children;
  const classes = [
    hit === undefined ? '' : 'is-hit',
    hit !== undefined && hit === current ? 'is-current' : '',
    unacknowledged === undefined ? '' : 'is-unacknowledged',
    conflict === undefined ? '' : 'is-conflict',
  ].join(' ');
  const title = [
    conflict === undefined ? '' : conflictText(conflict),
    unacknowledged === undefined ? '' : unacknowledgedText(unacknowledged),
  ]
    .filter((one) => one !== '')
    .join(' ');
  return hit === undefined ? (
    <span className={classes} title={title}>
      {children}
    </span>
  ) : (
    <mark className={classes} title={title === '' ? undefined : title}>
      {children}
    </mark>
  );
}

function Gap({ piece }: { readonly piece: GapPiece }) {
  return <span className="stream-gap">{gapText(piece)}</span>;
}

interface ResetLinesProps {
  readonly pieces: Resets['pieces'];
  readonly page: Pick<StreamPage, 'unacknowledged'>;
}

/** Resets with no byte between them: the first one whole, the others on request. */
export function ResetLines({ pieces: [first, ...more], page }: ResetLinesProps) {
  return (
    <>
      <ResetLine piece={first} page={page} />
      {more.length === 0 ? null : (
        <details className="stream-more">
          <summary>{plural(more.length, 'more reset')} followed, with no byte between them</summary>
          {more.map((piece) => (
            <ResetLine key={piece.reset} piece={piece} page={page} />
          ))}
        </details>
      )}
    </>
  );
}

interface ResetLineProps {
  readonly piece: ResetPiece;
  readonly page: Pick<StreamPage, 'unacknowledged'>;
}

/** The reset, where it came between the bytes. */
function ResetLine({ piece, page }: ResetLineProps) {
  const { actions } = useApp();
  const clock = useClock();
  const inFlight = page.unacknowledged.filter(({ reset }) => reset === piece.reset);
  const origin = piece.origin ?? 'unknown';
  return (
    <div className={`stream-reset origin-${origin}`} data-packet={piece.packet}>
      <OriginMark kind={origin} size={13} />
      <p>
        <b>{piece.label === '' ? 'A reset that is not judged yet' : upperFirst(piece.label)}</b>{' '}
        <span className="faint">
          {piece.origin === null || piece.origin === 'unknown' ? '' : `${percentText(piece.confidence)} · `}
          reset with the {piece.claimed}’s address, frame {piece.frame}, {timeText(clock, piece.timeNs)}
        </span>
        {inFlight.map((range) => (
          <span key={range.from} className="stream-flight">
            {unacknowledgedText(range)}
          </span>
        ))}
      </p>
      <button
        type="button"
        className="link"
        onClick={() => {
          void actions.showReset(piece.reset);
        }}
      >
        Verdict
      </button>
    </div>
  );
}
