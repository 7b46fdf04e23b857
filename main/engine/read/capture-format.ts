import type { PcapFormat } from './pcap-header.ts';

/** The formats by their records: a record read a second time is read by this name (`record-at.ts`). */
export type CaptureFormat = PcapFormat | 'pcapng' | 'snoop' | 'erf' | 'unknown';
