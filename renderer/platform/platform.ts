/** What differs between the desktop window and the browser tab; everything else in the renderer is the same. */
import type { Client } from '../../shared/rpc/service.ts';

export interface UploadProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

export interface Platform {
  /** A fresh connection to the engine; called again after one was lost. */
  connect(): Promise<Client>;
  /**
   * Paths of dropped or chosen files as the engine knows them. In the browser the bytes are sent to the host first.
   * @throws Error with a message for people
   */
  pathsOf(
    files: readonly File[],
    onProgress: (progress: UploadProgress) => void,
    signal: AbortSignal,
  ): Promise<string[]>;
}
