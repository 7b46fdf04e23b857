/** Real captures, against capinfos: packets, bytes, first and last time of each file. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CaptureReader } from '../engine/read/capture-reader.ts';
import { LimitCounter } from '../engine/limits.ts';
import { CaptureClock } from '../engine/read/sink.ts';
import { RecordingSink } from '../../test/support/recording-sink.ts';
import { openCaptureFile } from './capture-file.ts';

const corpus =
  process.env['RESETSCOPE_CORPUS'] ?? new URL('../../../shared/corpus/zeek', import.meta.url).pathname;

function capinfosVersion(): string | undefined {
  try {
    return execFileSync('capinfos', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

const missing = !existsSync(corpus) || capinfosVersion() === undefined;

interface Facts {
  readonly packets: number;
  readonly bytes: number;
  /** Microseconds since 1970. */
  readonly first: number;
  readonly last: number;
}

function capinfos(paths: readonly string[]): Map<string, Facts> {
  const table = execFileSync('capinfos', ['-T', '-r', '-M', '-S', '-c', '-d', '-a', '-e', ...paths], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const rows = table.trimEnd().split('\n');
  return new Map(
    rows.map((row): [string, Facts] => {
      const [path, packets, bytes, first, last] = row.split('\t');
      return [
        path,
        { packets: Number(packets), bytes: Number(bytes), first: micros(first), last: micros(last) },
      ];
    }),
  );
}

/** Microseconds from capinfos' seconds with 6 or 9 decimals. */
function micros(seconds: string): number {
  const [whole, decimals] = seconds.split('.');
  return Number(whole + decimals.slice(0, 6));
}

async function ours(path: string): Promise<Facts & { readonly warnings: readonly string[] }> {
  const sink = new RecordingSink();
  const clock = new CaptureClock();
  const reader = new CaptureReader(sink, clock, new LimitCounter());
  const source = await openCaptureFile(path);
  try {
    await source.read((chunk) => reader.feed(chunk), new AbortController().signal);
  } finally {
    await source.close();
  }
  reader.end();
  const times = sink.packets.map((packet) => packet.timeNs);
  const absolute = (ns: number) => Number(((clock.epochNs ?? 0n) + BigInt(ns)) / 1000n);
  return {
    packets: reader.packets,
    bytes: sink.packets.reduce((sum, packet) => sum + packet.wireLength, 0),
    first: absolute(Math.min(...times)),
    last: absolute(Math.max(...times)),
    warnings: sink.warnings.map((warning) => warning.message),
  };
}

it.skipIf(missing)('every capture of the corpus reads as capinfos reads it', async () => {
  const paths = readdirSync(corpus)
    .filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
    .map((name) => join(corpus, name));
  expect(paths.length).toBeGreaterThan(0);
  const theirs = capinfos(paths);
  for (const path of paths) {
    const facts = await ours(path);
    const expected = theirs.get(path);
    expect(facts, path).toMatchObject({ packets: expected?.packets, bytes: expected?.bytes, warnings: [] });
    // One microsecond of grace: one file spans 18 years, and times are exact within 104 days only.
    expect(Math.abs(facts.first - (expected?.first ?? 0)), path).toBeLessThanOrEqual(1);
    expect(Math.abs(facts.last - (expected?.last ?? 0)), path).toBeLessThanOrEqual(1);
  }
});
