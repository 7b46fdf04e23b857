/**
 * Programs made of golden captures, played against each other on the loopback of a namespace of their own and captured there: the
 * capture's reset has the same cause as the one that the programs were made of.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reproduceReset } from '../../main/host/reproduce/reproduce-reset.ts';
import { ensure } from '../../shared/base/assert.ts';
import type { CauseCode } from '../../shared/model/cause.ts';
import { SCRIPT_LANGUAGES, type ScriptLanguage } from '../../shared/model/reproduction.ts';
import { SIDES, type Side } from '../../shared/model/verdict.ts';
import { SCENARIOS } from '../golden/scenarios.ts';
import { lineFrom, ProcessGroup } from '../lab/processes.ts';
import { analyzeBytes } from '../support/analyze.ts';
import { eventually } from '../support/patience.ts';
import { hasPython } from './programs.ts';

const NAMESPACE = `rsc-repro-${process.pid}`;
const ip = (...args: string[]): boolean => spawnSync('ip', args).status === 0;
const canPlay =
  process.getuid?.() === 0 &&
  hasPython &&
  spawnSync('tcpdump', ['--version']).status === 0 &&
  ip('netns', 'add', NAMESPACE);

let folder = '';
const group = new ProcessGroup();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-played-'));
  if (canPlay) ip('-n', NAMESPACE, 'link', 'set', 'lo', 'up');
});
afterAll(async () => {
  await group.endAll();
  if (canPlay) ip('netns', 'delete', NAMESPACE);
  rmSync(folder, { recursive: true });
});

const start = (...command: string[]): ReturnType<ProcessGroup['start']> =>
  group.start('ip', ['netns', 'exec', NAMESPACE, ...command]);

interface Played {
  readonly causes: readonly CauseCode[];
  readonly origins: readonly string[];
  /** What the side that was reset says it saw. */
  readonly saw: string;
}

async function play(name: string, language: ScriptLanguage): Promise<Played & { readonly of: CauseCode }> {
  const scenario = ensure(
    SCENARIOS.find((one) => one.name === name),
    name,
  );
  const session = analyzeBytes(scenario.capture());
  const reset = session.resetIds()[0];
  const { verdict } = session.resetAccount(reset);
  const other = SCRIPT_LANGUAGES.find((one) => one !== language) ?? language;
  const command = (side: Side): string[] => {
    const spoken = side === verdict.claimed ? language : other;
    const { script, fileName, why } = reproduceReset(session, reset, spoken, side);
    const path = join(folder, fileName);
    writeFileSync(path, ensure(script, why));
    return [spoken === 'node' ? process.execPath : 'python3', path];
  };
  const [client, server] = SIDES.map(command);
  const capture = join(folder, `${name}-${language}.pcap`);
  const dump = start(
    'tcpdump',
    '-n',
    '-i',
    'lo',
    '-w',
    capture,
    '-Z',
    'root',
    '--immediate-mode',
    '-U',
    'tcp',
  );
  await lineFrom(dump, (line) => line.includes('listening on'), 'tcpdump');
  const listening = start(...server, '--port', '0', '--speed', '1000');
  const said = await lineFrom(listening, (line) => /^(listening|refusing) on/u.test(line), 'the server');
  const port = ensure(/(\d+)$/u.exec(said.trim())?.[1], said);
  const saw = (process: ReturnType<typeof start>): Promise<string> =>
    lineFrom(process, (line) => line.startsWith('saw '), 'the side that was reset');
  const victim = verdict.claimed === 'client' ? saw(listening) : undefined;
  const talking = start(...client, '--port', port, '--speed', '1000');
  const seen = await (victim ?? saw(talking));
  // What tcpdump has not read when it is told to end is not in its file.
  await eventually(() => {
    expect(analyzeBytes(readFileSync(capture)).resetIds().length).toBeGreaterThan(0);
  });
  await group.end(dump, 'SIGINT');
  await group.end(talking);
  await group.end(listening);
  const played = analyzeBytes(readFileSync(capture));
  const accounts = Array.from(played.resetIds(), (id) => played.resetAccount(id).verdict);
  return {
    of: verdict.cause.code,
    causes: accounts.map((one) => one.cause.code),
    origins: accounts.map((one) => one.origin.kind),
    saw: seen.trim(),
  };
}

interface Scene {
  readonly name: string;
  /** What the other side says it saw; what it read before its end where the two come at once. */
  readonly saw: RegExp;
  /** Also right: what the packets of the played one cannot tell from the captured cause. */
  readonly or?: CauseCode;
}

const RESET = /ECONNRESET|EPIPE|end of file/u;

/** Golden captures of resets by hosts, whose programs make the same again. */
const PLAYED: readonly Scene[] = [
  { name: 'refused', saw: /ECONNREFUSED/u },
  { name: 'server-aborts', saw: RESET },
  // On a loopback everything is acknowledged before the reset, so that nothing shows what was left unread.
  { name: 'unread-data', saw: RESET, or: 'aborted' },
  { name: 'request-too-large', saw: RESET },
  { name: 'data-after-close', saw: RESET },
  { name: 'client-cancels-download', saw: RESET },
];

describe.skipIf(!canPlay)('lab: programs that reproduce, played', () => {
  describe.each(SCRIPT_LANGUAGES)('in %s', (language) => {
    it.each(PLAYED)('$name comes out again', async ({ name, saw, or }) => {
      const played = await play(name, language);
      expect([played.of, or]).toContain(played.causes[0]);
      expect(played.origins).not.toContain('middlebox');
      expect(played.saw).toMatch(saw);
    });

    it.each(['idle-timeout-device', 'injected-burst'])('%s ends alike for the other side', async (name) => {
      const played = await play(name, language);
      expect(played.saw).toMatch(RESET);
      expect(played.causes).toHaveLength(1);
    });
  });
});
