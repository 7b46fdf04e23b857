/** tcpdump, here or behind ssh: its arguments and the words in which it fails. */
import type { LiveErrorCode, LiveOptions } from '../../../../shared/model/live.ts';
import type { CaptureSource, SourceEnd, SourceFailure } from './source.ts';
import { lastWords } from './source.ts';

/**
 * -U and --immediate-mode: packets come at once; without them the first one of a quiet link never arrives.
 * -B is in KiB. What follows -- is the filter, whatever it looks like.
 */
export function tcpdumpArguments(options: LiveOptions): string[] {
  const args = ['-i', options.interface, '-s', String(options.snapLength)];
  args.push('-B', String(Math.ceil(options.bufferBytes / 1024)), '-n', '-U', '--immediate-mode', '--nano');
  if (!options.promiscuous) args.push('-p');
  args.push('-w', '-');
  return args;
}

const WORDS: readonly (readonly [RegExp, LiveErrorCode])[] = [
  [/permission|Operation not permitted|EPERM|EACCES/u, 'no-permission'],
  [
    /No such device|doesn't exist|No such file|not found in the device list|There is no device/u,
    'no-such-interface',
  ],
  [/went down|disappeared|ENXIO|device is not up|not running/u, 'interface-gone'],
  [
    /syntax error|filter expression|unknown host|can't parse|invalid|illegal token|parse error/iu,
    'bad-filter',
  ],
];

/** Puts what tcpdump, dumpcap or libpcap said on standard error into a code and a message. */
export function explainWords(end: SourceEnd, program: string): SourceFailure {
  const message = lastWords(end, program);
  const found = WORDS.find(([words]) => words.test(end.stderr));
  return { code: found?.[1] ?? 'source-died', message };
}

/** "5 packets dropped by kernel" and its siblings; null where it says nothing of the kind. */
export function readTcpdumpCounters(
  text: string,
): { received: number | null; kernel: number | null; interface: number | null } | undefined {
  const last = (words: RegExp): number | null => {
    const all = [...text.matchAll(words)];
    return all.length === 0 ? null : Number(all[all.length - 1][1]);
  };
  const kernel = last(/(\d+) packets? dropped by kernel/gu);
  if (kernel === null) return undefined;
  return {
    received: last(/(\d+) packets? received by filter/gu),
    kernel,
    interface: last(/(\d+) packets? dropped by interface/gu),
  };
}

export const TCPDUMP: CaptureSource = {
  kind: 'tcpdump',
  lacks: ['which way packets went', 'what the kernel says of resets'],

  launch(options, { tcpdump }) {
    if (tcpdump === null) return undefined;
    return {
      kind: 'tcpdump',
      program: tcpdump,
      args: [...tcpdumpArguments(options), ...(options.filter === '' ? [] : ['--', options.filter])],
      format: 'pcap',
      interface: options.interface,
      endBy: 'SIGINT',
      writesFiles: false,
      countsAtSignal: true,
      dropsAreQueue: false,
      isLocal: true,
    };
  },

  explain: (end) => explainWords(end, 'tcpdump'),
};
