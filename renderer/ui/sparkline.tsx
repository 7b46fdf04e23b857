/** A few rates as a line. It is hidden from screen readers: a number stands beside it. */
import { memo } from 'react';

interface SparklineProps {
  /** Oldest first. */
  readonly values: readonly number[];
  /** Values that the width has room for. */
  readonly room: number;
  readonly width: number;
  readonly height: number;
}

/** Room for the stroke, px. */
const EDGE = 1.5;

export function sparkPoints({
  values,
  room,
  width,
  height,
}: SparklineProps): readonly (readonly [number, number])[] {
  const top = Math.max(1, ...values);
  const step = width / Math.max(1, room - 1);
  return values.map((value, index) => [
    width - (values.length - 1 - index) * step,
    height - EDGE - (value / top) * (height - 2 * EDGE),
  ]);
}

export const Sparkline = memo(function Sparkline(props: SparklineProps) {
  const { width, height } = props;
  const points = sparkPoints(props);
  const line = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return (
    <svg
      className="spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <path className="spark-ground" d={`M0 ${height - 0.5}H${width}`} />
      {points.length < 2 ? null : (
        <>
          <polygon
            className="spark-area"
            points={`${points[0][0].toFixed(1)},${height} ${line} ${width},${height}`}
          />
          <polyline className="spark-line" points={line} />
        </>
      )}
    </svg>
  );
});
