/**
 * Which of several packets that look the same is which of several at the other vantage: in their order, as many as may be pairs, and
 * of all ways to do so the one whose transits differ least from what is expected.
 */
import type { Passing } from './passing.ts';

/** Pairs to be weighed for one group; larger groups are gone through once, in order. */
const MOST_CELLS = 4096;
/** Transits that are tried where nothing shows what to expect. */
const MOST_GUESSES = 16;
/** What a packet without counterpart costs, nanoseconds: more than any deviation, so that none stays alone that need not. */
const ALONE = 1e14;

const FROM_PAIR = 0;
const FROM_FIRST = 1;
const FROM_SECOND = 2;

export class GroupAligner {
  /** The group's packets, ascending: whoever fills them makes room. */
  first = new Int32Array(64);
  second = new Int32Array(64);
  /** By packet of the first: its counterpart, −1 for none. */
  found = new Int32Array(64);
  #rows = [new Float64Array(MOST_CELLS + 2), new Float64Array(MOST_CELLS + 2)];
  readonly #from = new Uint8Array(2 * MOST_CELLS + 4);
  /** The difference expected where `Passing` knows none. */
  #guess = Number.NaN;

  /** @returns how much work it was, in packets */
  align(m: number, n: number, passing: Passing, times: Times, mayBeOne: MayBeOne): number {
    this.#guess = Number.NaN;
    if (m > this.found.length) this.found = new Int32Array(2 * m);
    if ((m + 1) * (n + 1) > MOST_CELLS) {
      this.#inOrder(m, n, passing, times, mayBeOne);
      return 4 * (m + n);
    }
    let guesses = 0;
    let likely = Number.NaN;
    if (!passing.isKnown && m !== n) {
      let best = Infinity;
      for (let i = 0; i < m; i++) {
        for (let k = 0; k < n && guesses < MOST_GUESSES; k++) {
          const guess = times.b[this.second[k]] - times.a[this.first[i]];
          this.#guess = guess;
          const cost = this.#weigh(m, n, passing, mayBeOne);
          guesses++;
          if (cost >= best) continue;
          best = cost;
          likely = guess;
        }
      }
      this.#guess = likely;
    }
    this.#weigh(m, n, passing, mayBeOne);
    this.#trace(m, n);
    return (guesses + 1) * m * n;
  }

  #weigh(m: number, n: number, passing: Passing, mayBeOne: MayBeOne): number {
    let [above, row] = this.#rows;
    const from = this.#from;
    const width = n + 1;
    for (let k = 0; k <= n; k++) {
      above[k] = k * ALONE;
      from[k] = FROM_SECOND;
    }
    for (let i = 1; i <= m; i++) {
      const first = this.first[i - 1];
      const expected = passing.isKnown ? passing.expected(first) : this.#guess;
      row[0] = i * ALONE;
      from[i * width] = FROM_FIRST;
      for (let k = 1; k <= n; k++) {
        const second = this.second[k - 1];
        let least = above[k] + ALONE;
        let way = FROM_FIRST;
        if (row[k - 1] + ALONE < least) {
          least = row[k - 1] + ALONE;
          way = FROM_SECOND;
        }
        if (mayBeOne(first, second)) {
          const paired = above[k - 1] + Math.min(ALONE, passing.cost(first, second, expected));
          if (paired <= least) {
            least = paired;
            way = FROM_PAIR;
          }
        }
        row[k] = least;
        from[i * width + k] = way;
      }
      [above, row] = [row, above];
    }
    return above[n];
  }

  #trace(m: number, n: number): void {
    const width = n + 1;
    let i = m;
    let k = n;
    while (i > 0) {
      const way = this.#from[i * width + k];
      if (way === FROM_SECOND) {
        k--;
        continue;
      }
      i--;
      if (way === FROM_PAIR) this.found[i] = this.second[--k];
      else this.found[i] = -1;
    }
  }

  /**
   * Goes through both once, side by side. One is left alone where it cannot be the other, or where the other's neighbour comes nearer
   * to what is expected: if that one has more left than the other, or if this pair is far from what is usual.
   */
  #inOrder(m: number, n: number, passing: Passing, times: Times, mayBeOne: MayBeOne): void {
    this.found.fill(-1, 0, m);
    const guess = times.b[this.second[0]] - times.a[this.first[0]];
    const lag = (i: number, k: number): number => {
      const known = passing.expected(this.first[i]);
      return times.b[this.second[k]] - times.a[this.first[i]] - (Number.isNaN(known) ? guess : known);
    };
    let i = 0;
    let k = 0;
    while (i < m && k < n) {
      const late = lag(i, k);
      if (!mayBeOne(this.first[i], this.second[k])) {
        if (late > 0) i++;
        else k++;
        continue;
      }
      const isFar = Math.abs(late) > passing.usualLag;
      if (late < 0 && (isFar || n - k > m - i) && k + 1 < n && Math.abs(lag(i, k + 1)) < -late) k++;
      else if (late > 0 && (isFar || m - i > n - k) && i + 1 < m && Math.abs(lag(i + 1, k)) < late) i++;
      else if (isFar && i + 1 < m && k + 1 < n && Math.abs(lag(i + 1, k + 1) - late) > passing.usualLag) {
        // Those after them are not late as they are: each of the two has lost its own.
        if (late > 0) i++;
        else k++;
      } else this.found[i++] = this.second[k++];
    }
  }
}

/** Whether two packets that look alike may be one. */
export type MayBeOne = (first: number, second: number) => boolean;

/** Of the packets of both flows, by index. */
export interface Times {
  readonly a: Float64Array;
  readonly b: Float64Array;
}
