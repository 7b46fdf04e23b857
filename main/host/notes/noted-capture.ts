/**
 * What the engine tells of a capture for its notes: by what its files are known again, the comments that they bring along, and
 * where things are. It is the half of notes that runs where packets are read; it keeps nothing and opens nothing.
 */
import type { FlowId, FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FrameAddress } from '../../../shared/contract/methods.ts';
import type { NoteAnchor, NotedCapture, NotePlace, NoteTarget } from '../../../shared/model/notes.ts';
import { NOTE_BOUNDS } from '../../../shared/notes/note.ts';
import type { CaptureIdentity } from '../../../shared/notes/identity.ts';
import { cutText } from '../../../shared/format/text.ts';
import { FIRST_PACKET } from '../../engine/flow/record.ts';
import type { Session } from '../../engine/session.ts';
import { NO_FLOW } from '../../engine/store/packet-index.ts';
import type { Analysis } from '../analysis.ts';
import { frameAt } from '../frame-at.ts';
import { identify } from './identify.ts';

/** Comments of files that are told: what a person still reads. */
const MAX_COMMENTS = 5000;

const NOWHERE: NotePlace = { packet: -1, flow: -1, reset: -1 };

export class NotedCaptures {
  /** By analysis: it does not change once it is read whole. */
  readonly #known = new WeakMap<Analysis, Promise<(CaptureIdentity | undefined)[]>>();

  async tell(analysis: Analysis, signal: AbortSignal): Promise<NotedCapture> {
    const { session } = analysis;
    const comments = commentsOf(session);
    const why = whyNot(analysis);
    if (why !== null) return { why, files: [], ...comments };
    let known = this.#known.get(analysis);
    if (known === undefined) {
      const files = session.files.map((_, file) => identify(analysis, file, signal));
      known = Promise.all(files);
      this.#known.set(analysis, known);
      // Who asked may go away, and another one ask anew.
      known.catch(() => this.#known.delete(analysis));
    }
    const identities = await known;
    const files = session.files.map(({ path }, file) => ({ path, ...(identities[file] ?? NO_IDENTITY) }));
    return { why: null, files, ...comments };
  }
}

/** Of a file without packets, or that cannot be read again. */
const NO_IDENTITY: CaptureIdentity = { sha256: '', packets: 0, firstUs: '0', lastUs: '0' };

/** Why nothing can be noted, for people; null where it can. */
function whyNot({ progress, session }: Analysis): string | null {
  switch (progress.phase) {
    case 'empty':
      return 'No capture is open.';
    case 'reading':
    case 'joining':
      return 'Notes can be kept once the capture is read.';
    case 'following':
      return 'Notes can be kept once the capture has ended: until then nothing tells it from another one.';
    case 'cancelled':
      return 'Reading was stopped, so nothing tells this capture from another one; open it again to keep notes.';
    case 'failed':
    case 'done':
      break;
  }
  if (session.summary().letGo !== null) {
    return 'The oldest packets of this capture were let go, so nothing tells it from another one; open its files to keep notes.';
  }
  if (session.packets.count === 0) return 'This capture holds no packets to note anything on.';
  return null;
}

function commentsOf(session: Session): Pick<NotedCapture, 'comments' | 'moreComments'> {
  const { comments, packets } = session;
  const told: { packet: number; text: string }[] = [];
  for (const [packet, texts] of comments.all()) {
    if (told.length >= MAX_COMMENTS) break;
    for (const text of texts) told.push({ packet, text: cutText(text, NOTE_BOUNDS.textLength) });
  }
  const kept = told.slice(0, MAX_COMMENTS);
  const places = placesOfPackets(
    session,
    kept.map(({ packet }) => packet),
  );
  return {
    comments: kept.map(({ packet, text }, i) => ({
      ...places[i],
      file: packets.file(packet as PacketNumber),
      frame: packets.frame(packet as PacketNumber),
      text,
    })),
    moreComments: comments.count - kept.length,
  };
}

/** Where a target is, in terms that another copy shares; null for what is not there. */
export function anchorOf(session: Session, target: NoteTarget): NoteAnchor | null {
  const at = (packet: PacketNumber): NoteAnchor => ({
    file: session.packets.file(packet),
    frame: session.packets.frame(packet),
    client: '',
    server: '',
  });
  switch (target.kind) {
    case 'packet':
      return session.packets.has(target.id as PacketNumber) ? at(target.id as PacketNumber) : null;
    case 'flow': {
      const flow = session.flows.flowOf(target.id as FlowId);
      if (flow < 0) return null;
      const { client, server } = session.flowRow(flow);
      return { ...at(firstPacket(session, flow)), client, server };
    }
    case 'reset':
    case 'finding': {
      const reset = target.kind === 'finding' ? target.reset : target.id;
      if (!session.hasReset(reset)) return null;
      const { file, frame } = session.resetRow(reset);
      return { file, frame, client: '', server: '' };
    }
    case 'capture':
      return { file: target.file, frame: 0, client: '', server: '' };
    case 'filter':
      return { file: 0, frame: 0, client: '', server: '' };
  }
}

/** What the frames are in this analysis. */
export function placesOf(session: Session, frames: readonly FrameAddress[]): readonly NotePlace[] {
  return placesOfPackets(
    session,
    frames.map(({ file, frame }) => frameAt(session.packets, file, frame)),
  );
}

/** @param numbers of packets; −1 for none */
function placesOfPackets(session: Session, numbers: readonly number[]): readonly NotePlace[] {
  const wanted = new Set(numbers);
  const resets = new Map<number, number>();
  if (wanted.size > 0) {
    for (const id of session.resetSightings()) {
      const packet = session.resets.packet(id);
      if (wanted.has(packet)) resets.set(packet, session.join.primary(id));
    }
  }
  return numbers.map((packet) => {
    if (packet < 0) return NOWHERE;
    const flow = session.packets.flow(packet as PacketNumber);
    return {
      packet,
      flow: flow === NO_FLOW ? -1 : session.flowView.id(flow),
      reset: resets.get(packet) ?? -1,
    };
  });
}

function firstPacket(session: Session, flow: FlowRecord): PacketNumber {
  return (session.flows.word(flow, FIRST_PACKET) >>> 0) as PacketNumber;
}
