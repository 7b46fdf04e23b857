/** What every way of capturing has in common: a program that writes packets to its standard output. */
import type { CaptureSourceKind, LiveErrorCode, LiveOptions } from '../../../../shared/model/live.ts';

/** Where the programs of this machine are. */
export interface CapturePrograms {
  /** resetscope-capd; null where it was not built. */
  readonly helper: string | null;
  /** Its copy that may ask the kernel witness; null where there is none, or none that may be used. */
  readonly witnessHelper: string | null;
  readonly dumpcap: string | null;
  readonly tcpdump: string | null;
  readonly ssh: string | null;
  /** Socket diagnostics of iproute2. */
  readonly ss: string | null;
  /** The built cap-child.js, and the Node that runs it; null where there is none. */
  readonly capChild: string | null;
  readonly node: string;
}

/** How to start a program and what to expect of it. Plain data: it crosses to the recorder's thread. */
export interface Launch {
  readonly kind: CaptureSourceKind;
  readonly program: string;
  readonly args: readonly string[];
  readonly format: 'pcapng' | 'pcap';
  /** Name of what is captured, for the interface description that pcap streams lack. */
  readonly interface: string;
  /** How it is asked to end: `stdin` by the end of its input. */
  readonly endBy: 'stdin' | 'SIGINT' | 'SIGTERM';
  /** It writes the files itself when it is given their folder, and reports of them. */
  readonly writesFiles: boolean;
  /** It tells its counters on standard error at SIGUSR1. */
  readonly countsAtSignal: boolean;
  /** Packets that its own queue dropped are counted as the kernel's in its statistics blocks. */
  readonly dropsAreQueue: boolean;
  /** It captures on this machine, so that our sockets are the ends of its flows. */
  readonly isLocal: boolean;
}

/** How a program ended. */
export interface SourceEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last of what it wrote to standard error. */
  readonly stderr: string;
}

export interface SourceFailure {
  readonly code: LiveErrorCode;
  readonly message: string;
}

export interface CaptureSource {
  readonly kind: CaptureSourceKind;
  /** What captures made with it lack, for people. */
  readonly lacks: readonly string[];
  /** undefined where its program is missing. */
  launch(options: LiveOptions, programs: CapturePrograms): Launch | undefined;
  /** Puts an end that nobody asked for into words. */
  explain(end: SourceEnd, options: Pick<LiveOptions, 'interface' | 'host'>): SourceFailure;
}

/** The command as it could be typed into a shell. */
export function commandText(launch: Launch): string {
  return [launch.program, ...launch.args].map(shellWord).join(' ');
}

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The last line that the program wrote to standard error; where there is none, how it ended. */
export function lastWords(end: SourceEnd, program: string): string {
  const lines = end.stderr.split('\n').map((line) => line.trim());
  const last = lines.findLast((line) => line !== '');
  if (last !== undefined) return last.slice(0, 500);
  return `${program} ended (${end.signal === null ? `exit code ${end.exitCode}` : `signal ${end.signal}`})`;
}
