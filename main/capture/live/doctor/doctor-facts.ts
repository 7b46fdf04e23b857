/** Collects what the permission doctor wants to know of this machine, and changes nothing on it. */
import { constants } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import { userName } from './user-name.ts';
import type { CaptureSourceStatus } from '../../../../shared/model/live.ts';
import type { CaptureFacts, ContainerKind, PackageManager } from './doctor.ts';
import type { RunProgram } from './run-program.ts';
import { findInstalled, findPrograms, type ProgramPlaces } from './find-programs.ts';

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
  const [{ helper }, dumpcapPath, hasCompiler, hasPcapHeaders] = await Promise.all([
    findPrograms(places),
    findInstalled(places, 'dumpcap'),
    findInstalled(places, 'cc').then((found) => found !== null),
    isPresent('/usr/include/pcap.h', '/usr/include/pcap/pcap.h', '/opt/homebrew/include/pcap.h'),
  ]);
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
    helperPath: helper,
    helperIsNosuid: isLinux && helper !== null && (await isOnNosuid(helper)),
    dumpcapPath,
    ...(await dumpcapGroup(dumpcapPath)),
    userName: userName(),
    tracing: isLinux ? await tracing(helper, places, run) : null,
    bpfReadable: platform === 'darwin' ? await isAccessible('/dev/bpf0', constants.R_OK) : null,
    hasNpcap: platform === 'win32' ? await isPresent('C:\\Windows\\System32\\drivers\\npcap.sys') : null,
  };
}

/** Whether the bounding set in /proc/self/status has CAP_NET_RAW (capabilities(7)); null where it does not say. */
export function mayHaveNetRaw(status: string): boolean | null {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/mu.exec(status)?.[1];
  return bounding === undefined ? null : ((BigInt(`0x${bounding}`) >> BigInt(CAP_NET_RAW)) & 1n) === 1n;
}

/** Whether the mount that holds the path has the option nosuid, by /proc/self/mountinfo (proc(5)). */
export function isNosuidMount(mountinfo: string, path: string): boolean {
  let longest = -1;
  let isNosuid = false;
  for (const line of mountinfo.split('\n')) {
    const fields = line.split(' ');
    if (fields.length < 6) continue;
    const point = fields[4].replace(/\\([0-7]{3})/gu, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    const holds = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
    // Of two mounts at one place the later one counts.
    if (!holds || point.length < longest) continue;
    longest = point.length;
    isNosuid = fields[5].split(',').includes('nosuid');
  }
  return isNosuid;
}

async function isOnNosuid(path: string): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  return isNosuidMount(await text('/proc/self/mountinfo'), real);
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
): Promise<Pick<CaptureFacts, 'dumpcapGroup' | 'inDumpcapGroup'>> {
  const stats = dumpcap === null ? undefined : await stat(dumpcap).catch(() => undefined);
  if (stats === undefined || (stats.mode & OTHERS_EXECUTE) !== 0)
    return { dumpcapGroup: null, inDumpcapGroup: false };
  const groups = (await text('/etc/group')).split('\n').map((line) => line.split(':'));
  const name = groups.find((fields) => Number(fields[2]) === stats.gid)?.[0] ?? String(stats.gid);
  return { dumpcapGroup: name, inDumpcapGroup: process.getgroups?.().includes(stats.gid) === true };
}

/** The helper may make a trace instance of its own as root, or by the capabilities of its file. */
async function tracing(
  helper: string | null,
  places: ProgramPlaces,
  run: RunProgram,
): Promise<CaptureFacts['tracing']> {
  const effective = /^CapEff:\s*([0-9a-f]+)$/mu.exec(await text('/proc/self/status'))?.[1] ?? '0';
  if (((BigInt(`0x${effective}`) >> BigInt(CAP_SYS_ADMIN)) & 1n) === 1n) return 'usable';
  const getcap = await findInstalled(places, 'getcap');
  const capabilities = getcap === null || helper === null ? '' : (await run(getcap, [helper])).stdout;
  return /cap_sys_admin/u.test(capabilities) && /cap_dac_override/u.test(capabilities)
    ? 'usable'
    : 'not-permitted';
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
