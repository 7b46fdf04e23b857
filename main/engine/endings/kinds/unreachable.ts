/** An ICMP error ended it: a SYN that was refused on the way, data that cannot be delivered any more, a datagram nobody takes. */
import { countText, plural } from '../../../../shared/format/count.ts';
import { SEEN_ANY, SEEN_SYN } from '../../flow/record.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence } from '../found.ts';
import { captureCommand } from '../place.ts';
import { isSpeech } from '../segments.ts';
import { secondsOf, spanText, timesText } from '../texts.ts';
import { type ToldError, errorText, errorsTold } from './icmp.ts';
import { endsOf, harmlessBy } from './shared.ts';
import { silenceOf } from './silence.ts';

/** Ports that traceroute sends its datagrams to (it counts up from the first). */
const TRACEROUTE_FIRST = 33_434;
const TRACEROUTE_LAST = 33_534;

export const unreachable: EndingRule = (c) => {
  const { outline } = c;
  if (!outline.hasIcmpError || outline.isMidstream) return undefined;
  const errors = errorsTold(c, 0).filter(({ isTooBig }) => !isTooBig);
  const answered = outline.server.has(SEEN_ANY);
  if (!answered && errors.length > 0 && (outline.client.has(SEEN_SYN) || !outline.isTcp))
    return neverReached(c, errors);
  return answered && outline.isTcp ? cutOff(c) : undefined;
};

function neverReached(c: EndingCase, errors: readonly ToldError[]): ReturnType<EndingRule> {
  const { outline } = c;
  const isProbe =
    !outline.isTcp && outline.serverPort >= TRACEROUTE_FIRST && outline.serverPort <= TRACEROUTE_LAST;
  // Errors are what traceroute asks for.
  if (isProbe || (!outline.isTcp && errors.every(({ isTimeExceeded }) => isTimeExceeded))) return undefined;
  const sent = c.segments.filter((segment) => segment.direction === 0 && isSpeech(segment));
  if (sent.length === 0) return undefined;
  const error = errors[errors.length - 1];
  const isScan = outline.isTcp && c.around.host(c.flow, 0).scans;
  const twin = outline.isTcp && !isScan ? c.around.twinThatWorked(c.flow) : undefined;
  const seconds = secondsOf(Math.max(error.segment.ns, sent[sent.length - 1].ns) - sent[0].ns);
  const who = whoSaid(c, error);
  const what = outline.isTcp ? 'SYN' : sent.length === 1 ? 'datagram' : `${countText(sent.length)} datagrams`;
  const found = [
    evidence(
      'icmp-error',
      `${plural(errors.length, 'ICMP error')} to ${c.clientAddress}: ${errorText(error)}, said by ${who.text}.`,
      errors.map(({ segment }) => segment.packet),
    ),
    evidence(
      'nothing-came-back',
      `The ${outline.isTcp ? 'SYN was' : 'request was'} sent ${timesText(sent.length)}; ${c.serverAddress} itself answered nothing.`,
      sent.map(({ packet }) => packet),
    ),
  ];
  found.push(...harmlessBy(c, isScan, twin));
  const isNoise = twin !== undefined || isScan;
  return {
    ending: 'unreachable',
    failure: {
      kind: 'unreachable',
      packet: error.segment.packet,
      side: who.side,
      tries: sent.length,
      seconds,
      recovered: twin !== undefined,
      matters: !isNoise,
      confidence: who.side === null ? 0.85 : 0.97,
      evidence: found,
      summary: `${outline.isTcp ? 'The connection' : 'The request'} of ${c.client} to ${c.server} was refused by an ICMP error: ${error.name}, says ${who.text}.`,
      next: isNoise
        ? `Nothing to do${twin !== undefined ? ': the program connected to another address at once' : ': this looks like a scan'}. ${beginning(who)} says ${errorText(error)}.`
        : `${remedy(c, error, who.side)} ${beginning(who)} answered the ${what} with ${errorText(error)}; the program gets ${error.errno}.`,
      isScan,
    },
  };
}

/** Data that was sent again and again until somebody on the way said that it cannot be delivered. */
function cutOff(c: EndingCase): ReturnType<EndingRule> {
  for (const direction of [0, 1] as const) {
    const silence = silenceOf(c, direction);
    if (silence === null) continue;
    const errors = errorsTold(c, direction).filter(
      ({ isTooBig, segment }) => !isTooBig && segment.ns >= silence.firstNs,
    );
    if (errors.length === 0) continue;
    const error = errors[errors.length - 1];
    const who = whoSaid(c, error);
    const { sender, receiver } = endsOf(c, direction);
    return {
      ending: 'unreachable',
      failure: {
        kind: 'unreachable',
        packet: error.segment.packet,
        side: who.side,
        tries: silence.tries,
        seconds: secondsOf(silence.lastNs - silence.firstNs),
        recovered: false,
        matters: true,
        confidence: 0.93,
        evidence: [
          evidence(
            'icmp-error',
            `${plural(errors.length, 'ICMP error')} to the sender: ${errorText(error)}, said by ${who.text}.`,
            errors.map(({ segment }) => segment.packet),
          ),
          evidence('data-unanswered', silence.text, silence.packets),
        ],
        summary: `The connection between ${c.client} and ${c.server} was cut off: ${who.subject} says ${error.name} to what ${sender} sends.`,
        next: `${remedy(c, error, who.side)} ${beginning(who)} can no longer deliver to ${receiver}: ${errorText(error)}, while ${sender} sent its data ${timesText(silence.tries)} over ${spanText(secondsOf(silence.lastNs - silence.firstNs))}.`,
        isScan: false,
      },
    };
  }
  return undefined;
}

interface Teller {
  /** "10.9.9.1, a router or firewall on the path", at the end of a sentence. */
  readonly text: string;
  /** The same before a verb. */
  readonly subject: string;
  readonly side: 'client' | 'server' | 'path' | null;
}

function whoSaid(c: EndingCase, { reporter }: ToldError): Teller {
  if (reporter === null) return { text: 'somebody on the path', subject: 'somebody on the path', side: null };
  const [what, side] =
    reporter === c.serverAddress
      ? (['the address that was asked', 'server'] as const)
      : reporter === c.clientAddress
        ? (["the client's own host", 'client'] as const)
        : (['a router or firewall on the path', 'path'] as const);
  return { text: `${reporter}, ${what}`, subject: `${reporter}, ${what},`, side };
}

/** An address stays as it is where a sentence begins with it. */
function beginning({ side, subject }: Teller): string {
  return side === null ? 'Somebody on the path' : subject;
}

function remedy(
  c: EndingCase,
  { name, reporter, isTimeExceeded }: ToldError,
  side: 'client' | 'server' | 'path' | null,
): string {
  const port = c.outline.serverPort;
  const at = reporter ?? 'the device';
  if (isTimeExceeded)
    return `Follow the route to ${c.serverAddress} (traceroute -n ${c.serverAddress}) at ${at}: the packets go round in a loop or take too many hops.`;
  if (name.includes('prohibited') || name.includes('policy') || name.includes('reject')) {
    const where =
      side === 'server'
        ? `on ${c.serverAddress} (nft list ruleset, iptables -L -v: REJECT; firewalld zones)`
        : `on ${at} (its filter rules or access list, and the log of denied packets)`;
    return `Allow ${c.clientAddress} to port ${port} ${where}: a filter rule forbids it.`;
  }
  if (name.startsWith('port')) {
    const list = c.outline.isTcp ? `ss -ltnp 'sport = :${port}'` : `ss -lunp 'sport = :${port}'`;
    return side === 'path'
      ? `Look at ${at} for its rule for port ${port}: a firewall rejects it with that code (iptables REJECT is its default).`
      : `See ${list} on ${c.serverAddress}, and start the service or correct the port: nothing listens on port ${port} there, or a rule rejects it.`;
  }
  if (side === 'client')
    return `Look at the route and the neighbours of ${c.clientAddress} itself (ip route get ${c.serverAddress}, ip neigh): one of these lookups fails.`;
  if (name.includes('host') || name.includes('address')) {
    return `See whether ${c.serverAddress} is up, with the right address and VLAN (ip neigh on ${at}): ${at} should be the last router, and gets no answer from it. ${captureCommand(c, c.clientAddress)} there shows whether anything arrives.`;
  }
  return `Check the routing table of ${at} (ip route get ${c.serverAddress}), and the VPN or peering that should carry it: it has no route to ${c.serverAddress}.`;
}
