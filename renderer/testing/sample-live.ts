/** Plausible model data of live capture for unit tests. Nothing that ships imports this folder. */
import type {
  CaptureInterface,
  CaptureOffer,
  CaptureProblem,
  CaughtCase,
  LiveOptions,
  LiveStatus,
} from '../../shared/model/live.ts';
import { NO_LIVE } from '../../shared/model/live.ts';

export function sampleOptions(changes: Partial<LiveOptions> = {}): LiveOptions {
  return {
    source: 'auto',
    interface: 'eth0',
    host: null,
    filter: '',
    snapLength: 262_144,
    promiscuous: true,
    bufferBytes: 16 * 1024 ** 2,
    folder: null,
    ring: { fileBytes: 100e6, fileSeconds: null, files: 20 },
    keepFreeBytes: 1e9,
    witness: true,
    catch: null,
    second: null,
    ...changes,
  };
}

export function sampleInterface(changes: Partial<CaptureInterface> = {}): CaptureInterface {
  return {
    name: 'eth0',
    description: null,
    addresses: ['10.0.0.1'],
    up: true,
    loopback: false,
    wireless: false,
    linkTypes: ['EN10MB'],
    ...changes,
  };
}

export const SAMPLE_INTERFACES: readonly CaptureInterface[] = [
  sampleInterface({ description: 'Intel I225-V', addresses: ['10.0.0.1', 'fe80::4a5d:60ff:fe11:2233'] }),
  sampleInterface({
    name: 'wlan0',
    wireless: true,
    description: 'Intel AX210',
    addresses: ['192.168.178.23'],
  }),
  sampleInterface({ name: 'lo', loopback: true, addresses: ['127.0.0.1', '::1'] }),
  sampleInterface({ name: 'docker0', description: 'bridge', addresses: ['172.17.0.1'] }),
  sampleInterface({ name: 'eth1', up: false, addresses: [] }),
];

export function sampleProblem(changes: Partial<CaptureProblem> = {}): CaptureProblem {
  return {
    code: 'no-capability',
    title: 'Capturing needs a right that this account does not have',
    text: 'The capture helper is there, but lacks the capability CAP_NET_RAW. Giving it that once is enough; Resetscope itself never runs as root.',
    command: 'sudo setcap cap_net_raw+ep /usr/lib/resetscope/resetscope-capd',
    weight: 'blocks',
    ...changes,
  };
}

export function sampleOffer(changes: Partial<CaptureOffer> = {}): CaptureOffer {
  return {
    interfaces: SAMPLE_INTERFACES,
    diagnosis: {
      canCapture: true,
      sources: [
        { kind: 'helper', usable: true, version: '0.1.0', program: 'resetscope-capd', why: null, lacks: [] },
        {
          kind: 'tcpdump',
          usable: true,
          version: '4.99.4',
          program: '/usr/bin/tcpdump',
          why: null,
          lacks: ['counts losses only at its end'],
        },
        {
          kind: 'dumpcap',
          usable: false,
          version: null,
          program: null,
          why: 'dumpcap is not installed',
          lacks: [],
        },
        { kind: 'ssh', usable: true, version: 'OpenSSH 9.6', program: '/usr/bin/ssh', why: null, lacks: [] },
      ],
      problems: [],
    },
    folder: '/home/ada/captures',
    freeBytes: 120e9,
    filterHistory: ['tcp port 443', 'host 10.0.0.9'],
    lastOptions: sampleOptions(),
    ...changes,
  };
}

export function sampleLive(changes: Partial<LiveStatus> = {}): LiveStatus {
  return {
    ...NO_LIVE,
    phase: 'capturing',
    revision: 1,
    options: sampleOptions(),
    source: 'helper',
    startedMs: 1_767_323_045_000,
    packets: 12_000,
    bytes: 9_500_000,
    packetsPerSecond: 420,
    bytesPerSecond: 310_000,
    losses: { kernel: 0, interface: 0, queue: 0, analysis: 0 },
    files: [{ path: '/home/ada/captures/eth0-1.pcapng', bytes: 9_500_000, packets: 12_000 }],
    folder: '/home/ada/captures',
    freeBytes: 120e9,
    ...changes,
  };
}

export function sampleCase(id: number, changes: Partial<CaughtCase> = {}): CaughtCase {
  return {
    id,
    path: `/home/ada/captures/cases/case-${id}.pcapng`,
    time: `2026-01-02T03:04:${String(10 + (id % 50)).padStart(2, '0')}.123456789Z`,
    summary: 'A device two hops in front of the server made this reset.',
    client: `10.0.0.1:${40_000 + id}`,
    server: '192.0.2.7:443',
    origin: 'middlebox',
    cause: 'injected',
    confidence: 0.953,
    packets: 214,
    resets: 1,
    error: null,
    secondPath: null,
    ...changes,
  };
}
