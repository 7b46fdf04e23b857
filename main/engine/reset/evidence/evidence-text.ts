/** One sentence for each piece of evidence, with the numbers it rests on. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import { hopsOf } from '../observe/hops.ts';
import { idleConstant } from '../observe/idle-constants.ts';
import { awayText, hopsText, sideName } from '../words/labels.ts';
import { mptcpReasonText } from '../words/mptcp-reason.ts';
import type { KernelCode } from '../kernel/words.ts';
import type { EvidenceCode } from './weights.ts';
import { fastestAnswer, idleOf } from './timing.ts';

function ms(ns: number): string {
  if (ns < 0) return 'an unknown time';
  if (ns < 1e6) return `${(ns / 1e3).toFixed(0)} µs`;
  return ns < 1e9 ? `${(ns / 1e6).toFixed(1)} ms` : `${(ns / 1e9).toFixed(1)} s`;
}

function distance(ttl: number): string {
  const hops = hopsOf(ttl);
  return hops < 0 ? `TTL ${ttl}` : `TTL ${ttl}, ${awayText(hops)}`;
}

/** @param mptcpReason of the reset's MP_TCPRST option, −1 without one */
export function evidenceText(
  code: Exclude<EvidenceCode, KernelCode>,
  w: FlowWindow,
  f: ResetFacts,
  at: number,
  mptcpReason: number,
): string {
  const sender = sideName(f.sender);
  const receiver = sideName(f.receiver);
  const later = at >= 0 ? ms(w.time[at] - f.time) : '';
  const own = `The reset has ${distance(f.ttl)}`;
  switch (code) {
    case 'same-ttl':
      return `The reset has TTL ${f.ttl}, as the ${sender}'s other packets in this connection.`;
    case 'same-ttl-elsewhere':
      return `The reset has TTL ${f.ttl}, as the ${sender}'s packets in its other connections.`;
    case 'other-stack-same-distance':
      return `The reset has TTL ${f.ttl} and the ${sender}'s other packets ${f.basePackets > 0 ? f.baseTtl : f.addressTtl}: another starting value, the same distance.`;
    case 'abort-of-other-stack':
      return `The reset has TTL ${f.ttl} and all packets of this connection from the ${sender} have ${f.baseTtl}: an abort leaves through the connection's own socket, with its TTL.`;
    case 'front-end-stack':
      return `The reset has the TTL of the ${sender}'s handshake (${f.ttl}), not of its data: a load balancer or proxy answers for it.`;
    case 'answered-nearer':
      return `This whole connection has TTL ${f.ttl}, ${hopsText(f.answeredNearer)} nearer than the ${sender}'s other connections: a proxy, load balancer or forwarding machine answers for it.`;
    case 'refusal-unmeasured':
      return `No other packet of the ${sender} shows how far away it is: a firewall before it may have refused as well.`;
    case 'known-stack-elsewhere':
      return `The ${sender} uses TTL ${f.ttl} in other connections.`;
    case 'hops-differ':
    case 'hops-differ-thin-base':
    case 'one-hop-nearer':
      return `${own}; the ${sender}'s own packets have ${distance(f.baseTtl)}. It was made nearer to the capture.`;
    case 'one-hop-nearer-thin-base':
      return `${own}; the ${sender} shows ${distance(f.basePackets > 0 ? f.baseTtl : f.addressTtl)}, but too few or changing packets to be sure of it.`;
    case 'hops-differ-elsewhere':
    case 'hops-differ-thin-elsewhere':
    case 'one-hop-nearer-elsewhere':
      return `${own}; the ${sender}'s packets in its other connections have ${distance(f.addressTtl)}.`;
    case 'hops-farther':
    case 'one-hop-farther':
      return `${own}; the ${sender}'s packets have ${distance(f.basePackets > 0 ? f.baseTtl : f.addressTtl)}. It seems to come from farther away.`;
    case 'ttl-varies':
      return `Resets of one burst have different TTLs (${f.ttl}, ${at >= 0 ? w.ttl[at] : '?'}), which the ${sender}'s other packets have not.`;
    case 'scan-syn-differs':
      return `${own}, the SYN has TTL ${f.baseTtl}: scanners make their SYN by hand, and the host answers with its own TTL.`;
    case 'no-hop-to-public-address':
    case 'no-hop-to-other-network':
      return `${own}: no router passed, though the ${sender}'s address is of another network.`;
    case 'ip-id-continues':
      return `The IP identification ${f.ipId} continues the ${sender}'s counter (${f.lastIpId} before).`;
    case 'ip-id-jump':
      return `The IP identification ${f.ipId} does not continue the ${sender}'s counter (${f.lastIpId} before).`;
    case 'ip-id-jump-of-linux':
      return `The IP identification ${f.ipId} does not continue the ${sender}'s counter (${f.lastIpId} before); the ${sender} runs Linux, which counts every packet of a connection.`;
    case 'ip-id-in-linux-answer':
      return `The IP identification is ${f.ipId}; the ${sender} runs Linux, which puts 0 into answers without a connection (older versions a counter).`;
    case 'ip-id-copied':
      return `The IP identification ${f.ipId} is that of a packet of the ${receiver}: it was copied.`;
    case 'window-in-linux-answer':
      return `A reset without ACK has window ${f.window}; the ${sender} runs Linux, which puts 0 there.`;
    case 'window-kept':
      return `The reset keeps the ${sender}'s last window (${f.window}), as a host that aborts does.`;
    case 'window-copied':
      return `The window ${f.window} is the ${receiver}'s, not the ${sender}'s: it was copied from the packet that set it off.`;
    case 'window-in-bare-reset':
      return `A reset without ACK has window ${f.window}; hosts put 0 there.`;
    case 'timestamp-continues':
      return `The TCP timestamp continues the ${sender}'s clock.`;
    case 'timestamp-jumps':
      return `The TCP timestamp does not fit the ${sender}'s clock.`;
    case 'timestamp-missing':
      return `The ${sender} runs Linux and negotiated timestamps; its aborts carry them, this one does not.`;
    case 'window-unlike':
      return `The window is ${f.window}; the ${sender} runs Linux, whose aborts carry the last window (${f.senderWindow}).`;
    case 'odd-flags':
      return `Flags 0x${f.tcpFlags.toString(16).padStart(3, '0')} are set; no TCP stack sets these together.`;
    case 'df-differs':
      return `Don't Fragment is clear; the ${sender} sets it in all its packets.`;
    case 'tos-copied':
      return `The reset carries the type of service of the packet it answers, as a host's own stack does.`;
    case 'mac-differs':
      return `It came from another link-layer address than the ${sender}'s packets.`;
    case 'mac-same':
      return `It came from the same link-layer address as the ${sender}'s packets.`;
    case 'seq-next':
      return `Its sequence number is exactly the next of the ${sender}.`;
    case 'seq-acked':
      return `Its sequence number is one that the ${receiver} acknowledged, as in an answer to that packet.`;
    case 'seq-fin':
      return `Its sequence number is that of the ${sender}'s FIN, as some stacks repeat it.`;
    case 'seq-elsewhere':
    case 'seq-elsewhere-lossy':
      return `Its sequence number is ${seqText(f)}: neither the next of the ${sender} nor one the ${receiver} acknowledged.`;
    case 'seq-guessed':
      return `Resets in a row have sequence numbers ${at >= 0 ? Math.abs(seqDelta(w.seq[at], f.seq)) : '?'} apart, beyond all that the ${sender} sent: guesses.`;
    case 'no-trigger':
      return `A reset without ACK answers a packet, but the ${receiver} sent none that it could answer.`;
    case 'acks-unsent':
      return `It acknowledges ${f.ackAhead} bytes more than the ${receiver} sent.`;
    case 'answer-then-abort':
    case 'answer-then-abort-alike':
      return `In one burst there is first an answer of a host that does not know the connection, then an abort by one that does.`;
    case 'answer-and-abort':
      return `In one burst there is first an answer that does not know the connection, then an abort of it: one of the two is not the ${sender}'s.`;
    case 'aborts-repeated':
      return `The connection is aborted more than once in the ${sender}'s name; the ${sender} runs Linux, which aborts once.`;
    case 'overtook-data-soon':
    case 'overtook-data':
      return `Its sequence number counts data of the ${sender} that passed only ${later} later: it overtook the data.`;
    case 'abort-in-handshake':
      return `It aborts in the ${sender}'s name before the ${sender} had ended the handshake; hosts answer with a reset without ACK then.`;
    case 'abort-in-linux-handshake':
      return `It aborts in the ${sender}'s name before the ${sender} had ended the handshake; the ${sender} runs Linux, which first acknowledges the SYN-ACK.`;
    case 'acks-syn-wrongly':
      return `It acknowledges the SYN's own number instead of the one after it; stacks do not, and ignore it.`;
    case 'reply-to-live-connection':
      return `It answers a valid packet of a connection that the ${sender} had neither closed nor reset, as if it did not know it.`;
    case 'sender-goes-on':
      return `The ${sender} sends new data ${later} after "its" reset.`;
    case 'sender-lives-after-answer':
      return `The ${sender}'s connection goes on ${later} after this answer: a firewall rule on the host or a device with its TTL made it.`;
    case 'sender-took-answered-data':
      return `The ${sender} acknowledges, ${later} after "its" reset, the very data that this reset answers: the data arrived, so no packet filter of the ${sender} refused it.`;
    case 'sender-hears-on':
      return `The ${sender} acknowledges, ${later} after "its" reset, what the ${receiver} sent after that reset.`;
    case 'sender-goes-on-soon':
      return `The ${sender} goes on ${later} after "its" reset.`;
    case 'sender-acknowledges':
      return `The ${sender} acknowledges further data ${later} after "its" reset.`;
    case 'sender-resends':
      return `The ${sender} sends unacknowledged data or its FIN again ${later} after "its" reset.`;
    case 'sender-still-acks':
      return `The ${sender} still acknowledges ${later} after "its" reset: its connection is alive.`;
    case 'handshake-goes-on':
      return `The ${sender} answers the SYN with SYN-ACK ${later} after "its" refusal.`;
    case 'both-ends-reset':
      return `A reset in the ${receiver}'s name comes within ${at >= 0 ? ms(Math.abs(w.time[at] - f.time)) : ''}, and neither answers the other.`;
    case 'sender-silent':
      return `The ${receiver} goes on for ${ms(f.afterPeerSpan)} and gets no answer: the ${sender} is gone.`;
    case 'sender-answers-again':
      return `The ${sender} answers what still comes with further resets, as a host without the connection does.`;
    case 'faster-than-round-trip':
      return `It came ${ms(f.causalDelay)} after the packet that it answers; the ${sender} never took less than ${ms(fastestAnswer(f))}.`;
    case 'round-trip-fits':
      return `It came ${ms(f.causalDelay)} after the packet that it answers, about one round trip (${ms(fastestAnswer(f))}).`;
    case 'after-first-request':
      return `It came right after the first request, before any answer of the ${sender}.`;
    case 'idle-constant':
      return `The connection was silent for ${ms(idleOf(f))}, a usual timer of ${idleConstant(idleOf(f))?.names ?? 'devices'}.`;
    case 'sent-from-here':
      return `It left the capturing machine, as the ${sender}'s other packets did.`;
    case 'own-address-from-outside':
      return `It came in from outside with the capturing machine's own address.`;
    case 'made-here-for-another':
      return `It left the capturing machine, though the ${sender}'s packets come in from outside.`;
    case 'adc-code':
      return `Its window field holds ${f.window}, a reason code of Citrix NetScaler.`;
    case 'front-end-code':
      return `Its window field holds ${f.window}, a reason code of Citrix NetScaler, and its TTL is that of the stack that made the handshake: the NetScaler is itself the end of this connection.`;
    case 'device-text':
      return `It carries text that a device wrote.`;
    case 'mptcp-reason':
      return mptcpReasonText(mptcpReason);
    case 'known-payload':
      return `It carries bytes that one injector is known for.`;
    case 'authenticated':
      return `It carries a TCP signature option (MD5 or AO).`;
  }
}

function seqText(f: ResetFacts): string {
  if (f.seqPlace === 'zero') return '0';
  return f.seqAhead >= 0 ? `${f.seqAhead} beyond the next` : `${-f.seqAhead} before the next`;
}
