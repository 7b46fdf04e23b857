/**
 * The drawing of the path strip, in px: the reset's way above, the path itself below. A way begins only where somebody is held to
 * have made the reset: never at a host that did not, and where it is open in a question mark before that host.
 */
import type { OriginKind } from '../../../shared/model/verdict.ts';
import { OriginShape } from '../../ui/origin-mark.tsx';
import { percentText } from '../../../shared/texts/origin.ts';
import { makerIcon } from './strip-icons.tsx';
import { StripVantages } from './strip-vantages.tsx';
import type { Ghost, StripModel } from '../../../shared/path-strip/strip-model.ts';

const HEIGHT = 144;
const LANE = 26;
const LINE = 72;
const NODE = 30;
const MARGIN = NODE / 2 + 6;
/** Lines of captions below the path. */
const FIRST = LINE + 31;
const SECOND = FIRST + 15;
const THIRD = SECOND + 15;
/** Half of "captured here", and a gap: captions nearer to it than this would overlap. */
const CLEAR = 48;
/** Half the width of a letter of a caption, about. */
const LETTER = 3;

interface StripDrawingProps {
  readonly model: StripModel;
  readonly width: number;
  readonly kind: OriginKind;
  /** What made it, in a few words: "firewall", "load balancer or proxy". */
  readonly maker: string;
  /** The name that the user gave it; empty for none. */
  readonly name: string;
  /** Where it was made, in a few words: "made here". */
  readonly where: string;
  readonly claimedName: string;
  readonly label: string;
  /** What a capture point of several is called, by its first file. */
  readonly vantageName: (file: number) => string;
}

export function StripDrawing(props: StripDrawingProps) {
  const { model, width, kind, label, claimedName, vantageName } = props;
  const x = (at: number): number => MARGIN + at * (width - 2 * MARGIN);
  const isHost = model.emitter?.isDevice === false;
  return (
    <svg
      className="strip-svg"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <Reach model={model} x={x} />
      <Line model={model} x={x} />
      <Capture model={model} x={x} />
      <StripVantages
        vantages={model.vantages.map((one) => ({ ...one, name: vantageName(one.file) }))}
        x={x}
        line={LINE}
      />
      <Node x={x(0)} isLit={isHost && model.emitter?.at === 0} shape="client" />
      <Node x={x(1)} isLit={isHost && model.emitter?.at === 1} shape="server" />
      {kind === 'middlebox' ? <NotFromHere model={model} x={x} name={claimedName} /> : null}
      {model.ghosts.map((ghost) => (
        <GhostMark key={String(ghost.isDevice)} ghost={ghost} model={model} x={x} />
      ))}
      <Way model={model} x={x} kind={kind} />
      <Device {...props} x={x} />
    </svg>
  );
}

interface PartProps {
  readonly model: StripModel;
  readonly x: (at: number) => number;
}

/** The stretch in which it was made. */
function Reach({ model: { reach }, x }: PartProps) {
  if (reach === null) return null;
  const [from, to] = reach.map(x);
  return (
    <g className="strip-reach">
      <rect x={from} y={LINE - 9} width={Math.max(0, to - from)} height={18} rx={9} />
    </g>
  );
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
          {hops === null && x(to) - x(from) > 80 ? (
            <text className="strip-unknown" x={(x(from) + x(to)) / 2} y={LINE - 8}>
              unknown stretch
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
      <line x1={at} x2={at} y1={LINE - 13} y2={LINE + 13} />
      <path
        transform={`translate(${at - 8} ${LINE + 14})`}
        d="M1 5.5S3.6 1 8 1s7 4.5 7 4.5S12.4 10 8 10 1 5.5 1 5.5z"
      />
      <circle cx={at} cy={LINE + 19.5} r={2.1} />
      <text x={clampText(at, x, 40)} y={FIRST + 6}>
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

/** The host in whose name it came did not send it: said at the host, and no line leaves it. */
function NotFromHere({ model, x, name }: PartProps & { readonly name: string }) {
  const at = x(model.claimed);
  return (
    <g className="strip-not">
      <path d={`M${at - 5} ${LANE + 4}l10 10M${at + 5} ${LANE + 4}l-10 10`} />
      <text x={clampText(at, x, 62)} y={LANE - 6}>
        {`not from the ${name}`}
      </text>
    </g>
  );
}

/** Who else it may have been: faint, with its probability. */
function GhostMark({ ghost, model, x }: PartProps & { readonly ghost: Ghost }) {
  const at = x(ghost.at);
  const sign = model.claimed === 1 ? -1 : 1;
  const text =
    ghost.share === null ? (ghost.isDevice ? 'a device, or' : 'the host') : `or ${percentText(ghost.share)}`;
  return (
    <g className="strip-ghost">
      {ghost.isDevice ? (
        <path d={`M${at} ${LINE - 10}l10 10l-10 10l-10 -10z`} />
      ) : (
        <rect x={at - NODE / 2 - 4} y={LINE - NODE / 2 - 4} width={NODE + 8} height={NODE + 8} rx={11} />
      )}
      <text x={ghost.isDevice ? at : clampText(at + sign * 4, x, 30)} y={FIRST}>
        {text}
      </text>
    </g>
  );
}

/** The reset's way to who gets it, from where it was made; where that is open, from a question mark in front of the host. */
function Way({ model, x, kind }: PartProps & { readonly kind: OriginKind }) {
  const { emitter, claimed, receiver, ghosts } = model;
  const end = x(receiver);
  const sign = receiver === 1 ? 1 : -1;
  const device = ghosts.find(({ isDevice }) => isDevice);
  const from = emitter === null ? (x(device?.at ?? claimed) + x(claimed)) / 2 : x(emitter.at);
  const tip = `${end} ${LINE - NODE / 2 - 5}`;
  const rise = emitter === null ? LINE - 24 : emitter.isDevice ? LINE - 11 : LINE - NODE / 2 - 4;
  const bend = Math.min(22, Math.abs(end - from) / 2);
  const way = `M${from} ${rise}V${LANE + bend}Q${from} ${LANE} ${from + sign * bend} ${LANE}H${end - sign * bend}Q${end} ${LANE} ${end} ${LANE + bend}V${LINE - NODE / 2 - 10}`;
  const middle = (from + end) / 2;
  return (
    <g>
      <path className={kind === 'unknown' ? 'strip-way is-open' : 'strip-way'} d={way} />
      {emitter === null ? (
        <text className="strip-question" x={from} y={LINE - 12}>
          ?
        </text>
      ) : null}
      <path className="strip-head" d={`M${tip}l-5 -8h10z`} />
      <rect className="strip-flag" x={middle - 17} y={LANE - 9} width={34} height={18} rx={5} />
      <text className="strip-flag-text" x={middle} y={LANE + 4}>
        RST
      </text>
    </g>
  );
}

function Device({ model, x, maker, name, where, kind }: StripDrawingProps & { readonly x: PartProps['x'] }) {
  const { emitter } = model;
  if (emitter === null) return null;
  const at = x(emitter.at);
  const title = name === '' ? maker : name;
  const signs = [...(model.capture === null ? [] : [model.capture]), ...model.vantages.map((one) => one.at)];
  const least = CLEAR + Math.max(title.length, where.length) * LETTER;
  const isClear = signs.every((sign) => Math.abs(x(sign) - at) > least);
  const half = title.length * LETTER;
  if (!emitter.isDevice) {
    return title === '' ? null : (
      <text className="strip-device-text" x={clampText(at, x, half)} y={isClear ? FIRST : SECOND + 6}>
        {title}
      </text>
    );
  }
  return (
    <g className={emitter.isPlaced ? 'strip-device' : 'strip-device is-adrift'}>
      <circle className="strip-pulse" cx={at} cy={LINE} r={12} />
      <g transform={`translate(${at - 13} ${LINE - 13}) scale(2.17)`}>
        <OriginShape kind={kind} />
      </g>
      {emitter.isPlaced ? (
        <g className="strip-icon" transform={`translate(${at - 6} ${LINE - 6})`}>
          {makerIcon(maker)}
        </g>
      ) : (
        <text className="strip-question" x={at} y={LINE + 4}>
          ?
        </text>
      )}
      <text className="strip-device-text" x={clampText(at, x, half)} y={isClear ? FIRST : SECOND + 6}>
        {title}
      </text>
      <text
        className="strip-where"
        x={clampText(at, x, where.length * LETTER)}
        y={isClear ? SECOND : THIRD + 6}
      >
        {where}
      </text>
    </g>
  );
}

/** Keeps a centred caption inside of the drawing. */
function clampText(at: number, x: (at: number) => number, half: number): number {
  return Math.min(x(1) + MARGIN - half, Math.max(x(0) - MARGIN + half, at));
}
