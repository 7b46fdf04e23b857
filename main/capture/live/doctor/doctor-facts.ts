/** Collects what the permission doctor wants to know of this machine, and changes nothing on it. */
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { userName as ownUserName } from './user-name.ts';
import type { CaptureSourceStatus } from '../../../../shared/model/live.ts';
import type { CaptureFacts, ContainerKind, PackageManager } from './doctor.ts';
import type { RunProgram } from './run-program.ts';
import { findInstalled, findPrograms, type ProgramPlaces } from './find-programs.ts';
import { groupOf } from './groups.ts';
import { type HelperFile, lookAtHelper } from './helper-file.ts';
import { maySeeKernel } from './helper-rights.ts';

/** linux/capability.h */
const CAP_NET_RAW = 13;
const CAP_SYS_ADMIN = 21;
const OTHERS_EXECUTE = 0o001;

export async function collectFacts(
  places: ProgramPlaces,
  sources: readonly CaptureSourceStatus[],
  run: RunProgram,
): Promise<CaptureFacts> {
  const { platform } = process;
  const isLinux = platform === 'linux';
  const [programs, dumpcapPath, hasCompiler, hasPcapHeaders, getcap] = await Promise.all([
    findPrograms(places),
    findInstalled(places, 'dumpcap'),
    findInstalled(places, 'cc').then((found) => found !== null),
    isPresent('/usr/include/pcap.h', '/usr/include/pcap/pcap.h', '/opt/homebrew/include/pcap.h'),
    findInstalled(places, 'getcap'),
  ]);
  const userName = ownUserName();
  const [helper, witnessHelper] = await Promise.all(
    [programs.helper, programs.witnessHelper].map((path) => lookAtHelper(path, userName, getcap, run)),
  );
  return {
    platform,
    sources,
    isRoot: process.geteuid?.() === 0,
    mayHaveNetRaw: isLinux ? mayHaveNetRaw(await text('/proc/self/status')) : null,
    container: isLinux ? await containerKind() : null,
    packageManager: await packageManager(places),
    hasCompiler,
    // On macOS they are part of the system.
    hasPcapHeaders: hasPcapHeaders || platform === 'darwin',
    helper,
    witnessHelper,
    dumpcapPath,
    ...(await dumpcapGroup(dumpcapPath, userName)),
    userName,
    tracing: isLinux ? await tracing(witnessHelper) : null,
    bpfReadable: platform === 'darwin' ? await isAccessible('/dev/bpf0', constants.R_OK) : null,
    hasNpcap: platform === 'win32' ? await isPresent('C:\\Windows\\System32\\drivers\\npcap.sys') : null,
  };
}

/** Whether the bounding set in /proc/self/status has CAP_NET_RAW (capabilities(7)); null where it does not say. */
export function mayHaveNetRaw(status: string): boolean | null {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/mu.exec(status)?.[1];
  return bounding === undefined ? null : ((BigInt(`0x${bounding}`) >> BigInt(CAP_NET_RAW)) & 1n) === 1n;
}

async function containerKind(): Promise<ContainerKind | null> {
  if (await isPresent('/var/run/secrets/kubernetes.io')) return 'kubernetes';
  if (await isPresent('/run/.containerenv')) return 'podman';
  if (await isPresent('/.dockerenv')) return 'docker';
  const cgroups = await text('/proc/1/cgroup');
  if (/kubepods/u.test(cgroups)) return 'kubernetes';
  if (/docker/u.test(cgroups)) return 'docker';
  return /lxc|libpod|containerd/u.test(cgroups) ? 'other' : null;
}

async function packageManager(places: ProgramPlaces): Promise<PackageManager | null> {
  const programs: readonly (readonly [PackageManager, string])[] = [
    ['apt', 'apt-get'],
    ['dnf', 'dnf'],
    ['pacman', 'pacman'],
    ['apk', 'apk'],
    ['zypper', 'zypper'],
    ['brew', 'brew'],
  ];
  for (const [manager, program] of programs) {
    if ((await findInstalled(places, program)) !== null) return manager;
  }
  return null;
}

async function dumpcapGroup(
  dumpcap: string | null,
  userName: string,
): Promise<Pick<CaptureFacts, 'dumpcapGroup' | 'inDumpcapGroup'>> {
  const stats = dumpcap === null ? undefined : await stat(dumpcap).catch(() => undefined);
  if (stats === undefined || (stats.mode & OTHERS_EXECUTE) !== 0)
    return { dumpcapGroup: null, inDumpcapGroup: false };
  const { name, membership } = await groupOf(stats.gid, userName);
  return { dumpcapGroup: name, inDumpcapGroup: membership === 'now' };
}

/** A trace instance can be made by root, and by the copy of the helper that has the capabilities for it. */
async function tracing(witnessHelper: HelperFile | null): Promise<CaptureFacts['tracing']> {
  const effective = /^CapEff:\s*([0-9a-f]+)$/mu.exec(await text('/proc/self/status'))?.[1] ?? '0';
  if (((BigInt(`0x${effective}`) >> BigInt(CAP_SYS_ADMIN)) & 1n) === 1n) return 'usable';
  const isUsable = witnessHelper !== null && witnessHelper.mayRun && maySeeKernel(witnessHelper);
  return isUsable && !witnessHelper.isNosuid ? 'usable' : 'not-permitted';
}

function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function isPresent(...paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(paths.map((path) => isAccessible(path, constants.F_OK)));
  return found.includes(true);
}

async function isAccessible(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
