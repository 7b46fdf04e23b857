/** What can capture here, in order of preference, and why the others cannot. Asks the programs themselves. */
import type {
  CaptureInterface,
  CaptureSourceKind,
  CaptureSourceStatus,
} from '../../../../shared/model/live.ts';
import { CAPTURE_SOURCES } from '../../../../shared/model/live.ts';
import { helperList, systemInterfaces } from './interfaces.ts';
import type { RunProgram } from './run-program.ts';
import type { CapturePrograms } from '../sources/source.ts';
import { sourceOf } from '../sources/index.ts';

export interface Probe {
  readonly sources: readonly CaptureSourceStatus[];
  readonly interfaces: readonly CaptureInterface[];
}

/** A source that can run, or the reason why not. */
type Finding = Pick<CaptureSourceStatus, 'version' | 'program' | 'why'>;

export async function probeSources(programs: CapturePrograms, run: RunProgram): Promise<Probe> {
  const list = programs.helper === null ? undefined : await helperList(programs.helper, run);
  const interfaces = list?.interfaces ?? (await systemInterfaces());
  // Any that is up will do to see whether captures may be opened.
  const trial = interfaces.find((one) => one.loopback && one.up) ?? interfaces.find((one) => one.up);
  const device = trial?.name ?? 'any';
  const findings: Record<CaptureSourceKind, Promise<Finding>> = {
    helper: Promise.resolve(helperFinding(programs.helper, list)),
    dumpcap: opener(programs.dumpcap, 'dumpcap', ['-L', '-i', device], run),
    tcpdump: opener(programs.tcpdump, 'tcpdump', ['-L', '-i', device], run),
    cap: capFinding(programs, device, run),
    ssh: sshFinding(programs.ssh, run),
  };
  const sources = await Promise.all(
    CAPTURE_SOURCES.map(async (kind) => {
      const finding = await findings[kind];
      return { kind, ...finding, usable: finding.why === null, lacks: sourceOf(kind).lacks };
    }),
  );
  return { sources, interfaces };
}

/** The first usable source that captures here; undefined where nothing can. */
export function bestSource(sources: readonly CaptureSourceStatus[]): CaptureSourceKind | undefined {
  return sources.find(({ kind, usable }) => usable && kind !== 'ssh')?.kind;
}

/** Whether the helper can capture, without asking all others: what a start does not have to wait for. */
export async function isHelperUsable({ helper }: CapturePrograms, run: RunProgram): Promise<boolean> {
  return helper !== null && helperFinding(helper, await helperList(helper, run)).why === null;
}

function helperFinding(helper: string | null, list: Awaited<ReturnType<typeof helperList>>): Finding {
  if (helper === null) return { version: null, program: null, why: 'it was not built' };
  if (list === undefined) return { version: null, program: helper, why: 'it does not run' };
  // It names link types where it may open an interface.
  const mayOpen = list.interfaces.some(({ linkTypes }) => linkTypes !== null);
  return { version: list.version, program: helper, why: mayOpen ? null : 'it lacks the right to capture' };
}

/** Has a program open an interface, which needs the right to capture, and tell its link types. */
async function opener(
  program: string | null,
  name: string,
  args: readonly string[],
  run: RunProgram,
): Promise<Finding> {
  if (program === null) return { version: null, program: null, why: `${name} is not installed` };
  const [versionRun, trial] = await Promise.all([run(program, ['--version']), run(program, args)]);
  const version = versionOf(versionRun.stdout + versionRun.stderr);
  if (trial.exitCode === 0) return { version, program, why: null };
  const line = trial.stderr.split('\n').find((one) => one.trim() !== '') ?? 'it does not run';
  return { version, program, why: whyNot(trial.stderr, line) };
}

function whyNot(stderr: string, words: string): string {
  return /ermission|permitted|privilege/u.test(stderr)
    ? 'it lacks the right to capture'
    : words.trim().slice(0, 300);
}

async function capFinding(
  { capChild, node }: CapturePrograms,
  device: string,
  run: RunProgram,
): Promise<Finding> {
  if (capChild === null) return { version: null, program: null, why: 'this build has no place for it' };
  const ran = await run(node, [capChild, '--probe', device]);
  if (ran.exitCode === 0) return { version: null, program: 'cap', why: null };
  const words = /^resetscope-cap: (.*)$/mu.exec(ran.stderr)?.[1] ?? 'it does not run';
  return { version: null, program: 'cap', why: whyNot(words, words) };
}

async function sshFinding(ssh: string | null, run: RunProgram): Promise<Finding> {
  if (ssh === null) return { version: null, program: null, why: 'ssh is not installed' };
  const { stdout, stderr } = await run(ssh, ['-V']);
  return { version: versionOf(stdout + stderr), program: ssh, why: null };
}

function versionOf(text: string): string | null {
  return /\d+\.\d+(?:[.\w]*)?/u.exec(text)?.[0] ?? null;
}
