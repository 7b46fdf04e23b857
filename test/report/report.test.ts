/** Reports over real captures: all forms of each, what stands in them, and that nothing of the originals remains when they are anonymised. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FlowId, FlowRecord } from '../../shared/base/units.ts';
import { Analysis } from '../../main/host/analysis.ts';
import { findChromium, NO_CHROMIUM } from '../../main/host/report/chromium.ts';
import { reportOf, sourceOf } from '../../main/host/report/report-source.ts';
import type { ReportSubject } from '../../shared/model/report.ts';
import { reportHtml } from '../../shared/report/html.ts';
import { reportMarkdown } from '../../shared/report/markdown.ts';
import { addressOf } from '../../shared/texts/named-text.ts';
import { fieldFolder } from '../support/capture-fixture.ts';
import { runCli } from '../support/run-cli.ts';

const never = new AbortController().signal;
const LAB = join(import.meta.dirname, '../fixtures/lab');
const KEPT = readdirSync(LAB, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.pcap(?:ng)?\.gz$/u.test(name))
  .map((name) => join(LAB, name));

/** Every eighth one, so that each topology and most scenarios are among them. */
const SOME = KEPT.filter((_, index) => index % 8 === 0);

const field = fieldFolder();
const CASES =
  field === undefined
    ? []
    : readdirSync(join(field, 'cases'))
        .filter((name) => name.endsWith('.pcap'))
        .map((name) => join(field, 'cases', name));

async function analysed<T>(path: string, use: (analysis: Analysis) => Promise<T>): Promise<T> {
  const analysis = new Analysis();
  try {
    await analysis.run([path], {});
    return await use(analysis);
  } finally {
    await analysis.close();
  }
}

/** All subjects that there are in a capture, of resets and findings the first few. */
function subjectsOf(analysis: Analysis): ReportSubject[] {
  const { findings, endings } = sourceOf(analysis, never);
  const { session } = analysis;
  return [
    { kind: 'capture' },
    ...(endings.groups.length > 0 ? [{ kind: 'failures' } as const] : []),
    ...flowsOf(analysis).map((flow) => ({ kind: 'flow', flow }) as const),
    ...findings.list.slice(0, 3).map(({ examples }) => ({ kind: 'finding', example: examples[0] }) as const),
    ...Array.from(
      session.resetIds().subarray(0, 3),
      (id) => ({ kind: 'reset', packet: session.resets.packet(id) }) as const,
    ),
  ];
}

/** One flow of each ending. */
function flowsOf({ session }: Analysis): number[] {
  const byEnding = new Map<string, number>();
  for (const record of session.liveFlows()) {
    const { id, ending } = session.flowRow(record as FlowRecord);
    if (!byEnding.has(ending)) byEnding.set(ending, id);
  }
  return [...byEnding.values()];
}

/** Addresses and names that the capture is full of. */
function originalsOf(analysis: Analysis): string[] {
  const { session } = analysis;
  const found = new Set<string>();
  for (const record of session.liveFlows()) {
    const flow = record as FlowRecord;
    const { client, server, serverName } = session.flowRow(flow);
    found.add(addressOf(client)).add(addressOf(server)).add(serverName);
    const hints = session.hints(flow);
    for (const text of [hints?.serverName, hints?.http?.host, hints?.http?.userAgent, hints?.banner])
      found.add(text ?? '');
    if ((hints?.http?.target.length ?? 0) > 5) found.add(hints?.http?.target ?? '');
  }
  for (const id of session.resetIds()) found.add(session.findAccount(id)?.payloadText ?? '');
  found.add(session.files[0].path);
  return [...found].filter((text) => text.length > 3);
}

/** The whole address or name, and not the beginning of a longer one. */
function holds(text: string, original: string): boolean {
  const escaped = original.toLowerCase().replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
  return new RegExp(`(?<![\\w.:])${escaped}(?![\\w:]|\\.\\d)`, 'u').test(text.toLowerCase());
}

/** Every byte of the frame's addresses, as a dump would show them. */
const ADDRESS_BYTES = /\b45 [\da-f]{2}(?: [\da-f]{2}){18}/u;

async function checkAll(paths: readonly string[]): Promise<number> {
  let reports = 0;
  for (const path of paths) {
    await analysed(path, async (analysis) => {
      const originals = originalsOf(analysis);
      for (const subject of subjectsOf(analysis)) {
        const report = await reportOf(analysis, subject, [], false, never);
        const html = reportHtml(report);
        expect(html, path).toMatch(/^[\x20-\x7e\n]*$/u);
        expect(html, path).not.toMatch(/<script|javascript:| on\w+=|undefined|\bNaN\b|\[object /iu);
        expect(reportMarkdown(report), path).not.toMatch(/\bundefined\b|\bNaN\b|\[object /u);
        const hidden = await reportOf(analysis, subject, [], true, never);
        for (const text of [reportHtml(hidden).replace(/<style>.*<\/style>/su, ''), reportMarkdown(hidden)]) {
          expect(
            originals.filter((original) => holds(text, original)),
            `${path} ${subject.kind}`,
          ).toEqual([]);
          expect(text).not.toMatch(ADDRESS_BYTES);
        }
        reports++;
      }
    });
  }
  return reports;
}

describe('reports', () => {
  it('of kept lab captures stand alone, and leave nothing of the originals when anonymised', async () => {
    expect(await checkAll(SOME)).toBeGreaterThan(SOME.length);
  }, 120_000);

  it.skipIf(field === undefined)(
    'of field cases do so, too',
    async () => {
      expect(await checkAll(CASES)).toBeGreaterThan(CASES.length);
    },
    120_000,
  );

  it('of a connection tell how it ended, whatever ended it', async () => {
    const told = new Set<string>();
    for (const path of SOME) {
      await analysed(path, async (analysis) => {
        for (const flow of flowsOf(analysis)) {
          const { title, what, cases, facts } = await reportOf(
            analysis,
            { kind: 'flow', flow },
            [],
            false,
            never,
          );
          const row = analysis.session.flowRow(analysis.session.flows.flowOf(flow as FlowId));
          expect([title, what]).toEqual([
            `Connection ${row.client} → ${row.server}`,
            expect.stringContaining(row.client),
          ]);
          expect(facts.map(({ term }) => term)).toContain('What was sent');
          told.add(`${row.ending} ${cases.map((one) => one.title).join()}`);
        }
      });
    }
    expect([...told]).toEqual(
      expect.arrayContaining(['clean Its last packet', 'reset Reset', 'went-silent How it failed']),
    );
  }, 120_000);

  it('of a whole capture tell once what is to be done about findings that are alike', async () => {
    const scanned = KEPT.find((path) => path.includes('asymmetric--nmap/')) ?? '';
    await analysed(scanned, async (analysis) => {
      const { tables } = await reportOf(analysis, { kind: 'capture' }, [], false, never);
      const advice = tables[0].rows.map((row) => row[tables[0].columns.indexOf('What to do')]);
      expect(advice.slice(0, 2)).toEqual(['See below', 'See below']);
      expect(advice.filter((text) => text === 'As for no. 1').length).toBeGreaterThan(3);
      const long = advice.filter((text) => text.length > 40);
      expect(new Set(long.map((text) => text.replace(/\d+/gu, ''))).size).toBe(long.length);
    });
  });

  it('of a reset tell its frame, the bytes that count, and what would refute it', async () => {
    for (const path of SOME) {
      await analysed(path, async (analysis) => {
        const { session } = analysis;
        for (const id of session.resetIds().subarray(0, 5)) {
          const packet = session.resets.packet(id);
          const { cases } = await reportOf(analysis, { kind: 'reset', packet }, [], false, never);
          const row = session.resetRow(id);
          expect(cases.map(({ frame }) => frame)).toEqual([row.frame]);
          expect(cases[0].refute.length).toBeGreaterThan(0);
          expect(
            cases[0].packets.filter(({ frame, isReset }) => frame === row.frame && isReset),
          ).toHaveLength(1);
          const flags = cases[0].bytes?.fields.find(({ title, counts }) => counts && title === 'Flags');
          // RST is bit 2 of the second byte (RFC 9293 §3.1).
          const second = Number.parseInt(cases[0].bytes?.hex[(flags?.to ?? 0) - 1] ?? '', 16);
          expect(second & 0x04, `${path} frame ${row.frame}`).toBe(0x04);
        }
      });
    }
  }, 120_000);
});

describe('the command', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'resetscope-report-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const sample = KEPT.find((path) => path.includes('device-text-payload')) ?? KEPT[0];

  it('writes what the name of its output says', async () => {
    for (const [name, begin] of [
      ['a.html', '<!DOCTYPE html>'],
      ['a.md', '# '],
    ] as const) {
      const path = join(folder, name);
      const run = await runCli(['report', sample, '--finding', '1', '-o', path]);
      expect([run.exitCode, run.stderr]).toEqual([0, '']);
      expect(readFileSync(path, 'utf8').startsWith(begin)).toBe(true);
    }
  });

  it.each([
    ['a name that says nothing', ['-o', 'x.doc'], /\.html, \.pdf or \.md/u],
    ['two subjects', ['--failures', '--finding', '1'], /about one thing/u],
    ['a frame that is no reset', ['--reset', '999999'], /is no reset; resets are in frames/u],
    ['a file that was not read', ['--reset', 'other.pcap:1'], /other\.pcap is none of the files/u],
    ['a finding that is not there', ['--finding', '4000'], /no finding 4000/u],
    ['two others', ['--flow', '0', '--reset', '1'], /about one thing/u],
    ['a connection that is not there', ['--flow', '4000'], /no connection with that number/u],
    ['no frame', ['--reset', 'x'], /is no frame/u],
  ])('refuses %s', async (_what, options, message) => {
    const run = await runCli(['report', sample, ...options]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(message);
  });

  it('finds a frame in one of several captures, by its name and by its number', async () => {
    const other = KEPT.find((path) => path !== sample) ?? '';
    const { frame } = await analysed(sample, ({ session }) =>
      Promise.resolve(session.resetRow(session.resetIds()[0])),
    );
    for (const [files, place] of [
      [[sample, other], `${basename(sample)}:${frame}`],
      [[other, sample], `1:${frame}`],
      [[sample, other], `${sample}:${frame}`],
    ] as const) {
      // What is the same name in two folders is told apart by the folder.
      if (basename(sample) === basename(other) && place.startsWith(basename(sample))) continue;
      const run = await runCli(['report', ...files, '--reset', place]);
      expect([run.exitCode, run.stderr]).toEqual([0, '']);
      expect(run.stdout).toMatch(new RegExp(`:${frame}\\b`, 'u'));
    }
    const asked = await runCli(['report', sample, other, '--reset', String(frame)]);
    expect([asked.exitCode, asked.stderr]).toEqual([1, expect.stringMatching(/by FILE:FRAME/u)]);
  });

  it('puts in the notes on what it is about, where they are wanted', async () => {
    vi.stubEnv('RESETSCOPE_CASE_DIR', join(folder, 'cases'));
    try {
      for (const [text, ...on] of [
        ['asked the network team', '--finding', '1'],
        ['captured on the third floor'],
      ])
        expect((await runCli(['note', sample, text, ...on])).exitCode).toBe(0);
      const { frame } = await analysed(sample, ({ session }) =>
        Promise.resolve(session.resetRow(session.resetIds()[0])),
      );
      await runCli(['note', sample, 'this is the one', '--reset', String(frame)]);
      const told = async (...options: string[]): Promise<string> => {
        const run = await runCli(['report', sample, ...options]);
        expect([run.exitCode, run.stderr]).toEqual([0, '']);
        return run.stdout;
      };
      const ofFinding = await told('--finding', '1', '--notes');
      expect(ofFinding).toMatch(/## Notes[\s\S]*third floor[\s\S]*asked the network team/u);
      expect(await told('--finding', '1')).not.toContain('third floor');
      const ofReset = await told('--reset', String(frame), '--notes');
      expect(ofReset).toContain('this is the one');
      expect(ofReset).not.toContain('asked the network team');
      await runCli(['note', sample, 'ask the owner of 192.0.2.77', '--finding', '1']);
      expect(await told('--finding', '1', '--anonymise')).not.toContain('## Notes');
      const hidden = await runCli(['report', sample, '--finding', '1', '--anonymise', '--notes']);
      expect([hidden.exitCode, hidden.stderr]).toEqual([
        0,
        expect.stringMatching(/notes of yours are in the report: look that they name nobody/u),
      ]);
      expect(hidden.stdout).toMatch(/ask the owner of host-\d/u);
      expect(hidden.stdout).not.toContain('192.0.2.77');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('says what to do where there is no Chromium', async () => {
    const run = await runCli(['report', sample, '-o', join(folder, 'a.pdf')], { env: { PATH: '' } });
    expect([run.exitCode, run.stderr]).toEqual([1, `resetscope: ${NO_CHROMIUM}\n`]);
  });

  it.skipIf(findChromium(process.env) === undefined)(
    'prints a report to PDF by Chromium',
    async () => {
      const path = join(folder, 'b.pdf');
      const run = await runCli(['report', sample, '--finding', '1', '-o', path], { env: process.env });
      expect([run.exitCode, run.stderr]).toEqual([0, '']);
      const bytes = readFileSync(path);
      expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
      const pages = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' });
      if (pages.error === undefined)
        expect(pages.stdout).toMatch(/What to do[\s\S]*Evidence[\s\S]*How it was captured/u);
    },
    60_000,
  );
});
