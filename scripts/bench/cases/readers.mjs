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
 * @param {{ path: string, title: string, packets: number, peers?: string[], limitSeconds?: number, notes?: string[], aims?: object }} what
 * `aims` are ratios that are to be reached: of our time to tcpdump's at most, of theirs to ours at least
 */
export function benchReaders(
  bench,
  { path, title, packets, peers = bench.peers, limitSeconds, notes = [], aims = {} },
) {
  warm(path);
  const limit = { limitSeconds: limitSeconds ?? LIMIT_SECONDS };
  const ones = new Map([
    [OWN, { rounds: bench.runs, run: () => measure([bench.cli, 'analyze', path], limit) }],
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

function row(name, taken, own, packets, bytes) {
  const seconds = secondsOf(taken);
  const times = taken.map((one) => one.seconds);
  if (taken.some(({ isOver }) => isOver)) {
    const ratio = (seconds / secondsOf(own)).toFixed(1);
    return [name, taken.length, `> ${seconds}`, '', '', '', '', '', `> ${ratio}`, ''];
  }
  return [
    name,
    taken.length,
    seconds.toFixed(2),
    spread(times),
    cpuOf(taken).toFixed(2),
    (packets / seconds / 1e6).toFixed(2),
    Math.round(bytes / seconds / 1e6),
    (median(taken.map(({ kibibytes }) => kibibytes)) / 1024).toFixed(0),
    name === OWN ? 1 : (seconds / secondsOf(own)).toFixed(2),
    name === OWN ? 1 : (cpuOf(taken) / cpuOf(own)).toFixed(2),
  ];
}

/** What the numbers are for, in a sentence: each ratio beside what it is to be. */
function ratios(samples, { tcpdump, tcptrace, tshark }) {
  const own = secondsOf(samples.get(OWN));
  const said = [];
  const dumped = samples.get('tcpdump');
  if (tcpdump !== undefined && dumped !== undefined)
    said.push(
      judged(
        `Resetscope takes ${(own / secondsOf(dumped)).toFixed(2)} times as long as tcpdump`,
        own / secondsOf(dumped) <= tcpdump,
        `at most ${tcpdump}`,
      ),
    );
  for (const [name, least] of Object.entries({ tcptrace, tshark })) {
    const taken = samples.get(name);
    if (least === undefined || taken === undefined) continue;
    const ratio = secondsOf(taken) / own;
    said.push(
      judged(
        `${name} takes ${ratio.toFixed(1)} times as long as Resetscope`,
        ratio >= least,
        `at least ${least}`,
      ),
    );
  }
  return said.length === 0 ? [] : ['', `${said.join('; ')}.`];
}

function judged(sentence, isReached, aim) {
  return `${sentence} (aim: ${aim}${isReached ? '' : '; **missed**'})`;
}
