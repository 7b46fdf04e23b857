/** The capture points of a case on the path strip, each with what it saw of the reset. */
import type { PathVantage } from '../../../shared/model/verdict.ts';

export interface StripVantage extends Pick<PathVantage, 'file' | 'sees'> {
  readonly at: number;
  readonly name: string;
}

/** What is told of each, for those who do not see it. */
export const SEES: Readonly<Record<PathVantage['sees'], string>> = {
  seen: 'saw the reset',
  absent: 'did not see the reset',
  unclear: 'says nothing of the reset',
};

interface StripVantagesProps {
  readonly vantages: readonly StripVantage[];
  readonly x: (at: number) => number;
  /** Of the path, px. */
  readonly line: number;
}

/** px that a letter of a name takes, and between two names. */
const LETTER = 6.4;
const GAP = 10;
const RADIUS = 5.5;

export function StripVantages({ vantages, x, line }: StripVantagesProps) {
  return vantages.map(({ file, at, name, sees }, index) => {
    const here = x(at);
    const room = roomOf(vantages, index, x);
    const most = Math.max(3, Math.floor(room / LETTER));
    const text = name.length > most ? `${name.slice(0, most - 1)}…` : name;
    const half = (text.length * LETTER) / 2;
    const anchor = Math.min(x(1) + 20 - half, Math.max(x(0) - 20 + half, here));
    const y = line + 20;
    return (
      <g key={file} className={`strip-vantage is-${sees}`}>
        <title>{`${name} ${SEES[sees]}`}</title>
        <line x1={here} x2={here} y1={line - 12} y2={y - RADIUS} />
        <circle cx={here} cy={y} r={RADIUS} />
        {sees === 'absent' ? <line x1={here - 7} x2={here + 7} y1={y + 7} y2={y - 7} /> : null}
        <text x={anchor} y={line + 39}>
          {text}
        </text>
      </g>
    );
  });
}

/** px that the name of one has, to the middle between it and its neighbours. */
function roomOf(vantages: readonly StripVantage[], index: number, x: (at: number) => number): number {
  const here = x(vantages[index].at);
  const gaps = [vantages.at(index - 1), vantages.at(index + 1)]
    .filter((other, side) => other !== undefined && (side === 0 ? index > 0 : true))
    .map((other) => Math.abs(x(other?.at ?? 0) - here));
  return Math.min(220, ...gaps) - GAP;
}
