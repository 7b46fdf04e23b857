import { describe, expect, it } from 'vitest';
import type { CaptureSourceKind, CaptureSourceStatus } from '../../../../shared/model/live.ts';
import { CAPTURE_SOURCES } from '../../../../shared/model/live.ts';
import { diagnose, type CaptureFacts } from './doctor.ts';
import { isNosuidMount, mayHaveNetRaw } from './doctor-facts.ts';

function sources(...usable: CaptureSourceKind[]): CaptureSourceStatus[] {
  return CAPTURE_SOURCES.map((kind) => ({
    kind,
    usable: usable.includes(kind),
    version: null,
    program: null,
    why: usable.includes(kind) ? null : 'not here',
    lacks: [],
  }));
}

const HELPER = '/opt/reset scope/resetscope-capd';
/** A Linux desktop where all is well. */
const WELL: CaptureFacts = {
  platform: 'linux',
  sources: sources('helper', 'ssh'),
  isRoot: false,
  mayHaveNetRaw: true,
  container: null,
  packageManager: 'apt',
  hasCompiler: true,
  hasPcapHeaders: true,
  helperPath: HELPER,
  helperIsNosuid: false,
  dumpcapPath: null,
  dumpcapGroup: null,
  inDumpcapGroup: false,
  userName: 'ann',
  tracing: 'usable',
  bpfReadable: null,
  hasNpcap: null,
};
const ILL: CaptureFacts = { ...WELL, sources: sources('ssh') };

describe('the doctor', () => {
  it('has nothing to say where all is well', () => {
    expect(diagnose(WELL)).toEqual({ canCapture: true, sources: WELL.sources, problems: [] });
  });

  it.each<[string, CaptureFacts, string, string | null]>([
    [
      'a helper without its capabilities',
      ILL,
      'no-capability',
      `sudo setcap cap_net_raw,cap_net_admin=eip '${HELPER}'`,
    ],
    [
      'a helper in an AppImage',
      { ...ILL, helperIsNosuid: true },
      'nosuid',
      `sudo install -m 755 '${HELPER}' /usr/local/bin/resetscope-capd && sudo setcap cap_net_raw,cap_net_admin=eip /usr/local/bin/resetscope-capd`,
    ],
    [
      'a helper that was not built',
      { ...ILL, helperPath: null },
      'helper-missing',
      'node scripts/build-native.mjs',
    ],
    [
      'no libpcap headers',
      { ...ILL, helperPath: null, hasPcapHeaders: false },
      'helper-missing',
      'sudo apt-get install build-essential libpcap-dev && node scripts/build-native.mjs',
    ],
    [
      'no compiler, Fedora',
      { ...ILL, helperPath: null, hasCompiler: false, packageManager: 'dnf' },
      'helper-missing',
      'sudo dnf install gcc make libpcap-devel && node scripts/build-native.mjs',
    ],
    [
      'no compiler, and no package manager that is known',
      { ...ILL, helperPath: null, hasCompiler: false, packageManager: null },
      'helper-missing',
      null,
    ],
    [
      'docker',
      { ...ILL, isRoot: true, mayHaveNetRaw: false, container: 'docker' },
      'container',
      'docker run --cap-add NET_RAW --cap-add NET_ADMIN --network host …',
    ],
    [
      'podman',
      { ...ILL, isRoot: true, mayHaveNetRaw: false, container: 'podman' },
      'container',
      'podman run --cap-add NET_RAW --cap-add NET_ADMIN --network host …',
    ],
    [
      'Kubernetes',
      { ...ILL, isRoot: true, mayHaveNetRaw: false, container: 'kubernetes' },
      'container',
      'kubectl debug -it POD --profile=netadmin --image=IMAGE',
    ],
    ['a bounding set without NET_RAW', { ...ILL, mayHaveNetRaw: false }, 'container', null],
    [
      'macOS',
      { ...ILL, platform: 'darwin', bpfReadable: false, mayHaveNetRaw: null, tracing: null },
      'bpf-permission',
      'sudo chown ann /dev/bpf*',
    ],
    [
      'Windows without Npcap',
      { ...ILL, platform: 'win32', hasNpcap: false, mayHaveNetRaw: null, helperPath: null },
      'npcap-missing',
      'winget install WiresharkFoundation.Wireshark',
    ],
    [
      'Windows without dumpcap',
      { ...ILL, platform: 'win32', hasNpcap: true, mayHaveNetRaw: null, helperPath: null },
      'dumpcap-missing',
      'winget install WiresharkFoundation.Wireshark',
    ],
  ])('%s', (_name, facts, code, command) => {
    const { canCapture, problems } = diagnose(facts);
    expect(canCapture).toBe(false);
    expect(problems[0]).toMatchObject({ code, command, weight: 'blocks' });
  });

  it('knows of the group that may run dumpcap', () => {
    const facts: CaptureFacts = { ...ILL, dumpcapPath: '/usr/bin/dumpcap', dumpcapGroup: 'wireshark' };
    expect(diagnose(facts).problems.map(({ code, command }) => [code, command])).toContainEqual([
      'dumpcap-group',
      'sudo usermod -aG wireshark ann',
    ]);
    expect(diagnose({ ...facts, inDumpcapGroup: true }).problems.map(({ code }) => code)).toEqual([
      'no-capability',
    ]);
  });

  it('does not tell root to take capabilities, but how the helper gets built', () => {
    expect(diagnose({ ...ILL, isRoot: true }).problems).toEqual([]);
    expect(diagnose({ ...ILL, isRoot: true, helperPath: null }).problems.map(({ code }) => code)).toEqual([
      'helper-missing',
    ]);
  });

  it('weighs what stands in the way of something better as a limit', () => {
    const facts = { ...ILL, sources: sources('tcpdump') };
    expect(diagnose(facts)).toMatchObject({
      canCapture: true,
      problems: [{ code: 'no-capability', weight: 'limits' }],
    });
    const onlyCap = diagnose({ ...ILL, sources: sources('cap') });
    expect(onlyCap.problems.map(({ code, weight }) => [code, weight])).toEqual([
      ['no-capability', 'limits'],
      ['only-cap', 'limits'],
    ]);
  });

  it('says how the kernel can be asked', () => {
    const { canCapture, problems } = diagnose({ ...WELL, tracing: 'not-permitted' });
    expect(canCapture).toBe(true);
    expect(problems).toMatchObject([
      {
        code: 'witness-unavailable',
        command: `sudo setcap cap_net_raw,cap_net_admin,cap_sys_admin,cap_dac_override=eip '${HELPER}'`,
        weight: 'limits',
      },
    ]);
  });
});

describe('the facts', () => {
  it('of the bounding set', () => {
    expect(mayHaveNetRaw('Name:\tnode\nCapBnd:\t000001ffffffffff\n')).toBe(true);
    expect(mayHaveNetRaw('CapBnd:\t00000000a80405fb\n')).toBe(false);
    expect(mayHaveNetRaw('CapBnd:\t0000000000002000\n')).toBe(true);
    expect(mayHaveNetRaw('')).toBeNull();
  });

  it('of the mount that a file lies on', () => {
    const mounts = [
      '22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
      '30 22 0:30 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw',
      '31 30 0:31 / /tmp/.mount_Rese\\040x ro,nosuid,nodev - fuse.AppImage AppImage ro',
      '32 30 0:32 / /tmp/inner rw - tmpfs tmpfs rw',
    ].join('\n');
    expect(isNosuidMount(mounts, '/opt/x')).toBe(false);
    expect(isNosuidMount(mounts, '/tmp/x')).toBe(true);
    expect(isNosuidMount(mounts, '/tmpx')).toBe(false);
    expect(isNosuidMount(mounts, '/tmp/.mount_Rese x/bin/capd')).toBe(true);
    expect(isNosuidMount(mounts, '/tmp/inner/capd')).toBe(false);
  });
});
