import { describe, expect, it } from 'vitest';
import type { Report, ReportCase, ReportFile } from '../model/report.ts';
import { anonymised } from './aliases.ts';

const FILE: ReportFile = {
  path: '/home/ann/acme-outage.pcapng.gz',
  sha256: 'ab'.repeat(32),
  format: 'pcapng',
  linkTypes: ['Ethernet'],
  packets: 8,
  bytes: 900,
  first: '2026-01-02T03:04:05Z',
  last: '2026-01-02T03:04:06Z',
  interfaces: [],
  program: 'Dumpcap on annslaptop',
  lost: [],
};

const CASE: ReportCase = {
  file: 0,
  frame: 7,
  title: 'The server 192.0.2.80 reset it',
  client: '10.0.0.5:40000',
  server: '192.0.2.80:443',
  serverName: 'shop.acme.test',
  what: ['10.0.0.5 asked SHOP.acme.test (192.0.2.80) for “/secret/basket”.'],
  facts: [],
  path: null,
  failure: null,
  next: 'Ask whoever runs 192.0.2.80, and 10.9.9.9, which nobody knows.',
  commands: [],
  packets: [],
  claimed: 'server',
  evidence: [],
  bytes: {
    file: 0,
    frame: 7,
    hex: ['45', '00', 'c0', '00', '02', '50', 'de', 'ad'],
    captured: 8,
    wire: 8,
    fields: [
      { from: 0, to: 1, title: 'Version', value: '4', counts: true, isForeign: false },
      { from: 6, to: 8, title: 'Payload', value: 'secret', counts: true, isForeign: true },
    ],
  },
  refute: ['A router that says “packet too big” for 192.0.2.80.'],
  limits: [],
};

function report(more: Partial<Report> = {}): Report {
  return {
    kind: 'reset',
    title: '192.0.2.80 hung up on 10.0.0.5',
    what: '',
    facts: [],
    next: [],
    tables: [],
    cases: [CASE],
    moreTables: [],
    notes: [],
    files: [FILE],
    lost: [],
    madeAt: '2026-01-02 03:04 UTC',
    madeBy: 'Resetscope 1',
    isAnonymised: false,
    secrets: {
      hosts: [
        { address: '10.0.0.5', side: 'client' },
        { address: '192.0.2.80', side: 'server' },
      ],
      names: ['shop.acme.test'],
      texts: ['/secret/basket?user=ann'],
    },
    ...more,
  };
}

describe('an anonymised report', () => {
  it('calls the same host by the same alias everywhere, by its side', () => {
    const { title, cases } = anonymised(report());
    expect(title).toBe('server-1 hung up on client-1');
    expect([cases[0].client, cases[0].server, cases[0].serverName]).toEqual([
      'client-1:40000',
      'server-1:443',
      'name-1.example',
    ]);
  });

  it('replaces addresses that nobody told it of', () => {
    expect(anonymised(report()).cases[0].next).toBe(
      'Ask whoever runs server-1, and host-1, which nobody knows.',
    );
  });

  it.each([
    ['2001:db8::5', 'host-1'],
    ['[2001:db8::5]:443', 'host-1:443'],
    ['::ffff:10.1.2.3', 'host-1'],
    ['00:1a:2b:3c:4d:5e', 'link-1'],
    ['00-1A-2B-3C-4D-5E', 'link-1'],
  ])('knows %s for an address', (text, alias) => {
    expect(anonymised(report({ what: `from ${text} on` })).what).toBe(`from ${alias} on`);
  });

  it.each(['at 12:30:45 UTC', 'version 1.2.3', 'ss -ltnp, 7:80'])('leaves “%s” as it is', (what) => {
    expect(anonymised(report({ what })).what).toBe(what);
  });

  it('replaces texts of applications, also cut short or in other letters', () => {
    const { what } = anonymised(report({ what: 'GET /SECRET/bask… and /secret/basket?user=ann end' }));
    expect(what).toBe('GET [left out]… and [left out] end');
  });

  it('replaces what stands in quotation marks, but for our own', () => {
    const [only] = anonymised(report()).cases;
    expect(only.what).toEqual(['client-1 asked name-1.example (server-1) for “[left out]”.']);
    expect(only.refute).toEqual(['A router that says “packet too big” for server-1.']);
  });

  it('shows the bytes alone that identify nobody', () => {
    const { bytes } = anonymised(report()).cases[0];
    expect(bytes?.hex).toEqual(['45', '..', '..', '..', '..', '..', '..', '..']);
    expect(bytes?.fields.map(({ title }) => title)).toEqual(['Version']);
  });

  it('hides which file it is of, and keeps what kind of file', () => {
    const [file] = anonymised(report()).files;
    expect(file).toMatchObject({
      path: 'capture-1.pcapng.gz',
      sha256: '[left out]',
      program: '[left out]',
      format: 'pcapng',
      first: FILE.first,
    });
  });

  it('replaces in notes of the user what it knows', () => {
    const notes = [{ on: 'frame 7 of acme-outage.pcapng.gz', text: 'shop.acme.test again, see 10.0.0.5' }];
    expect(anonymised(report({ notes })).notes).toEqual([
      { on: 'frame 7 of capture-1.pcapng.gz', text: 'name-1.example again, see client-1' },
    ]);
  });

  it('keeps nothing of the originals anywhere, nor the list of them', () => {
    const text = JSON.stringify(anonymised(report())).toLowerCase();
    for (const original of ['10.0.0.5', '192.0.2.80', 'acme', 'ann', 'secret/', '10.9.9.9', 'dead'])
      expect(text).not.toContain(original);
  });
});
