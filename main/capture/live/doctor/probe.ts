/** What can capture here, in order of preference, and why the others cannot. Asks the programs themselves. */
import type {
  CaptureInterface,
  CaptureSourceKind,
  CaptureSourceStatus,
} from '../../../../shared/model/live.ts';
import { CAPTURE_SOURCES } from '../../../../shared/model/live.ts';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { helperList, systemInterfaces, type HelperList } from './interfaces.ts';
import type { RunProgram } from './run-program.ts';
import type { CapturePrograms } from '../sources/source.ts';
import { sourceOf } from '../sources/index.ts';

export interface Probe {
  readonly sources: readonly CaptureSourceStatus[];
  readonly interfaces: readonly CaptureInterface[];
}

/** Whether a source can run, or the reason why not. */
type Usability = Pick<CaptureSourceStatus, 'version' | 'program' | 'why'>;

export async function probeSources(programs: CapturePrograms, run: RunProgram): Promise<Probe> {
  const list = programs.helper === null ? undefined : await helperList(programs.helper, run);
  const interfaces = list?.interfaces ?? (await systemInterfaces());
  // Any interface that is up will do to see whether captures may be opened.
  const trial = interfaces.find((one) => one.loopback && one.up) ?? interfaces.find((one) => one.up);
  const device = trial?.name ?? 'any';
  const usabilities: Record<CaptureSourceKind, Promise<Usability>> = {
    helper: helperUsability(programs.helper, list),
    dumpcap: openerUsability(programs.dumpcap, 'dumpcap', ['-L', '-i', device], run),
    tcpdump: openerUsability(programs.tcpdump, 'tcpdump', ['-L', '-i', device], run),
    cap: capUsability(programs, device, run),
    ssh: sshUsability(programs.ssh, run),
  };
  const sources = await Promise.all(
    CAPTURE_SOURCES.map(async (kind) => {
      const usability = await usabilities[kind];
      return { kind, ...usability, usable: usability.why === null, lacks: sourceOf(kind).lacks };
    }),
  );
  return { sources, interfaces };
}

/** The first usable source that captures on this machine; undefined where none can. */
export function bestSource(sources: readonly CaptureSourceStatus[]): CaptureSourceKind | undefined {
  return sources.find(({ kind, usable }) => usable && kind !== 'ssh')?.kind;
}

/** Why a source that is there has not the right to capture. */
const LACKS_RIGHT = 'it lacks the right to capture';
const NOT_FOR_US = 'only members of its group may run it';

/** Whether something is there that could capture if it had, or we had, the right. */
export function isRefused(sources: readonly CaptureSourceStatus[]): boolean {
  return sources.some(({ why }) => why === LACKS_RIGHT || why === NOT_FOR_US);
}

/**
 * The programs for a capture that may ask the kernel witness: the copy of the helper that is made for it is left out where it
 * cannot capture, and where root starts it, whose ordinary helper asks as well.
 */
export async function withUsableWitness(
  programs: CapturePrograms,
  run: RunProgram,
): Promise<CapturePrograms> {
  const { witnessHelper } = programs;
  const isUsable =
    witnessHelper !== null &&
    process.geteuid?.() !== 0 &&
    (await helperUsability(witnessHelper, await helperList(witnessHelper, run))).why === null;
  return isUsable ? programs : { ...programs, witnessHelper: null };
}

/** Whether the helper can capture. A start asks for it alone first, so as not to wait for the other sources. */
export async function isHelperUsable({ helper }: CapturePrograms, run: RunProgram): Promise<boolean> {
  return helper !== null && (await helperUsability(helper, await helperList(helper, run))).why === null;
}

async function helperUsability(helper: string | null, list: HelperList | undefined): Promise<Usability> {
  if (helper === null) return { version: null, program: null, why: 'it was not built' };
  if (list === undefined) {
    const why = await access(helper, constants.X_OK).then(
      () => 'it does not run',
      () => NOT_FOR_US,
    );
    return { version: null, program: helper, why };
  }
  // The helper names the link types only of interfaces that it may open.
  const mayOpen = list.interfaces.some(({ linkTypes }) => linkTypes !== null);
  return { version: list.version, program: helper, why: mayOpen ? null : LACKS_RIGHT };
}

/** Has a program open an interface, which needs the right to capture, and tell its link types. */
async function openerUsability(
  program: string | null,
  name: string,
  args: readonly string[],
  run: RunProgram,
): Promise<Usability> {
  if (program === null) return { version: null, program: null, why: `${name} is not installed` };
  const [versionRun, trial] = await Promise.all([run(program, ['--version']), run(program, args)]);
  const version = versionOf(versionRun.stdout + versionRun.stderr);
  if (trial.exitCode === 0) return { version, program, why: null };
  const line = trial.stderr.split('\n').find((one) => one.trim() !== '') ?? 'it does not run';
  return { version, program, why: whyNot(trial.stderr, line) };
}

function whyNot(stderr: string, words: string): string {
  return /ermission|permitted|privilege/u.test(stderr) ? LACKS_RIGHT : words.trim().slice(0, 300);
}

async function capUsability(
  { capChild, node }: CapturePrograms,
  device: string,
  run: RunProgram,
): Promise<Usability> {
  if (capChild === null) return { version: null, program: null, why: 'this build has no place for it' };
  const ran = await run(node, [capChild, '--probe', device]);
  if (ran.exitCode === 0) return { version: null, program: 'cap', why: null };
  const words = /^resetscope-cap: (.*)$/mu.exec(ran.stderr)?.[1] ?? 'it does not run';
  return { version: null, program: 'cap', why: whyNot(words, words) };
}

async function sshUsability(ssh: string | null, run: RunProgram): Promise<Usability> {
  if (ssh === null) return { version: null, program: null, why: 'ssh is not installed' };
  const { stdout, stderr } = await run(ssh, ['-V']);
  return { version: versionOf(stdout + stderr), program: ssh, why: null };
}

function versionOf(text: string): string | null {
  return /\d+\.\d+(?:[.\w]*)?/u.exec(text)?.[0] ?? null;
}
