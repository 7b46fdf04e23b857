/**
 * The permission doctor: why capturing is not possible here, or only with less, and the one command that helps. It is a
 * pure function over what doctor-facts.ts collects, so that each case can be tested without its machine.
 */
import type { CaptureDiagnosis, CaptureProblem, CaptureSourceStatus } from '../../../../shared/model/live.ts';
import { shellWord } from '../sources/source.ts';
import { buildCommand } from './build-command.ts';
import type { HelperFile } from './helper-file.ts';
import { dangers, refusalProblem, type RightsFacts, witnessProblem } from './helper-rights.ts';

export type PackageManager = 'apt' | 'dnf' | 'pacman' | 'apk' | 'zypper' | 'brew';
export type ContainerKind = 'docker' | 'podman' | 'kubernetes' | 'other';

/** What is known of the machine; null where it could not be found out or does not apply. */
export interface CaptureFacts {
  readonly platform: NodeJS.Platform;
  readonly sources: readonly CaptureSourceStatus[];
  readonly isRoot: boolean;
  /** Whether a process here could ever get CAP_NET_RAW (the bounding set). */
  readonly mayHaveNetRaw: boolean | null;
  readonly container: ContainerKind | null;
  readonly packageManager: PackageManager | null;
  readonly hasCompiler: boolean;
  readonly hasPcapHeaders: boolean;
  /** resetscope-capd; null where it was not built. */
  readonly helper: HelperFile | null;
  /** Its copy that asks the kernel witness. */
  readonly witnessHelper: HelperFile | null;
  readonly dumpcapPath: string | null;
  /** The group whose members alone may run dumpcap; null where dumpcap is for all. */
  readonly dumpcapGroup: string | null;
  readonly inDumpcapGroup: boolean;
  readonly userName: string;
  /** Whether the helper may use Linux' tracing file system, which the kernel witness needs. */
  readonly tracing: 'usable' | 'not-permitted' | null;
  /** Whether /dev/bpf0 can be opened, on macOS. */
  readonly bpfReadable: boolean | null;
  /** Whether Npcap's driver is there, on Windows. */
  readonly hasNpcap: boolean | null;
}

const HEADERS: Readonly<Record<PackageManager, string>> = {
  apt: 'sudo apt-get install build-essential libpcap-dev',
  dnf: 'sudo dnf install gcc make libpcap-devel',
  pacman: 'sudo pacman -S base-devel libpcap',
  apk: 'sudo apk add build-base libpcap-dev linux-headers',
  zypper: 'sudo zypper install gcc make libpcap-devel',
  brew: 'xcode-select --install',
};

const BUILD = buildCommand(import.meta.url);

const TCPDUMP: Readonly<Record<PackageManager, string>> = {
  apt: 'sudo apt-get install tcpdump',
  dnf: 'sudo dnf install tcpdump',
  pacman: 'sudo pacman -S tcpdump',
  apk: 'sudo apk add tcpdump',
  zypper: 'sudo zypper install tcpdump',
  brew: 'brew install tcpdump',
};

/** Problems come in the order in which they should be solved. */
export function diagnose(facts: CaptureFacts): CaptureDiagnosis {
  const { sources } = facts;
  const best = sources.find(({ kind, usable }) => usable && kind !== 'ssh');
  const canCapture = best !== undefined;
  const found = rightsProblems(facts);
  // While something can capture, what stands in the way of something better only limits.
  const weight = canCapture ? 'limits' : 'blocks';
  const problems: CaptureProblem[] = best?.kind === 'helper' ? [] : found.map((one) => ({ ...one, weight }));
  if (best?.kind === 'cap') problems.push(capProblem(facts));
  if (facts.platform === 'linux') problems.push(...dangers(rightsFacts(facts)));
  problems.push(...witnessProblems(facts, best?.kind === 'helper'));
  return { canCapture, sources, problems };
}

type Problem = Omit<CaptureProblem, 'weight'>;

function rightsProblems(facts: CaptureFacts): Problem[] {
  switch (facts.platform) {
    case 'win32':
      return windowsProblems(facts);
    case 'darwin':
      return macProblems(facts);
    default:
      return linuxProblems(facts);
  }
}

function windowsProblems({ hasNpcap, dumpcapPath }: CaptureFacts): Problem[] {
  if (hasNpcap === false) {
    return [
      {
        code: 'npcap-missing',
        title: 'Npcap is not installed',
        text: 'Windows gives packets only to programs that use the Npcap driver. Wireshark brings it along, and dumpcap with it.',
        command: 'winget install WiresharkFoundation.Wireshark',
      },
    ];
  }
  if (dumpcapPath !== null) return [];
  return [
    {
      code: 'dumpcap-missing',
      title: 'dumpcap is not installed',
      text: 'On Windows packets are captured with dumpcap, which Wireshark brings along.',
      command: 'winget install WiresharkFoundation.Wireshark',
    },
  ];
}

function macProblems(facts: CaptureFacts): Problem[] {
  if (facts.bpfReadable !== false) return helperProblems(facts);
  return [
    {
      code: 'bpf-permission',
      title: 'The BPF devices may not be opened',
      text: 'macOS gives packets to whoever may open /dev/bpf*. Wireshark’s ChmodBPF does that for good; this command does it until the next start.',
      command: `sudo chown ${shellWord(facts.userName)} /dev/bpf*`,
    },
    ...helperProblems(facts),
  ];
}

function linuxProblems(facts: CaptureFacts): Problem[] {
  const found: Problem[] = [];
  const { container, mayHaveNetRaw } = facts;
  if (mayHaveNetRaw === false) {
    found.push(containerProblem(container));
    // No file's capabilities help where the bounding set has none.
    return found;
  }
  found.push(...helperProblems(facts));
  const helper = facts.sources.find(({ kind }) => kind === 'helper');
  if (facts.helper !== null && helper?.usable !== true && !facts.isRoot) {
    found.push(refusalProblem(facts.helper, rightsFacts(facts)));
  }
  const { dumpcapGroup, dumpcapPath, inDumpcapGroup, userName } = facts;
  if (dumpcapPath !== null && dumpcapGroup !== null && !inDumpcapGroup && !facts.isRoot) {
    found.push({
      code: 'dumpcap-group',
      title: `You are not in the group ${dumpcapGroup}`,
      text: `dumpcap may be run by members of the group ${dumpcapGroup} only. The change counts from the next login on.`,
      command: `sudo usermod -aG ${shellWord(dumpcapGroup)} ${shellWord(userName)}`,
    });
  }
  return found;
}

function containerProblem(container: ContainerKind | null): Problem {
  const base = {
    code: 'container',
    title: 'This container may not capture',
    text: 'It runs without the capability NET_RAW, and no program in it can get it. Start it with that capability; with the host’s network it sees the host’s packets, without it only its own.',
  };
  if (container === 'podman') {
    return { ...base, command: 'podman run --cap-add NET_RAW --cap-add NET_ADMIN --network host …' };
  }
  if (container === 'kubernetes') {
    return {
      ...base,
      text: `${base.text} In Kubernetes: securityContext.capabilities.add: ["NET_RAW"], or an ephemeral container with the profile netadmin.`,
      command: 'kubectl debug -it POD --profile=netadmin --image=IMAGE',
    };
  }
  if (container === 'docker') {
    return { ...base, command: 'docker run --cap-add NET_RAW --cap-add NET_ADMIN --network host …' };
  }
  return {
    ...base,
    title: 'Capturing is taken away from all programs here',
    text: 'The capability NET_RAW is not in the bounding set of this process, so that no program it starts can get it: a container, or a service with CapabilityBoundingSet. Start it with NET_RAW.',
    command: null,
  };
}

function helperProblems(facts: CaptureFacts): Problem[] {
  if (facts.helper !== null) return [];
  const { hasCompiler, hasPcapHeaders, packageManager } = facts;
  if (hasCompiler && hasPcapHeaders) {
    return [
      {
        code: 'helper-missing',
        title: 'The capture helper was not built',
        text: 'All that it takes to build it is here.',
        command: BUILD,
      },
    ];
  }
  const missing = [
    hasCompiler ? [] : ['a C compiler'],
    hasPcapHeaders ? [] : ['the headers of libpcap'],
  ].flat();
  return [
    {
      code: 'helper-missing',
      title: 'The capture helper was not built',
      text: `To build it this machine lacks ${missing.join(' and ')}. Afterwards build again.`,
      command: packageManager === null ? null : `${HEADERS[packageManager]} && ${BUILD}`,
    },
  ];
}

function capProblem({ packageManager }: CaptureFacts): CaptureProblem {
  return {
    code: 'only-cap',
    title: 'Only the npm package cap can capture here',
    text: 'It does not tell when packets crossed the wire nor which were lost, so that part of the evidence is missing. tcpdump is better.',
    command: packageManager === null ? null : TCPDUMP[packageManager],
    weight: 'limits',
  };
}

function witnessProblems(facts: CaptureFacts, hasHelper: boolean): CaptureProblem[] {
  const { platform, tracing } = facts;
  if (platform !== 'linux' || !hasHelper || tracing === null || tracing === 'usable') return [];
  return [{ ...witnessProblem(rightsFacts(facts), BUILD), weight: 'limits' }];
}

function rightsFacts({ helper, witnessHelper, userName, packageManager }: CaptureFacts): RightsFacts {
  return { helper, witnessHelper, userName, hasDpkg: packageManager === 'apt' };
}
