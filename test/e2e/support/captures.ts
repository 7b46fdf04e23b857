/** The captures that the tests open, made by code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordinary } from '../../golden/scenario.ts';
import { writePcap } from '../../support/capture-writer.ts';
import type { ConversationPacket } from '../../support/conversation.ts';
import { interleave } from '../../support/conversation.ts';
import { failingTalks } from './failing-talks.ts';
import { hostileNotes, hostileTalks } from './hostile-talks.ts';
import { mixedTalks } from './mixed-talks.ts';

/** Name → path. */
export interface Captures {
  /** Some dozen resets of all kinds between many hosts. */
  readonly mixed: string;
  /** The same, cut in the middle of its last packet. */
  readonly truncated: string;
  /** A text file. */
  readonly broken: string;
  /** No byte at all. */
  readonly nothing: string;
  /** A header and no packets. */
  readonly empty: string;
  /** Healthy connections. */
  readonly quiet: string;
  /** Connections that fail without a reset, and no reset. */
  readonly failing: string;
  /** Names and data that try to be more than text. */
  readonly hostile: string;
  /** The same in comments, names of interfaces and questions for names. */
  readonly hostileNotes: string;
  /** Two files of one rotated set. */
  readonly parts: readonly [string, string];
}

/** A file name is hostile text too. */
export const HOSTILE_NAME = 'a<img src=x onerror=window.owned=1>\u202egnp.pcap';

export function writeCaptures(folder: string): Captures {
  const put = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const mixed = interleave(...mixedTalks());
  const half = Math.floor(mixed.length / 2);
  return {
    mixed: put('mixed.pcap', pcap(mixed)),
    truncated: put('truncated.pcap', pcap(mixed).subarray(0, -20)),
    broken: put('notes.pcap', 'These are my notes about the outage.\nNothing was captured.\n'),
    nothing: put('nothing.pcap', ''),
    empty: put('empty.pcap', pcap([])),
    quiet: put('quiet.pcap', pcap(interleave(...ordinary(5)))),
    failing: put('failing.pcap', pcap(interleave(...failingTalks()))),
    hostileNotes: put('notes.pcapng', hostileNotes()),
    hostile: put(HOSTILE_NAME, pcap(interleave(...hostileTalks()))),
    parts: [
      put('part_00001_20231114221320.pcap', pcap(mixed.slice(0, half))),
      put('part_00002_20231114222320.pcap', pcap(mixed.slice(half))),
    ],
  };
}

export function pcap(packets: readonly ConversationPacket[]): Uint8Array<ArrayBuffer> {
  return writePcap({ packets, nanos: true });
}
