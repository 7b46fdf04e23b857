import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CaptureSourceKind, CaptureSourceStatus } from '../../../../shared/model/live.ts';
import { CAPTURE_SOURCES } from '../../../../shared/model/live.ts';
import { diagnose, type CaptureFacts } from './doctor.ts';
import { mayHaveNetRaw } from './doctor-facts.ts';
import { readGroup } from './groups.ts';
import { type HelperFile, isNosuidMount, readCapabilities } from './helper-file.ts';

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

const CAPTURE = 'cap_net_raw,cap_net_admin';
const WITNESS = 'cap_net_raw,cap_net_admin,cap_sys_admin,cap_dac_override';
/** A helper as it should be. */
const HELPER: HelperFile = {
  path: '/opt/reset scope/resetscope-capd',
  capabilities: CAPTURE.split(','),
  isSetUidRoot: false,
  isForEverybody: false,
  isForGroup: true,
  group: { name: 'resetscope', membership: 'now' },
  mayRun: true,
  isNosuid: false,
};
const WITNESS_HELPER: HelperFile = {
  ...HELPER,
  path: `${HELPER.path}-witness`,
  capabilities: WITNESS.split(','),
};
/** As it comes from the compiler. */
const BARE: HelperFile = {
  ...HELPER,
  capabilities: [],
  isForEverybody: true,
  group: { name: 'ann', membership: 'now' },
};

/** The whole command, from an empty machine to a user who captures. */
function grant(path: string, capabilities: string): string {
  return (
    `sudo groupadd --system --force resetscope && sudo chown root ${path} && sudo chgrp resetscope ${path} && ` +
    `sudo chmod 750 ${path} && sudo setcap ${capabilities}=eip ${path} && sudo usermod -aG resetscope ann`
  );
}

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
  helper: HELPER,
  witnessHelper: WITNESS_HELPER,
  dumpcapPath: null,
  dumpcapGroup: null,
  inDumpcapGroup: false,
  userName: 'ann',
  tracing: 'usable',
  bpfReadable: null,
  hasNpcap: null,
};
const PACKAGED = '/usr/lib/resetscope/native/resetscope-capd';
const ILL: CaptureFacts = { ...WELL, sources: sources('ssh'), helper: BARE };

describe('the doctor', () => {
  it('has nothing to say where all is well', () => {
    expect(diagnose(WELL)).toEqual({ canCapture: true, sources: WELL.sources, problems: [] });
  });

  it('names the answers that the question of the package has', () => {
    const templates = readFileSync(
      new URL('../../../../packaging/debian/templates', import.meta.url),
      'utf8',
    );
    const choices = /^Choices: (.*)$/mu.exec(templates)?.[1]?.split(', ') ?? [];
    const packaged = { ...BARE, path: PACKAGED };
    const witness = { ...packaged, path: `${PACKAGED}-witness` };
    const unable = diagnose({ ...ILL, helper: packaged });
    const unasked = diagnose({ ...WELL, helper: packaged, witnessHelper: witness, tracing: 'not-permitted' });
    const answers = [...unable.problems, ...unasked.problems].map(({ command, text }) => ({
      command,
      answers: [...text.matchAll(/“(\w+)”/gu)].map((match) => match[1]),
    }));
    expect(answers).toEqual([
      { command: 'sudo dpkg-reconfigure resetscope', answers: ['capture', 'witness'] },
      { command: 'sudo dpkg-reconfigure resetscope', answers: ['witness'] },
    ]);
    expect(choices).toEqual(expect.arrayContaining(answers.flatMap((one) => one.answers)));
  });

  it.each<[string, CaptureFacts, string, string | null]>([
    [
      'a helper without its capabilities',
      { ...ILL, helper: BARE },
      'no-capability',
      grant(`'${HELPER.path}'`, CAPTURE),
    ],
    [
      'a helper of the package without its capabilities',
      { ...ILL, helper: { ...BARE, path: PACKAGED } },
      'no-capability',
      'sudo dpkg-reconfigure resetscope',
    ],
    [
      'a helper in the place of the package where nobody has dpkg',
      { ...ILL, packageManager: 'dnf', helper: { ...BARE, path: PACKAGED } },
      'no-capability',
      grant(PACKAGED, CAPTURE),
    ],
    [
      'a helper for a group that the user is not in',
      { ...ILL, helper: { ...HELPER, mayRun: false, group: { name: 'resetscope', membership: 'no' } } },
      'helper-group',
      'sudo usermod -aG resetscope ann',
    ],
    [
      'a helper for a group that the user is in from the next login on',
      {
        ...ILL,
        helper: { ...HELPER, mayRun: false, group: { name: 'resetscope', membership: 'from-next-login' } },
      },
      'helper-group',
      'newgrp resetscope',
    ],
    [
      'a helper that nobody but root may run',
      { ...ILL, helper: { ...BARE, isForEverybody: false, isForGroup: false, mayRun: false } },
      'no-capability',
      grant(`'${HELPER.path}'`, CAPTURE),
    ],
    [
      'a helper in an AppImage',
      { ...ILL, helper: { ...BARE, isNosuid: true } },
      'nosuid',
      `sudo install -o root -m 700 '${HELPER.path}' /usr/local/bin/resetscope-capd && ${grant('/usr/local/bin/resetscope-capd', CAPTURE)}`,
    ],
    [
      'a helper that was not built',
      { ...ILL, helper: null },
      'helper-missing',
      'node scripts/build-native.mjs',
    ],
    [
      'no libpcap headers',
      { ...ILL, helper: null, hasPcapHeaders: false },
      'helper-missing',
      'sudo apt-get install build-essential libpcap-dev && node scripts/build-native.mjs',
    ],
    [
      'no compiler, Fedora',
      { ...ILL, helper: null, hasCompiler: false, packageManager: 'dnf' },
      'helper-missing',
      'sudo dnf install gcc make libpcap-devel && node scripts/build-native.mjs',
    ],
    [
      'no compiler, and no package manager that is known',
      { ...ILL, helper: null, hasCompiler: false, packageManager: null },
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
      { ...ILL, platform: 'win32', hasNpcap: false, mayHaveNetRaw: null, helper: null },
      'npcap-missing',
      'winget install WiresharkFoundation.Wireshark',
    ],
    [
      'Windows without dumpcap',
      { ...ILL, platform: 'win32', hasNpcap: true, mayHaveNetRaw: null, helper: null },
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
    expect(diagnose({ ...ILL, isRoot: true, helper: null }).problems.map(({ code }) => code)).toEqual([
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

  it.each<[string, HelperFile | null, string]>([
    ['without rights', { ...BARE, path: '/w' }, grant('/w', WITNESS)],
    ['of the package', { ...BARE, path: `${PACKAGED}-witness` }, 'sudo dpkg-reconfigure resetscope'],
    ['that was not built', null, 'node scripts/build-native.mjs'],
    [
      'in an AppImage',
      { ...BARE, path: '/w', isNosuid: true },
      `sudo install -o root -m 700 /w /usr/local/bin/resetscope-capd-witness && ${grant('/usr/local/bin/resetscope-capd-witness', WITNESS)}`,
    ],
    [
      'of another group',
      { ...WITNESS_HELPER, mayRun: false, group: { name: 'tracers', membership: 'no' } },
      'sudo usermod -aG tracers ann',
    ],
  ])('says how the kernel can be asked: a copy of the helper %s', (_name, witnessHelper, command) => {
    const { canCapture, problems } = diagnose({ ...WELL, witnessHelper, tracing: 'not-permitted' });
    expect(canCapture).toBe(true);
    expect(problems).toMatchObject([{ code: 'witness-unavailable', command, weight: 'limits' }]);
  });

  it.each<[string, Partial<CaptureFacts>, string, string]>([
    [
      'a helper with rights that everybody may run',
      { helper: { ...HELPER, isForEverybody: true } },
      'helper-for-everybody',
      grant(`'${HELPER.path}'`, CAPTURE),
    ],
    [
      'a set-uid one',
      { helper: { ...BARE, isSetUidRoot: true } },
      'helper-for-everybody',
      grant(`'${HELPER.path}'`, CAPTURE),
    ],
    [
      'one of the package',
      { helper: { ...HELPER, path: PACKAGED, isForEverybody: true } },
      'helper-for-everybody',
      'sudo dpkg-reconfigure resetscope',
    ],
    [
      'a witness copy that everybody may run',
      { witnessHelper: { ...WITNESS_HELPER, isForEverybody: true } },
      'witness-for-everybody',
      grant(`'${WITNESS_HELPER.path}'`, WITNESS),
    ],
    [
      'the rights of the witness on the ordinary helper',
      { helper: { ...HELPER, capabilities: WITNESS.split(',') } },
      'helper-too-mighty',
      grant(`'${HELPER.path}'`, CAPTURE),
    ],
  ])('calls a danger: %s', (_name, facts, code, command) => {
    for (const all of [WELL, ILL, { ...WELL, isRoot: true }]) {
      const told = diagnose({ ...all, ...facts }).problems.filter(({ weight }) => weight === 'danger');
      expect(told).toMatchObject([{ code, command }]);
    }
  });

  it('calls no danger a helper whose rights do not count, or that has none', () => {
    for (const helper of [BARE, { ...HELPER, isForEverybody: true, isNosuid: true }]) {
      expect(diagnose({ ...WELL, helper }).problems).toEqual([]);
    }
  });
});

describe('the facts', () => {
  it.each([
    ['/a b cap_net_admin,cap_net_raw=eip\n', ['cap_net_admin', 'cap_net_raw']],
    ['/a b = cap_net_raw+eip\n', ['cap_net_raw']],
    ['/a b =ep\n', WITNESS.split(',')],
    ['/a b = all=eip\n', WITNESS.split(',')],
    ['', []],
  ])('of the capabilities of a file: %j', (told, capabilities) => {
    expect(readCapabilities(told, '/a b')).toEqual(capabilities);
  });

  it('do not take the name of a file for a capability', () => {
    expect(readCapabilities('/cap_sys_admin=ep cap_net_raw=ep\n', '/cap_sys_admin=ep')).toEqual([
      'cap_net_raw',
    ]);
    expect(readCapabilities('', '/cap_sys_admin=ep')).toEqual([]);
  });

  it('of a group', () => {
    const text = 'root:x:0:\nresetscope:x:998:bob,ann\n';
    expect(readGroup(text, 998, 'ann', true)).toEqual({ name: 'resetscope', membership: 'now' });
    expect(readGroup(text, 998, 'ann', false)).toEqual({ name: 'resetscope', membership: 'from-next-login' });
    expect(readGroup(text, 998, 'an', false)).toEqual({ name: 'resetscope', membership: 'no' });
    expect(readGroup('', 998, 'ann', false)).toEqual({ name: '998', membership: 'no' });
  });

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
