/** DNS questions over UDP: answered, or asked again and again in vain (RFC 1035 §4.2.1). */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { FIRST_TIME, LAST_TIME, META, PORTS, SEEN, SEEN_ANY, isTcp } from '../../flow/record.ts';
import { LIMITS } from '../../limits.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence, only } from '../found.ts';
import { captureCommand, capturePlace } from '../place.ts';
import { isSpeech } from '../segments.ts';
import { bounded, secondsOf, spanText, timesText } from '../texts.ts';

export const PORT_DNS = 53;
/** Resolvers answer what they do not know yet within some seconds; stubs ask again after 1 to 5. */
const PATIENCE_NS = 2e9;
/** A question that another server answered this soon was repeated there. */
const ELSEWHERE_NS = 15e9;

export const dnsQuestion: EndingRule = (c) => {
  const { outline } = c;
  if (outline.isTcp || outline.serverPort !== PORT_DNS) return undefined;
  if (!outline.client.has(SEEN_ANY)) return only('not-seen');
  const asked = c.segments.filter((segment) => segment.direction === 0 && isSpeech(segment));
  if (asked.length === 0) return only('not-seen');
  if (outline.server.has(SEEN_ANY)) return only('clean');
  if (c.endNs - asked[0].ns < PATIENCE_NS) return only('open');
  return unanswered(
    c,
    asked.map(({ packet }) => packet),
    asked[asked.length - 1].ns - asked[0].ns,
  );
};

function unanswered(c: EndingCase, packets: readonly number[], span: number): ReturnType<EndingRule> {
  const { outline } = c;
  const { elsewhere, repeats, hears } = others(c);
  // Where nothing comes back to the client in the whole capture, the answers may pass elsewhere.
  const oneSided = !hears && !c.around.host(c.flow, 0).hears;
  const tries = packets.length;
  const seconds = secondsOf(tries > 1 ? span : Math.min(c.endNs - outline.firstNs, 5e9));
  const recovered = elsewhere !== null;
  const place = capturePlace(c);
  const speaks = c.around.host(c.flow, 1).speaks;
  const found = [
    evidence(
      'question-unanswered',
      `The question was sent ${timesText(tries)}${tries > 1 ? ` over ${spanText(seconds)}` : ''} to ${c.server}; no answer came.`,
      packets,
    ),
  ];
  if (repeats > 0)
    found.push(
      evidence(
        'asked-again',
        `The client asked this server ${timesText(repeats)} more from other ports in the next seconds.`,
      ),
    );
  if (recovered)
    found.push(
      evidence(
        'answered-elsewhere',
        `${c.view.addressText(elsewhere, 1)} answered the same client within ${spanText(ELSEWHERE_NS / 1e9)}.`,
      ),
    );
  if (speaks)
    found.push(
      evidence('host-answers-elsewhere', 'The same server answers other questions in this capture.'),
    );
  if (oneSided)
    found.push(
      evidence(
        'no-return-traffic',
        `No packet to ${c.clientAddress} is in this capture: answers may take another way than past this point.`,
      ),
    );
  return {
    ending: 'no-answer',
    failure: {
      kind: 'no-answer',
      packet: c.segments[0].packet,
      side: place === 'server' ? 'server' : null,
      tries,
      seconds,
      recovered,
      matters: !recovered,
      confidence: bounded(
        (tries > 1 || repeats > 0 ? 0.95 : 0.85) -
          (oneSided ? 0.3 : 0) -
          ((c.view.dropped ?? 0) > 0 ? 0.1 : 0),
      ),
      evidence: found,
      summary: `The DNS server ${c.server} did not answer ${c.client}${tries > 1 ? `, asked ${timesText(tries)} over ${spanText(seconds)}` : ''}${recovered ? '; another answer came soon after' : ''}.`,
      next: recovered
        ? `Nothing to do for this one: the client had its answer from ${c.view.addressText(elsewhere, 1)} soon after. If it happens often, ${c.serverAddress} costs each lookup seconds: take it out of /etc/resolv.conf (or DHCP), or repair it.`
        : `Ask the server yourself from the client: dig @${c.serverAddress} . NS +tries=1 +time=3. ${speaks ? 'It answers others, so single datagrams are lost or rate-limited, or its own upstream does not answer (see its log).' : `It answers nobody here: is the service up, does a firewall drop UDP 53 on the way or there?`} ${place === 'server' ? 'The question arrived here, at the server.' : `Capture at the server: does the question arrive? ${captureCommand(c, c.clientAddress)}.`}`,
      isScan: false,
    },
  };
}

/** What else the client asked around the same time. */
function others({ view, flow, outline, serverAddress }: EndingCase): {
  readonly elsewhere: FlowRecord | null;
  readonly repeats: number;
  readonly hears: boolean;
} {
  const { flows } = view;
  let elsewhere: FlowRecord | null = null;
  let repeats = 0;
  let hears = false;
  let left = LIMITS.maxEndingNeighbours;
  view.addresses.visitFlows(flow, 0, (other, own) => {
    const isQuestion =
      own === 0 && !isTcp(flows.word(other, META)) && (flows.word(other, PORTS) & 0xffff) === PORT_DNS;
    if (isQuestion && other !== flow) {
      const answered = (flows.directionWord(other, 1, SEEN) & SEEN_ANY) !== 0;
      hears ||= answered;
      const lastNs = flows.double(other, LAST_TIME);
      const isSoon =
        lastNs >= outline.firstNs && flows.double(other, FIRST_TIME) <= outline.lastNs + ELSEWHERE_NS;
      if (isSoon && answered) elsewhere = other;
      else if (isSoon && view.addressText(other, 1) === serverAddress) repeats++;
    }
    return --left > 0;
  });
  return { elsewhere, repeats, hears };
}
