/**
 * The npm package `cap`, in a process of its own (cap-child.ts): it gives no stamps and no drop counters, captures
 * promiscuously only, and aborts its process where an interface goes away.
 */
import type { CaptureSource } from './source.ts';
import { lastWords } from './source.ts';
import { explainWords } from './tcpdump.ts';

export const CAP: CaptureSource = {
  kind: 'cap',
  lacks: [
    'when packets crossed the wire: stamps say when they arrived here, so that timing is no evidence',
    'what the kernel dropped',
    'which way packets went',
    'the true length of packets longer than 64 KiB',
    'what the kernel says of resets',
  ],

  launch(options, { capChild, node }) {
    if (capChild === null) return undefined;
    return {
      kind: 'cap',
      program: node,
      args: [
        capChild,
        options.interface,
        options.filter,
        String(options.snapLength),
        String(options.bufferBytes),
      ],
      format: 'pcapng',
      interface: options.interface,
      endBy: 'stdin',
      writesFiles: false,
      countsAtSignal: false,
      dropsAreQueue: true,
      isLocal: true,
    };
  },

  explain(end, options) {
    // The package's own assertion, when the interface is gone.
    if (end.signal === 'SIGABRT') {
      return { code: 'interface-gone', message: `${options.interface} went away while it was captured` };
    }
    const words = /^resetscope-cap: (.*)$/mu.exec(end.stderr)?.[1];
    if (words === undefined) return { code: 'source-died', message: lastWords(end, 'cap') };
    return { ...explainWords({ ...end, stderr: words }, 'cap'), message: words };
  },
};
