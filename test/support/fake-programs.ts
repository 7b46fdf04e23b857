/** Programs that behave like capture programs, as shell scripts in a folder of their own. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveParts } from '../../main/host/live/live-parts.ts';
import { runProgram } from '../../main/capture/live/doctor/run-program.ts';
import { type PcapPacket, writeSimplePcapng } from './capture-writer.ts';
import { EMPTY_FILE, makeReport, writeReport } from './report-writer.ts';

/** Writes an executable script; gives its path. */
export function writeProgram(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const LIST = JSON.stringify({
  version: '9.8',
  libpcap: 'libpcap version 1.10',
  interfaces: [
    {
      name: 'eth7',
      description: 'a test',
      addresses: ['10.7.0.1'],
      up: true,
      running: true,
      loopback: false,
      wireless: false,
      linkTypes: ['EN10MB'],
    },
  ],
});

/**
 * A resetscope-capd that lists eth7, takes every filter but "bad", and captures the packets at once into a file of the
 * folder that it is given, then waits for its input to end.
 */
export function writeHelper(folder: string, packets: readonly PcapPacket[]): string {
  mkdirSync(folder, { recursive: true });
  const capture = writeSimplePcapng(packets, { name: 'eth7' });
  const head = writeSimplePcapng([], { name: 'eth7' });
  const times = packets.map(({ timeNs }) => Number(timeNs));
  const report = makeReport({
    file: {
      ...EMPTY_FILE,
      bytes: capture.length,
      packets: packets.length,
      firstNs: Math.min(...times),
      lastNs: Math.max(...times),
    },
    captured: packets.length,
    wireBytes: packets.reduce((sum, { data }) => sum + data.length, 0),
  });
  writeFileSync(join(folder, 'captured'), capture);
  writeFileSync(join(folder, 'reports'), Buffer.concat([head, writeReport(report)]));
  const play = `cat '${folder}/captured' >"/proc/self/fd/3/${EMPTY_FILE.name}"; cat '${folder}/reports'`;
  return writeProgram(
    folder,
    'resetscope-capd',
    `case "$1" in
list) echo '${LIST}';;
check) [ "$3" != bad ] || { echo 'resetscope-capd: bad-filter: syntax error' >&2; exit 65; };;
capture)
  case "$3" in
  eth7) ${play}; cat >/dev/null;;
  gone) ${play}; echo 'resetscope-capd: interface-gone: eth7 went away' >&2; exit 69;;
  secret) echo 'resetscope-capd: no-permission: no right to capture' >&2; exit 77;;
  garbage) echo 'this is no capture at all'; cat >/dev/null;;
  *) echo "resetscope-capd: no-such-interface: there is no $3" >&2; exit 66;;
  esac;;
esac`,
  );
}

/** A machine with this helper and nothing else. */
export function partsWith(helper: string | null, captureFolder: string): LiveParts {
  return {
    places: {
      path: '',
      moreFolders: [],
      helpers: helper === null ? [] : [helper],
      capChild: null,
      node: process.execPath,
    },
    recorderWorker: undefined,
    captureFolder,
    run: runProgram,
  };
}
