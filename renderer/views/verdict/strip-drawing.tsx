/** The drawing of the path strip, in px. Two lanes: the reset's way above, the path itself below. */
import type { OriginKind } from '../../../shared/model/verdict.ts';
import { OriginShape } from '../../ui/origin-mark.tsx';
import type { StripModel } from './strip-model.ts';

const HEIGHT = 118;
const LANE = 26;
const LINE = 70;
const NODE = 30;
const MARGIN = NODE / 2 + 6;
const CAPTION = HEIGHT - 8;

interface StripDrawingProps {
  readonly model: StripModel;
  readonly width: number;
  readonly kind: OriginKind;
  /** The drawing in words. */
  readonly label: string;
}

export function StripDrawing({ model, width, kind, label }: StripDrawingProps) {
  const x = (at: number): number => MARGIN + at * (width - 2 * MARGIN);
  return (
    <svg
      className="strip-svg"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <Line model={model} x={x} />
      <Capture model={model} x={x} />
      <Node x={x(0)} isLit={model.emitter?.isDevice === false && model.emitter.at === 0} shape="client" />
      <Node x={x(1)} isLit={model.emitter?.isDevice === false && model.emitter.at === 1} shape="server" />
      <Way model={model} x={x} kind={kind} />
      <Device model={model} x={x} />
    </svg>
  );
}

interface PartProps {
  readonly model: StripModel;
  readonly x: (at: number) => number;
}

function Line({ model, x }: PartProps) {
  return (
    <g>
      {model.segments.map(({ from, to, hops }) => (
        <g key={from}>
          <line
            className={hops === null ? 'strip-line is-unknown' : 'strip-line'}
            x1={x(from)}
            x2={x(to)}
            y1={LINE}
            y2={LINE}
          />
          {hops === null ? (
            <text className="strip-unknown" x={(x(from) + x(to)) / 2} y={LINE + 20}>
              ? hops
            </text>
          ) : null}
        </g>
      ))}
      {model.routers.map((at) => (
        <circle key={at} className="strip-router" cx={x(at)} cy={LINE} r={4} />
      ))}
      {model.gaps.map(({ at, hidden }) => (
        <g key={at}>
          <rect className="strip-gap" x={x(at) - 17} y={LINE - 9} width={34} height={18} rx={9} />
          <text className="strip-gap-text" x={x(at)} y={LINE + 4}>
            +{hidden}
          </text>
        </g>
      ))}
    </g>
  );
}

function Capture({ model, x }: PartProps) {
  if (model.capture === null) return null;
  const at = x(model.capture);
  return (
    <g className="strip-capture">
      <line x1={at} x2={at} y1={LINE - 13} y2={LINE + 15} />
      <path
        transform={`translate(${at - 8} ${LINE + 17})`}
        d="M1 5.5S3.6 1 8 1s7 4.5 7 4.5S12.4 10 8 10 1 5.5 1 5.5z"
      />
      <circle cx={at} cy={LINE + 22.5} r={2.1} />
      <text x={clampText(at, x)} y={CAPTION}>
        captured here
      </text>
    </g>
  );
}

function Node({
  x,
  isLit,
  shape,
}: {
  readonly x: number;
  readonly isLit: boolean;
  readonly shape: 'client' | 'server';
}) {
  const half = NODE / 2;
  return (
    <g className={isLit ? 'strip-node is-lit' : 'strip-node'}>
      {isLit ? <circle className="strip-pulse" cx={x} cy={LINE} r={half + 1} /> : null}
      <rect x={x - half} y={LINE - half} width={NODE} height={NODE} rx={8} />
      {shape === 'client' ? (
        <path d={`M${x - 7} ${LINE - 6}h14v9h-14zM${x - 3} ${LINE + 7}h6M${x} ${LINE + 3}v4`} />
      ) : (
        <path
          d={`M${x - 6.5} ${LINE - 7}h13v6h-13zM${x - 6.5} ${LINE + 1}h13v6h-13zM${x - 3.5} ${LINE - 4}h.2M${x - 3.5} ${LINE + 4}h.2`}
        />
      )}
    </g>
  );
}

/** The reset's way, and the one that it only claims to have come. */
function Way({ model, x, kind }: PartProps & { readonly kind: OriginKind }) {
  const { emitter, claimed, receiver } = model;
  const end = x(receiver);
  const sign = receiver === 1 ? 1 : -1;
  const from = emitter === null ? x(claimed) : x(emitter.at);
  const tip = `${end} ${LINE - NODE / 2 - 5}`;
  const rise = emitter?.isDevice === true ? LINE - 11 : LINE - NODE / 2 - 4;
  const bend = Math.min(22, Math.abs(end - from) / 2);
  const way = `M${from} ${rise}V${LANE + bend}Q${from} ${LANE} ${from + sign * bend} ${LANE}H${end - sign * bend}Q${end} ${LANE} ${end} ${LANE + bend}V${LINE - NODE / 2 - 10}`;
  const middle = (from + end) / 2;
  const half = kind === 'unknown' ? 23 : 17;
  return (
    <g>
      {emitter?.isDevice === true ? <Claim claimed={x(claimed)} to={from} /> : null}
      <path className={kind === 'unknown' ? 'strip-way is-open' : 'strip-way'} d={way} />
      <path className="strip-head" d={`M${tip}l-5 -8h10z`} />
      <rect className="strip-flag" x={middle - half} y={LANE - 9} width={2 * half} height={18} rx={5} />
      <text className="strip-flag-text" x={middle} y={LANE + 4}>
        {kind === 'unknown' ? 'RST ?' : 'RST'}
      </text>
    </g>
  );
}

/** The claimed way, drawn faint: from the host in whose name the reset was made. */
function Claim({ claimed, to }: { readonly claimed: number; readonly to: number }) {
  const sign = to > claimed ? 1 : -1;
  const room = Math.abs(to - claimed);
  const bend = Math.min(22, room / 2);
  const stop = to - sign * 9;
  return (
    <g className="strip-claim">
      <path
        d={`M${claimed} ${LINE - NODE / 2 - 4}V${LANE + bend}Q${claimed} ${LANE} ${claimed + sign * bend} ${LANE}H${stop}`}
      />
      {room < 110 ? null : (
        <text x={(claimed + to) / 2} y={LANE - 8}>
          not from here
        </text>
      )}
    </g>
  );
}

function Device({ model, x }: PartProps) {
  const { emitter } = model;
  if (emitter === null || !emitter.isDevice) return null;
  const at = x(emitter.at);
  const caption = emitter.isPlaced ? 'made here' : 'made somewhere on the path';
  const isClear = model.capture === null || Math.abs(x(model.capture) - at) > 92;
  return (
    <g className={emitter.isPlaced ? 'strip-device' : 'strip-device is-adrift'}>
      <circle className="strip-pulse" cx={at} cy={LINE} r={12} />
      <g transform={`translate(${at - 12} ${LINE - 12}) scale(2)`}>
        <OriginShape kind="middlebox" />
      </g>
      {emitter.isPlaced ? null : (
        <text className="strip-question" x={at} y={LINE + 4}>
          ?
        </text>
      )}
      <text className="strip-device-text" x={clampText(at, x)} y={isClear ? LINE + 27 : CAPTION - 14}>
        {caption}
      </text>
    </g>
  );
}

/** Keeps a centred caption inside of the drawing. */
function clampText(at: number, x: (at: number) => number): number {
  const half = 42;
  return Math.min(x(1) + MARGIN - half, Math.max(x(0) - MARGIN + half, at));
}
