/** Public captures (RESETSCOPE_CORPUS, Zeek's test traces as repository__file): labelled ones and the rate of alarms. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusFolder, judgeFile } from '../../../test/support/capture-fixture.ts';

const folder = corpusFolder();
const path = (name: string): string => join(folder ?? '', name);

const DEVICES: readonly (readonly [file: string, frame: number, cause: string])[] = [
  // TTL 255 where the server's packets have come over eleven routers, and an IP-ID of another counter.
  ['tunnels__Teredo.pcap', 78, 'idle-timeout'],
  ['tcp__rst-inject-rae.pcap', 2, 'injected'],
];

/** Load balancers that answered the handshake themselves: the end of their connections, not a device before it. */
const FRONT_ENDS: typeof DEVICES = [
  ['ldap__simpleauth.pcap', 12, 'idle-timeout'],
  ['ldap__simpleauth-diff-port.pcap', 12, 'idle-timeout'],
  ['tcp__fin_retransmission.pcap', 5, 'unacceptable-segment'],
];

describe.skipIf(folder === undefined)('public captures', () => {
  it.each(DEVICES)('%s #%i was made by a device: %s', (file, frame, cause) => {
    const verdict = judgeFile(path(file)).find((reset) => reset.frame === frame);
    expect(verdict?.origin.kind).toBe('middlebox');
    expect(verdict?.cause.code).toBe(cause);
  });

  it.each(FRONT_ENDS)(
    '%s #%i was made by the NetScaler that answers for the address: %s',
    (file, frame, cause) => {
      const verdict = judgeFile(path(file)).find((reset) => reset.frame === frame);
      expect(verdict?.origin.kind).toBe('endpoint');
      expect(verdict?.origin.label).toMatch(/front end that answers for .*, a Citrix NetScaler/);
      expect(verdict?.cause.code).toBe(cause);
    },
  );

  // One gateway's counter runs through resets in the name of two servers, but each connection alone shows too little.
  it.each([50, 51])('leaves tunnels__Teredo.pcap #%i open', (frame) => {
    const verdict = judgeFile(path('tunnels__Teredo.pcap')).find((reset) => reset.frame === frame);
    expect(verdict?.origin.kind).toBe('unknown');
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
    expect(DEVICES.length / resets).toBeLessThanOrEqual(0.01);
  });
});
