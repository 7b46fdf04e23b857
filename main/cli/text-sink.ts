/** What text is written to, one piece after the other. Node's streams are such. */
export interface TextSink {
  write(text: string | Uint8Array, done: (error?: Error | null) => void): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}
