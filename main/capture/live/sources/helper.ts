/** Our own resetscope-capd: it counts losses where they happen, stamps in nanoseconds, tells directions, asks the kernel. */
import type { LiveErrorCode } from '../../../../shared/model/live.ts';
import type { CaptureSource } from './source.ts';
import { lastWords } from './source.ts';

/** The smallest buffer that the helper takes; the contract allows smaller ones. */
const LEAST_BUFFER_BYTES = 1024 * 1024;
/** The loader's exit code where it does not find a library. */
const NO_LIBPCAP = 127;

/**
 * The first words of the helper's errors (native/capd/README.md). `system`, `internal` and `output-failed` are nobody's
 * fault but its own.
 */
const CODES: Readonly<Record<string, LiveErrorCode>> = {
  usage: 'bad-options',
  'bad-filter': 'bad-filter',
  'no-such-interface': 'no-such-interface',
  'interface-gone': 'interface-gone',
  'no-permission': 'no-permission',
};

export const HELPER: CaptureSource = {
  kind: 'helper',
  lacks: [],

  launch(options, { helper, witnessHelper }) {
    if (helper === null) return undefined;
    // The ordinary one is asked for the witness, too: root's has its word, any other says why it has not.
    const program = options.witness ? (witnessHelper ?? helper) : helper;
    const args = ['capture', '--interface', options.interface];
    if (options.filter !== '') args.push('--filter', options.filter);
    args.push('--snap-length', String(options.snapLength));
    args.push('--buffer-bytes', String(Math.max(LEAST_BUFFER_BYTES, options.bufferBytes)));
    if (!options.promiscuous) args.push('--no-promiscuous');
    if (options.witness) args.push('--witness');
    return {
      kind: 'helper',
      program,
      args,
      format: 'pcapng',
      interface: options.interface,
      endBy: 'stdin',
      writesFiles: true,
      countsAtSignal: false,
      dropsAreQueue: false,
      isLocal: true,
    };
  },

  explain(end) {
    const line = /^resetscope-capd: ([a-z-]+): (.*)$/mu.exec(end.stderr);
    if (end.exitCode === NO_LIBPCAP) {
      return { code: 'libpcap-missing', message: line?.[2] ?? lastWords(end, 'resetscope-capd') };
    }
    if (line === null) return { code: 'source-died', message: lastWords(end, 'resetscope-capd') };
    return { code: CODES[line[1]] ?? 'source-died', message: line[2] };
  },
};
