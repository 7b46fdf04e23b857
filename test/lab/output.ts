/** Writes captures and their truth, whole per topology and cut out per scenario. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CauseCode } from '../../shared/model/cause.ts';
import { type PcapPacket, writePcap, writeSimplePcapng, writePcapng } from '../support/capture-writer.ts';
import type { Frame, RawCapture, Segment } from './frames.ts';
import type { ConnectionsTruth, FailureTruth } from './outcomes.ts';
import type { Place } from './places.ts';
import type { TopologyPlan } from './plan.ts';

/** What is true of one reset frame of one capture. */
export interface ResetTruth {
  readonly place: Place;
  /** Counted from 1, as Wireshark does. */
  readonly frame: number;
  readonly scenario: string;
  readonly origin: 'endpoint' | 'middlebox';
  /** client, server, r1 …, or 'device' for what sits on a wire. */
  readonly emitter: string;
  /** The node whose address the reset carries. */
  readonly claimed: string;
  /** Frames with the same number, at whatever place, are one reset that was made once. Missing in older labs, as `position`. */
  readonly emission?: number;
  /** Emissions that are alike to the last bit and close to each other have the same: which of them a frame is, nobody can tell. */
  readonly alike?: number;
  /** Where it was made: nodes are at whole numbers, the client at 0; a device on link i at i + ½. */
  readonly position?: number;
  readonly cause: CauseCode;
  readonly causeAlternatives: readonly CauseCode[];
  /** As the tracepoint tcp:tcp_send_reset names it; null for what no TCP stack sent. */
  readonly kernelReason: string | null;
  /** Whether the receiving host's kernel gave a connection up because of it. */
  readonly endsConnection: boolean;
  /** Whether it ended work that was not finished; null where packets and kernels leave that open. */
  readonly matters: boolean | null;
  readonly note: string;
}

/** What the judge of this run knows about a frame that is a reset. */
export type FrameTruth = Omit<ResetTruth, 'place' | 'frame' | 'scenario'>;

export interface LabelledFrame extends Frame {
  readonly segment: Segment | null;
  /** For resets only. */
  readonly truth: FrameTruth | null;
  /** The scenario whose ports it has; empty for none. */
  readonly scenario: string;
  /** Whether the capturing host sent it; null where that is not known. */
  readonly outbound: boolean | null;
  /** Which packets of the run it holds (`journeys.ts`); none where that is not asked: other than TCP, or parts of a packet. */
  readonly journeys: readonly number[];
}

/** A clock that shows `offsetNs + ppm · (t − fromNs)` more than the true time t, and from `stepAtNs` on `stepNs` more again. */
export interface ClockTruth {
  readonly offsetNs: number;
  readonly ppm: number;
  /** Nanoseconds since 1970, in decimal digits: more than a number holds. */
  readonly fromNs: string;
  readonly stepAtNs: string | null;
  readonly stepNs: number;
}

/** Ports of a proxy and of the server behind it: connections to the one are continued by connections to the other. */
export interface ProxiedPorts {
  readonly front: number;
  readonly back: number;
}

/** What is true of a capture as a whole. */
export interface CaptureTruth {
  readonly file: string;
  readonly packets: number;
  /** Where on the path it listens. Missing in labs made before captures were joined, as the rest. */
  readonly positions?: readonly number[];
  readonly clock?: ClockTruth;
  /** For each frame the packets it holds: their numbers joined by '+', '0' for none; frames apart by blanks. */
  readonly journeys?: string;
}

export interface LabelledCapture {
  readonly linkType: RawCapture['linkType'];
  /** Where on the path it listens: one place, or both sides of a router. */
  readonly positions: readonly number[];
  /** How its clock goes wrong; one that is right where it is missing. */
  readonly clock?: ClockTruth;
  readonly frames: readonly LabelledFrame[];
}

/** Says what is true of the connections that a capture shows. */
export type JudgeConnections = (place: Place, capture: LabelledCapture) => ConnectionsTruth;

export type CaptureFormat = 'pcap' | 'pcap-nanoseconds' | 'pcapng' | 'pcapng-directions';
export const FORMATS: readonly CaptureFormat[] = ['pcap', 'pcap-nanoseconds', 'pcapng', 'pcapng-directions'];

export interface SetDescription {
  readonly scenario: string;
  readonly about: string;
  readonly plan: TopologyPlan;
  readonly kernelReasons: boolean;
  readonly proxied: readonly ProxiedPorts[];
}

/** Writes the captures of all places and truth.json into `folder`; returns how many resets they hold. */
export async function writeSet(
  folder: string,
  description: SetDescription,
  captures: ReadonlyMap<Place, LabelledCapture>,
  format: CaptureFormat,
  connectionsOf: JudgeConnections,
): Promise<number> {
  await mkdir(folder, { recursive: true });
  const resets: ResetTruth[] = [];
  const failures: FailureTruth[] = [];
  const healthy: Record<string, number> = {};
  const unsettled: Record<string, readonly string[]> = {};
  const files: Record<string, CaptureTruth> = {};
  for (const [place, capture] of captures) {
    const file = `${place}.${format.startsWith('pcapng') ? 'pcapng' : 'pcap'}`;
    await writeFile(join(folder, file), encode(capture, format));
    const { positions, clock } = capture;
    const journeys = capture.frames.map((frame) => frame.journeys.join('+') || '0').join(' ');
    files[place] = { file, packets: capture.frames.length, positions, clock, journeys };
    const connections = connectionsOf(place, capture);
    failures.push(...connections.failures);
    healthy[place] = connections.healthy;
    unsettled[place] = connections.unsettled;
    capture.frames.forEach((frame, index) => {
      const { truth, scenario } = frame;
      if (truth !== null) resets.push({ place, frame: index + 1, scenario, ...truth });
    });
  }
  const { plan, ...rest } = description;
  const known = { ...rest, topology: plan, captures: files, resets, failures, healthy, unsettled };
  await writeFile(join(folder, 'truth.json'), `${JSON.stringify(known, null, 1)}\n`);
  return resets.length;
}

function encode(capture: LabelledCapture, format: CaptureFormat): Uint8Array {
  const packets: PcapPacket[] = capture.frames.map(({ timeNs, data, wireLength }) => ({
    timeNs,
    data,
    wireLength,
  }));
  const { linkType } = capture;
  if (format === 'pcapng') return writeSimplePcapng(packets, { linkType });
  if (format === 'pcapng-directions')
    return writePcapng({
      sections: [
        {
          interfaces: [{ tsresol: 9, linkType, name: 'eth0' }],
          blocks: capture.frames.map(({ timeNs, data, wireLength, outbound }) => ({
            kind: 'packet' as const,
            timeNs,
            data,
            wireLength,
            ...(outbound === null ? {} : { direction: outbound ? 2 : 1 }),
          })),
        },
      ],
    });
  return writePcap({ packets, linkType, nanos: format === 'pcap-nanoseconds' });
}
