/** Wireshark's dumpcap: captures without rights of its own where the group wireshark was set up. */
import type { CaptureSource } from './source.ts';
import { explainWords } from './tcpdump.ts';

const MIB = 1024 * 1024;

export const DUMPCAP: CaptureSource = {
  kind: 'dumpcap',
  lacks: [
    'losses while it runs: it tells them at the end',
    'speed: it writes every packet by itself',
    'what the kernel says of resets',
  ],

  launch(options, { dumpcap }) {
    if (dumpcap === null) return undefined;
    const args = ['-q', '-i', options.interface, '-s', String(options.snapLength)];
    args.push('-B', String(Math.max(1, Math.round(options.bufferBytes / MIB))));
    if (options.filter !== '') args.push('-f', options.filter);
    if (!options.promiscuous) args.push('-p');
    args.push('-w', '-');
    return {
      kind: 'dumpcap',
      program: dumpcap,
      args,
      format: 'pcapng',
      interface: options.interface,
      endBy: 'SIGINT',
      writesFiles: false,
      countsAtSignal: false,
      dropsAreQueue: false,
      isLocal: true,
    };
  },

  explain: (end) => explainWords(end, 'dumpcap'),
};
