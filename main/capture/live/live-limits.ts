/** Every limit of live capture by name: what comes from a source, a folder or a program's output may be anything. */
export const LIVE_CAPTURE_LIMITS = {
  /** Longest pcapng block that a source may send; the largest snap length is 256 KiB. */
  maxBlockBytes: 1024 * 1024,
  /** Section header and interface descriptions, which every file repeats. */
  maxHeadBytes: 1024 * 1024,
  maxInterfaces: 4096,
  /** Queue between the source's pipe and the disk. While it is full the pipe is not read; the kernel drops and counts. */
  maxQueuedBytes: 16 * 1024 * 1024,
  /** What a helper that was killed may have written without saying so, to be looked at. */
  maxUnreportedBytes: 64 * 1024 * 1024,
  /** Longest write call. */
  maxWriteBytes: 1024 * 1024,
  /** What `ss` may print, and sockets kept of it. */
  maxSocketListBytes: 16 * 1024 * 1024,
  maxSocketOwners: 20_000,
  /** Cases of one capture; a rule that catches everything would otherwise fill the disk. */
  maxCases: 1000,
  /** Longest case file. */
  maxCaseBytes: 1024 ** 3,
  /** Text of a program that is kept for its error message, characters. */
  maxErrorText: 8192,
} as const;
