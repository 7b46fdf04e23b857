/** A process that a host started, by whatever starts processes there. */
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';

export interface HostedProcess {
  readonly pid: number | undefined;
  readonly channel: ByteChannel;
  onStderr(listener: (text: string) => void): void;
  /** Called once, with the reason for people: "exit code 70", "signal SIGSEGV". */
  onExit(listener: (reason: string) => void): void;
  /** Politely; `hard` cannot be refused. */
  kill(hard: boolean): void;
}
