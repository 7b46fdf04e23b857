/**
 * Which pairs of capture points are told at once: neighbours along the path tell of the others between them. Another one does only
 * where it holds connections that one of these does not. Without an order all are told.
 */
import type { JoinReport, JoinedPair } from '../../../shared/model/join.ts';

export interface PairsTold {
  readonly told: readonly JoinedPair[];
  readonly others: readonly JoinedPair[];
}

interface Span {
  readonly pair: JoinedPair;
  /** Places along the path; NaN where they are not known. */
  readonly from: number;
  readonly to: number;
}

export function pairsTold({ vantages, pairs }: Pick<JoinReport, 'vantages' | 'pairs'>): PairsTold {
  const orderOf = new Map(vantages.map(({ files: [first], order }) => [first, order ?? NaN]));
  const spans = pairs
    .map((pair) => spanOf(pair, orderOf))
    .sort((a, b) => a.from - b.from || a.to - b.to || 0);
  const isTold = ({ pair, from, to }: Span): boolean => {
    if (!(to - from > 1)) return true;
    const between = spans.filter((one) => one.from >= from && one.to <= to && one.to - one.from === 1);
    return between.length < to - from || between.some((one) => one.pair.connections < pair.connections);
  };
  return {
    told: spans.filter(isTold).map(({ pair }) => pair),
    others: spans.filter((span) => !isTold(span)).map(({ pair }) => pair),
  };
}

/** The pair with the point first that is nearer to the client. */
function spanOf(pair: JoinedPair, orderOf: ReadonlyMap<number, number>): Span {
  const [from, to] = pair.files.map((file) => orderOf.get(file) ?? NaN);
  if (!(from > to)) return { pair, from, to };
  return {
    pair: {
      ...pair,
      files: [pair.files[1], pair.files[0]],
      onlyFirst: pair.onlySecond,
      onlySecond: pair.onlyFirst,
      lossToFirst: pair.lossToSecond,
      lossToSecond: pair.lossToFirst,
    },
    from: to,
    to: from,
  };
}
