/** Endings that the record of a flow tells by itself, where nothing looks like a failure. */
import type { Ending } from '../../../shared/model/failure.ts';
import {
  SEEN_AFTER_RST,
  SEEN_ANY,
  SEEN_DATA,
  SEEN_FIN,
  SEEN_FIN_ACKED,
  SEEN_RST,
  SEEN_SYN,
  SEEN_SYN_ACK,
} from '../flow/record.ts';
import type { FlowOutline } from './outline.ts';

/** How a TCP connection ended in which nothing failed but by a reset. */
export function plainEnding(outline: FlowOutline): Ending {
  const { client, server } = outline;
  if (outline.isClosedByBoth) return 'clean';
  if (outline.isOneSided) return 'not-seen';
  // A side that closed and was heard has lost nothing; the other may stay half-open for as long as it likes.
  if (client.has(SEEN_FIN) || server.has(SEEN_FIN)) return 'clean';
  if (!outline.isMidstream && !outline.sawBothHandshakes) return 'not-seen';
  return 'open';
}

/** The ending by a reset; undefined where there was none, or none that ended anything. */
export function resetEnding(outline: FlowOutline): Ending | undefined {
  const { client, server } = outline;
  if (outline.resets === 0) return undefined;
  const answered = server.has(SEEN_ANY);
  if (client.has(SEEN_SYN) && server.has(SEEN_RST) && !answered && !client.has(SEEN_DATA)) return 'refused';
  // What comes after both farewells were acknowledged ends nothing any more (RFC 9293 §3.10.7.8, TIME-WAIT).
  if (client.has(SEEN_FIN_ACKED) && server.has(SEEN_FIN_ACKED)) return undefined;
  // Whoever goes on to the polite close was not reset: the reset was forged, or it was not obeyed.
  const isIgnored = outline.halves.every((half) => !half.has(SEEN_RST) || half.has(SEEN_AFTER_RST));
  return isIgnored && outline.isClosedByBoth && server.has(SEEN_SYN_ACK) ? undefined : 'reset';
}
