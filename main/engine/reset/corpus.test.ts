/** Public captures (RESETSCOPE_CORPUS, Zeek's test traces as repository__file): labelled ones and the rate of alarms. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusFolder, judgeFile } from '../../../test/support/capture-fixture.ts';

const folder = corpusFolder();
const path = (name: string): string => join(folder ?? '', name);

const DEVICES: readonly (readonly [file: string, frame: number, cause: string])[] = [
  ['ldap__simpleauth.pcap', 12, 'idle-timeout'],
  ['ldap__simpleauth-diff-port.pcap', 12, 'idle-timeout'],
  ['tcp__fin_retransmission.pcap', 5, 'firewall-reject'],
  ['tunnels__Teredo.pcap', 50, 'idle-timeout'],
  ['tunnels__Teredo.pcap', 78, 'idle-timeout'],
  ['tcp__rst-inject-rae.pcap', 2, 'injected'],
];

describe.skipIf(folder === undefined)('public captures', () => {
  it.each(DEVICES)('%s #%i was made by a device: %s', (file, frame, cause) => {
    const verdict = judgeFile(path(file)).find((reset) => reset.frame === frame);
    expect(verdict?.origin.kind).toBe('middlebox');
    expect(verdict?.cause.code).toBe(cause);
  });

  it('the genuine resets of the RAE trace', () => {
    const verdicts = judgeFile(path('tcp__rst-inject-rae.pcap')).filter((reset) => reset.frame > 2);
    expect(verdicts.length).toBeGreaterThan(0);
    for (const verdict of verdicts) expect(verdict.origin.kind).toBe('endpoint');
  });

  it('raises no other alarm', () => {
    const known = new Set(DEVICES.map(([file, frame]) => `${file} ${frame}`));
    const alarms: string[] = [];
    let resets = 0;
    for (const file of readdirSync(path('')).filter((name) => name.includes('.pcap'))) {
      for (const verdict of judgeFile(path(file))) {
        resets++;
        const here = `${file} ${verdict.frame}`;
        if (verdict.origin.kind === 'middlebox' && !known.has(here)) alarms.push(here);
      }
    }
    expect(resets).toBeGreaterThan(100);
    expect(alarms).toEqual([]);
  });
});
