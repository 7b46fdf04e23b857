/** What our engine says about a capture, in the oracle's words. */
import type { PacketNumber } from '../../shared/base/units.ts';
import { Analysis } from '../../main/host/analysis.ts';
import { TCP_RST } from '../../main/engine/decode/facts.ts';
import {
  MARK_ACKED_UNSEEN,
  MARK_DUPLICATE_ACK,
  MARK_DUPLICATE_CAPTURE,
  MARK_FAST_RETRANSMISSION,
  MARK_ICMP,
  MARK_KEEP_ALIVE,
  MARK_KEEP_ALIVE_ACK,
  MARK_LOST_SEGMENT,
  MARK_OUT_OF_ORDER,
  MARK_RETRANSMISSION,
  MARK_SPURIOUS_RETRANSMISSION,
  MARK_WINDOW_FULL,
  MARK_WINDOW_UPDATE,
  MARK_ZERO_WINDOW,
  MARK_ZERO_WINDOW_PROBE,
} from '../../main/engine/flow/marks.ts';
import { NO_FLOW, rowOf } from '../../main/engine/store/packet-index.ts';
import type { AnalysisMark, CaptureObservation, FrameObservation } from './observation.ts';
import { ANALYSIS_MARKS } from './observation.ts';

const BITS: Readonly<Record<AnalysisMark, number>> = {
  retransmission: MARK_RETRANSMISSION,
  fast_retransmission: MARK_FAST_RETRANSMISSION,
  spurious_retransmission: MARK_SPURIOUS_RETRANSMISSION,
  out_of_order: MARK_OUT_OF_ORDER,
  lost_segment: MARK_LOST_SEGMENT,
  ack_lost_segment: MARK_ACKED_UNSEEN,
  duplicate_ack: MARK_DUPLICATE_ACK,
  zero_window: MARK_ZERO_WINDOW,
  zero_window_probe: MARK_ZERO_WINDOW_PROBE,
  window_full: MARK_WINDOW_FULL,
  window_update: MARK_WINDOW_UPDATE,
  keep_alive: MARK_KEEP_ALIVE,
  keep_alive_ack: MARK_KEEP_ALIVE_ACK,
};

export async function observeWithEngine(path: string): Promise<CaptureObservation> {
  const analysis = new Analysis();
  try {
    await analysis.run([path], {});
    if (analysis.unreadable.length > 0) throw new Error(analysis.unreadable[0].message);
    const { packets, flowView } = analysis.session;
    const frames: FrameObservation[] = [];
    for (let packet = 0 as PacketNumber; packet < packets.next; packet++) {
      // Rows that a chunk which closed early left unused.
      if (rowOf(packet) >= packets.chunk(packet).used) continue;
      const flow = packets.flow(packet);
      const marks = packets.marks(packet);
      const isTcp = flow !== NO_FLOW && (marks & MARK_ICMP) === 0 && flowView.isTcp(flow);
      const rtt = isTcp ? flowView.rtt(flow) : -1;
      frames[packets.frame(packet)] = {
        stream: isTcp ? flow : -1,
        reset: isTcp && (packets.flags(packet) & TCP_RST) !== 0,
        marks: new Set(ANALYSIS_MARKS.filter((mark) => isTcp && (marks & BITS[mark]) !== 0)),
        initialRttNs: rtt > 0 ? Math.round(rtt) : undefined,
        duplicate: (marks & MARK_DUPLICATE_CAPTURE) !== 0,
        segment: undefined,
      };
    }
    return { frames };
  } finally {
    await analysis.close();
  }
}
