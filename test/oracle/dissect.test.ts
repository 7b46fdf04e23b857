/** tshark as the oracle of the dissectors: each field has the same values in each packet, or a reason says why it has not. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPARED, dissectWithEngine, dissectWithTshark, type Values } from './dissected.ts';
import { hasTshark } from './tshark.ts';

const FOLDERS = ['../shared/corpus/zeek', '../shared/field/cases'];
const CAPTURE = /\.(?:pcap|pcapng|trace)$/u;

/** Fields that are not compared, or not everywhere, each with its reason. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'frame.protocols': 'names protocols above those that are opened here (json, data)',
  'frame.interface_name': 'tshark says "unknown" where the file says nothing',
  'tcp.analysis.': 'oracle.test.ts compares what the tracker sees, with its own reasons',
  'udp.stream': 'the flow table knows the innermost packet of a tunnel only',
  'tls.handshake.extension.data': 'tshark has names for the content of more extensions',
  teredo: 'tshark knows its indications one by one, and such without a packet',
  'ip.fragments': 'is no line of its own here',
};

/** Streams of which tshark, too, is in doubt where they begin: ports used again, or SYNs of several numbers. */
const NUMBERS =
  /^tcp\.(?:seq|nxtseq|ack|stream|time_relative|time_delta|window_size|window_size_scalefactor|options\.sack_[lr]e)$/u;

function doubtfulStreams(tshark: Values): ReadonlySet<string> {
  const doubtful = new Set<string>();
  const starts = new Map<string, string>();
  for (const values of tshark.values()) {
    const stream = values.get('tcp.stream')?.[0];
    if (stream === undefined) continue;
    if (values.has('tcp.analysis.reused_ports')) doubtful.add(stream);
    const isSyn = values.get('tcp.flags.syn')?.[0] === '1';
    const key = `${stream} ${values.get('tcp.srcport')?.[0]}`;
    const raw = values.get('tcp.seq_raw')?.[0] ?? '';
    const reset = values.get('tcp.flags.reset')?.[0] === '1';
    if (reset && !starts.has(key)) doubtful.add(stream);
    if (isSyn && starts.has(key) && starts.get(key) !== raw) doubtful.add(stream);
    if (isSyn || !starts.has(key)) starts.set(key, raw);
  }
  return doubtful;
}

/** What applications send is told here where a segment begins with it, by tshark also elsewhere, and by port. */
const APPLICATION = /^(?:tls|http|dns)(?:\.|$)/u;

function isAgreed(name: string, tshark: readonly string[], ours: readonly string[]): boolean {
  // Doubles beyond 104 days of the capture's first packet are off by less than a microsecond.
  if (name === 'frame.time') return Math.abs(Number(tshark[0]) - Number(ours[0])) <= 1;
  if (APPLICATION.test(name)) {
    const [few, many] = tshark.length < ours.length ? [tshark, ours] : [ours, tshark];
    return few.every((value) => many.includes(value));
  }
  return tshark.join('|') === ours.join('|');
}

function differences(tshark: Values, engine: Values): string[] {
  const found: string[] = [];
  const doubtful = doubtfulStreams(tshark);
  for (const [frame, theirs] of tshark) {
    const ours = engine.get(frame);
    if (ours === undefined) {
      found.push(`frame ${frame} is missing`);
      continue;
    }
    const isDoubtful = doubtful.has(theirs.get('tcp.stream')?.[0] ?? '');
    for (const { name } of COMPARED) {
      if (Object.keys(OTHERWISE).some((prefix) => name.startsWith(prefix))) continue;
      if (isDoubtful && NUMBERS.test(name)) continue;
      // What lies behind ARP and the like, and on links without a shortest frame, is not told; nor is a checksum in a quotation verified.
      if ((!theirs.has('ip') || !theirs.has('eth')) && /^eth\.(?:padding|trailer)$/u.test(name)) continue;
      if (theirs.has('icmp') && name === 'udp.checksum.status') continue;
      const [a, b] = [theirs.get(name) ?? [], ours.get(name) ?? []];
      if (!isAgreed(name, a, b))
        found.push(`frame ${frame} ${name}: tshark ${a.join('|')}, ours ${b.join('|')}`);
    }
  }
  return found;
}

const CAPTURES = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => CAPTURE.test(file))
    .map((file) => join(folder, file)),
);

describe.skipIf(!hasTshark() || CAPTURES.length === 0)('fields are as tshark says them', () => {
  it.each(CAPTURES)('in %s', async (path) => {
    const [tshark, engine] = await Promise.all([dissectWithTshark(path), dissectWithEngine(path)]);
    expect(tshark.size).toBeGreaterThan(0);
    expect(differences(tshark, engine)).toEqual([]);
  });
});
