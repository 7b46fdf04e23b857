/**
 * What would show that a verdict is wrong: an honest verdict says what it could be refuted by. One observation for each kind of verdict,
 * and one for each of its weightiest pieces of evidence; each can be made by somebody who has the capture or both hosts.
 */
import { causeOf } from '../../../shared/causes/list.ts';
import { FAILURE_KIND_TEXTS } from '../../../shared/texts/failure-kinds.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import { REPORT_BOUNDS } from '../../../shared/model/report.ts';
import type { Evidence, EvidenceFamily, Side, Verdict } from '../../../shared/model/verdict.ts';

/** By the beginning of the evidence's code, the more exact first. */
const BY_CODE: readonly (readonly [prefix: string, text: (claimed: Side) => string])[] = [
  [
    'hops-differ',
    (s) =>
      `Other packets of the ${s} that arrive with the reset’s TTL: then the path changed, or several machines answer for its address, and the distance proves nothing.`,
  ],
  [
    'hops-',
    (s) =>
      `Other packets of the ${s} that arrive with the reset’s TTL: then the distance is that of the ${s} itself.`,
  ],
  [
    'one-hop',
    (s) =>
      `Packets of the ${s} whose TTL varies by one without any reset: then a path of changing length explains the difference.`,
  ],
  ['ttl-varies', (s) => `A capture in which the ${s}’s packets all have one TTL and the reset another.`],
  [
    'same-ttl',
    (s) =>
      `The ${s} sending with another initial TTL than the one assumed: the same TTL would then be a coincidence, or was copied by a device.`,
  ],
  ['refused-nearer', (s) => `A packet of the ${s} itself from that distance.`],
  [
    'refused',
    (s) => `A SYN to the same port that the ${s} accepts at the same time and from the same place.`,
  ],
  [
    'ip-id',
    (s) =>
      `Ordinary packets of the ${s} around the reset whose IP-IDs jump as the reset’s does: then its system numbers at random, and the number says nothing.`,
  ],
  [
    'timestamp',
    (s) =>
      `A reset of the ${s} made on purpose (SO_LINGER 0) that carries its TCP timestamp otherwise than is assumed here.`,
  ],
  ['window', (s) => `A reset that the ${s} certainly sends and that has the same window.`],
  ['df-', (s) => `Resets that the ${s} certainly sends with the same DF bit.`],
  [
    'mac-',
    () => 'A second router or switch port on the same network that legitimately forwards for the address.',
  ],
  ['seq-', () => 'A segment that the capture missed and that moves the expected sequence number.'],
  [
    'sender-',
    (s) =>
      `Proof that the packets behind the reset are copies or were sent before it: then the ${s} may have ended the connection all the same.`,
  ],
  [
    'receiver-went-on',
    () =>
      'A clock or a capture queue that puts the later packets behind a reset which they were sent before.',
  ],
  [
    'overtook',
    () => 'A capture queue that reordered packets: then the reset did not overtake what was sent before it.',
  ],
  ['known-payload', () => 'A host program that writes the same text into its resets.'],
  ['device-text', () => 'A host program that writes the same text into its resets.'],
  ['adc-code', () => 'A host that writes the same number into the window of its resets.'],
  [
    'front-end',
    () => 'A host without any balancer or proxy before it that builds its resets in the same way.',
  ],
  ['no-trigger', () => 'The packet that the reset answers, which the capture did not hold.'],
  ['impossibly-fast', (s) => `A round trip to the ${s} that is really as short as the reset’s delay.`],
  ['faster-than', (s) => `A round trip to the ${s} that is really as short as the reset’s delay.`],
  ['far-faster', (s) => `A round trip to the ${s} that is really as short as the reset’s delay.`],
  [
    'round-trip-fits',
    (s) => `A device that stands as far away as the ${s}: it would answer after the same time.`,
  ],
  [
    'kernel-',
    () =>
      'A second network namespace or machine with the same address, which the witnessed kernel knows nothing of.',
  ],
  [
    'absent-',
    () =>
      'Packets that certainly passed that capture point and are not in its file: then it loses more than is assumed, and absence proves nothing.',
  ],
  [
    'captured-',
    () =>
      'An interface between the program and the capture point (a namespace, a virtual switch) at which the reset came in from outside.',
  ],
  [
    'sent-from-here',
    () =>
      'A container, virtual machine or local proxy behind the same interface that made the reset in the name of the host.',
  ],
  ['made-', () => 'A capture before the forwarding machine which holds the same reset.'],
  ['passed-through', () => 'A capture before the forwarding machine which does not hold the reset.'],
];

const BY_FAMILY: Readonly<Record<EvidenceFamily, (claimed: Side) => string>> = {
  header: (s) =>
    `A reset that the ${s} certainly sends, provoked on purpose and captured here, with other header fields than this one.`,
  sequence: () =>
    'A missed segment that changes where the numbers should lie; a capture without losses settles it.',
  aftermath: (s) => `A capture at the ${s} whose order of packets differs from the one here.`,
  timing: (s) => `Measured round trips to the ${s} that do not fit the delays here.`,
  local: () =>
    'A second interface or namespace of the capturing machine at which the reset came in from outside.',
  code: () => 'Another product that leaves the same mark.',
  kernel: () => 'A gap in what the kernel witness saw.',
  vantage: () => 'Packets that certainly passed a capture point and are not in its file.',
  why: () => 'A second reset of the same kind that comes without this sign before it.',
};

/** What a verdict of each kind falls with. */
function ofVerdict({ origin, claimed, cause }: Verdict): string[] {
  const other = claimed === 'client' ? 'server' : 'client';
  switch (origin.kind) {
    case 'middlebox':
      return [
        `A capture on the ${claimed} itself (outgoing packets) that holds this reset: then the ${claimed} sent it, and no device on the path did.`,
      ];
    case 'endpoint':
      return [
        `A capture on the ${claimed} itself, running while it happens again, that does not hold the reset: then something between it and this capture point made it.`,
      ];
    case 'unknown':
      return [
        `Nothing is claimed of who sent it. A capture on the ${claimed} that holds the reset shows that the ${claimed} did; one that does not, while the ${other} receives it, shows a device${cause.code === 'unknown' ? '' : '. The cause falls with the sender'}.`,
      ];
  }
}

/** At most REPORT_BOUNDS.refute observations, the most telling first. */
export function refutations(verdict: Verdict, evidence: readonly Evidence[]): string[] {
  const { origin, cause, claimed } = verdict;
  const carrying = evidence
    .filter(({ favours }) => (origin.kind === 'unknown' ? favours !== 'neither' : favours === origin.kind))
    .sort((a, b) => b.weight - a.weight)
    .map((piece) => ofEvidence(piece, claimed));
  const all = [
    ...ofVerdict(verdict),
    ...carrying,
    ...(cause.code === 'unknown'
      ? []
      : [`Of the cause: ${causeOf(cause.code).confirm} If that shows otherwise, it was another one.`]),
  ];
  const told = [...new Set(all)];
  return told.length <= REPORT_BOUNDS.refute
    ? told
    : [...told.slice(0, REPORT_BOUNDS.refute - 1), ...told.slice(-1)];
}

function ofEvidence({ code, family }: Evidence, claimed: Side): string {
  const found = BY_CODE.find(([prefix]) => code.startsWith(prefix));
  return (found?.[1] ?? BY_FAMILY[family])(claimed);
}

/** The same of a failure without a reset. */
export function failureRefutations({ kind, side }: Pick<Failure, 'kind' | 'side'>): string[] {
  const where = {
    client:
      'A capture at the client in which it did what is missing here: then the packets were lost on the way, and it is not the client’s doing.',
    server:
      'A capture at the server in which it answers: then its packets were lost on the way back, and it is not the server’s doing.',
    path: 'A capture at the far end that holds the packets which are said to be lost on the path.',
    none: 'Nothing is claimed of whose doing it was; captures at both ends settle it.',
  }[side ?? 'none'];
  return [
    where,
    `${FAILURE_KIND_TEXTS[kind].confirm} If that shows otherwise, the reading here is wrong.`,
    'Packets of this connection that the capture lost, or that took another way past the capture point.',
  ];
}
