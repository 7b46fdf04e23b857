import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../state/catch-rule.ts';
import { sampleLive, sampleOptions } from '../testing/sample-live.ts';
import { sampleDetail } from '../testing/sample.ts';
import {
  bitRateText,
  elapsedText,
  lossText,
  lossesOf,
  noLossText,
  rateText,
  ringText,
  ruleText,
  savedName,
  witnessAbout,
  writesText,
} from './live-text.ts';
import type { Clock } from './values.ts';
import { verdictAsText } from './verdict-text.ts';
import { ownerPlace, reasonText, witnessText } from './witness-text.ts';

const DOCKER = `/system.slice/docker-${'3f9a1c77'.repeat(8)}.scope`;

describe('rates and times', () => {
  it.each([
    [0, '0'],
    [0.4, '0.4'],
    [9.96, '10'],
    [12_345.6, '12,346'],
    [NaN, 'unknown'],
  ])('%d packets a second are "%s"', (rate, text) => {
    expect(rateText(rate)).toBe(text);
  });

  it('count bits, as networks do', () => {
    expect(bitRateText(125_000)).toBe('1 Mbit/s');
    expect(bitRateText(0)).toBe('0 bit/s');
  });

  it.each([
    [7_999, '0:07'],
    [754_000, '12:34'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('%d ms are %s', (ms, text) => {
    expect(elapsedText(ms)).toBe(text);
  });
});

describe('what is written', () => {
  it('is said before the start', () => {
    const ring = { fileBytes: 64 * 1024 ** 2, fileSeconds: 60, files: 16 };
    expect(writesText(sampleOptions({ ring }), '/captures')).toBe(
      'Up to 1 GiB in /captures: 16 files of 64 MiB, a new one every 60 s; when all are full, the oldest goes.',
    );
    const second = { source: 'ssh', host: 'web', interface: 'any', filter: '' } as const;
    expect(writesText(sampleOptions({ ring, second }), '/captures')).toMatch(
      /^Up to 2 GiB in \/captures: 16 files of 64 MiB for each of the two places, a new one every 60 s/u,
    );
    expect(writesText(sampleOptions({ folder: '/data' }), '/captures')).toContain('in /data:');
  });

  it('has a name that no shell stumbles over', () => {
    const options = sampleOptions({ source: 'ssh', host: 'root@gw; rm -rf', interface: 'any' });
    expect(savedName(sampleLive({ options }))).toBe('any-on-root-gw-rm--rf-2026-01-02T03-04-05.pcapng');
  });

  it('tells how much of the ring is kept', () => {
    expect(ringText(sampleLive({ filesGone: 1234 }))).toBe('1 of 20 files, 1,234 gone');
  });
});

describe('losses', () => {
  it('name the place', () => {
    const losses = { kernel: 1234, interface: null, queue: 0, analysis: 7 };
    expect(lossText(lossesOf(losses))).toBe('1,234 lost in the kernel, 7 lost in the analysis');
  });

  it('that nobody counts are not said to be none', () => {
    expect(noLossText({ kernel: null, interface: null, queue: 0, analysis: 0 })).toBe('losses not told');
    expect(noLossText({ kernel: 0, interface: null, queue: 0, analysis: 0 })).toBe('no losses');
  });
});

describe('a rule for what is caught', () => {
  it('is a sentence', () => {
    expect(ruleText(DEFAULT_RULE)).toBe('Any reset that ended unfinished work');
    expect(
      ruleText({
        ...DEFAULT_RULE,
        onlyThatMatter: false,
        origins: ['middlebox', 'unknown'],
        causes: ['idle-timeout'],
        filter: 'server:10.0.0.9',
      }),
    ).toMatch(
      /^Any reset, from a device on the path or a sender that cannot be told, by .*, that passes server:10\.0\.0\.9$/,
    );
  });
});

describe('the kernel witness', () => {
  it('with gaps proves nothing by silence', () => {
    const text = witnessAbout({ state: 'on', why: null, events: 4, lost: 2 });
    expect(text).toContain('silence proves nothing');
  });

  it('accuses nobody but says that it was not this machine', () => {
    const text = witnessText({ word: 'not-sent', reason: null, process: null }, 'server');
    expect(text).toContain('the address of the server');
    expect(text).not.toMatch(/device|middlebox/);
  });

  it('names reasons in words, and unknown ones by their name', () => {
    expect(reasonText('NO_SOCKET')).toContain('no socket');
    expect(reasonText('TCP_NEW_REASON')).toBe('TCP_NEW_REASON');
  });

  it('finds the container or the service in a cgroup', () => {
    const place = (cgroup: string | null) => ownerPlace({ name: 'x', pid: 1, cgroup });
    expect(place(DOCKER)).toEqual({ kind: 'container', name: '3f9a1c773f9a' });
    expect(place('/system.slice/nginx.service')).toEqual({ kind: 'service', name: 'nginx' });
    expect(place('/')).toBeNull();
    expect(place(null)).toBeNull();
  });

  it('is in the verdict as text, with the processes at the ends', () => {
    const clock: Clock = { epochNs: null, firstNs: 0, style: 'relative' };
    const process = { name: 'nginx', pid: 812, cgroup: DOCKER };
    const text = verdictAsText(
      sampleDetail(0, {
        witness: { word: 'sent', reason: 'TCP_ABORT_ON_CLOSE', process },
        owners: { client: null, server: process },
      }),
      clock,
    );
    expect(text).toContain('Kernel    This machine’s kernel sent this reset.');
    expect(text).toContain('(TCP_ABORT_ON_CLOSE)');
    expect(text).toContain('Server is nginx[812], container 3f9a1c773f9a');
    expect(text).not.toContain('Client is');
  });
});
