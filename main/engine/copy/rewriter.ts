/** What changes a capture while it is copied. Lengths never change: times, numbers and places of packets are part of verdicts. */
export interface CaptureRewriter {
  /** The packet with the same number of bytes; `length` is what it had on the wire. The bytes given are not changed. */
  packet(linkType: number, bytes: Uint8Array, length: number): Uint8Array;
  /** An interface's name or description, a machine's or capturing program's name, in the capture's blocks; null leaves it out. */
  text(
    kind: 'interface' | 'description' | 'hardware' | 'system' | 'application' | 'filter',
    text: string,
  ): string | null;
  /** An address of a name resolution block, and its name; null leaves the pair out. */
  name(address: Uint8Array, name: string): { address: Uint8Array; name: string } | null;
  /** A kernel witness block's content of ours (see main/engine/read/pcapng-kernel.ts), rewritten; null leaves it out. */
  kernel(bytes: Uint8Array): Uint8Array | null;
  /** Comments of the capture and decryption secrets: whether they may go along at all. */
  readonly keepsComments: boolean;
  readonly keepsSecrets: boolean;
  /** One line for the section's comment that says the file was changed; and what was replaced so far, by kind. */
  readonly notice: string;
  counts(): readonly { readonly kind: string; readonly count: number }[];
}
