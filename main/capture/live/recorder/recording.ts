/** How a source's packets come to the disk: through us (PipedRecording), or by the program itself (ReportedRecording). */
import type { RecorderCounts, RecorderFailure, RecorderMessage } from './recorder-messages.ts';

export interface Recording {
  /** Whether something came that can be understood. */
  readonly hasBegun: boolean;
  readonly counts: RecorderCounts;
  /** Takes what the program wrote to its standard output. @throws BlockError where that makes no sense */
  take(chunk: Uint8Array): void;
  /** Puts blocks of our own between the captured ones. */
  append(blocks: Uint8Array): void;
  /** Looks at the free space of the disk. */
  guard(): Promise<void>;
  /** The program has ended; answers when all is on disk. */
  close(): Promise<void>;
}

/** What a recording wants of the recorder that runs the program. */
export interface RecordingHost {
  tell(message: RecorderMessage): void;
  /** The capture cannot go on. */
  fail(failure: RecorderFailure): void;
  /** All sockets whose owners are known now, as blocks; empty for none. */
  owners(): Uint8Array;
}
