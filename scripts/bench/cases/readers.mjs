/** Resetscope and its peers read the same capture. */
import { statSync } from 'node:fs';
import { warm } from '../captures.mjs';
import { interleave, measure } from '../measure.mjs';
import { count, median, spread, table } from '../numbers.mjs';
import { PEERS } from '../peers.mjs';

const OWN = 'resetscope';
/** A peer that takes longer is ended: some are not made for so many connections. */
const LIMIT_SECONDS = 900;

/**
 * @param {object} bench
 * @param {{ path: string, title: string, packets: number, peers?: string[], limits?: object, notes?: string[], aims?: object }} what
 * `limits` are those of `measure`, for the peers; `aims` are what is to be reached: ratios of our time to tcpdump's at most,
 * of theirs to ours at least, and our memory
 */
export function benchReaders(
  bench,
  { path, title, packets, peers = bench.peers, limits, notes = [], aims = {} },
) {
  warm(path);
  const limit = { limitSeconds: LIMIT_SECONDS, ...limits };
  const ones = new Map([
    [OWN, { rounds: bench.runs, run: () => measure([bench.cli, 'analyze', path]) }],
    ...peers.map((name) => {
      const { command, isSlow } = PEERS[name];
      const rounds = isSlow ? Math.min(bench.slowRuns, bench.runs) : bench.runs;
      return [name, { rounds, run: () => measure(command(path), limit) }];
    }),
  ]);
  const samples = interleave(title, ones);
  const bytes = statSync(path).size;
  return [
    '',
    `## ${title}: ${count(packets)} packets, ${(bytes / 1e9).toFixed(2)} GB`,
    ...notes.flatMap((note) => ['', note]),
    ...ratios(samples, aims),
    ...table(
      [
        ...['-tool', 'runs', 'median s', 'min–max s', 'CPU s', 'Mpackets/s', 'MB/s', 'peak RSS MiB'],
        ...['time / resetscope', 'CPU / resetscope'],
      ],
      [...samples].map(([name, taken]) => row(name, taken, samples.get(OWN), packets, bytes)),
    ),
  ];
}

const secondsOf = (taken) => median(taken.map(({ seconds }) => seconds));
const cpuOf = (taken) => median(taken.map(({ cpu }) => cpu));
const memoryOf = (taken) => median(taken.map(({ kibibytes }) => kibibytes)) / 1024;

function row(name, taken, own, packets, bytes) {
  const seconds = secondsOf(taken);
  const times = taken.map((one) => one.seconds);
  const over = taken.find((one) => one.over !== null)?.over;
  if (over !== undefined) return [name, taken.length, `over ${over}`, '', '', '', '', '', '', ''];
  return [
    name,
    taken.length,
    seconds.toFixed(2),
    spread(times),
    cpuOf(taken).toFixed(2),
    (packets / seconds / 1e6).toFixed(2),
    Math.round(bytes / seconds / 1e6),
    memoryOf(taken).toFixed(0),
    name === OWN ? 1 : (seconds / secondsOf(own)).toFixed(2),
    name === OWN ? 1 : (cpuOf(taken) / cpuOf(own)).toFixed(2),
  ];
}

/** What the numbers are for, in a sentence: each ratio beside what it is to be. */
function ratios(samples, { tcpdump, tcptrace, tshark, mebibytes }) {
  const own = secondsOf(samples.get(OWN));
  const said = [];
  // One that was ended has no time to compare with.
  const wellOf = (name) =>
    samples.get(name)?.every(({ over }) => over === null) ? samples.get(name) : undefined;
  const dumped = wellOf('tcpdump');
  if (tcpdump !== undefined && dumped !== undefined) {
    const ratio = own / secondsOf(dumped);
    const sentence = `Resetscope takes ${ratio.toFixed(2)} times as long as tcpdump`;
    said.push(judged(sentence, ratio <= tcpdump, `at most ${tcpdump}`));
  }
  for (const [name, least] of Object.entries({ tcptrace, tshark })) {
    const taken = wellOf(name);
    if (least === undefined || taken === undefined) continue;
    const ratio = secondsOf(taken) / own;
    const sentence = `${name} takes ${ratio.toFixed(2)} times as long as Resetscope`;
    said.push(judged(sentence, ratio >= least, `at least ${least}`));
  }
  if (mebibytes !== undefined) {
    const peak = memoryOf(samples.get(OWN));
    said.push(judged(`Resetscope takes ${peak.toFixed(0)} MiB`, peak <= mebibytes, `at most ${mebibytes}`));
  }
  return said.length === 0 ? [] : ['', `${said.join('; ')}.`];
}

function judged(sentence, isReached, aim) {
  return `${sentence} (aim: ${aim}${isReached ? '' : '; **missed**'})`;
}
