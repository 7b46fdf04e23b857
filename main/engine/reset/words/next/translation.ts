/** Advice where a packet went untranslated. */
import { upperFirst } from '../../../../../shared/format/text.ts';
import { TCP_SYN } from '../../../decode/facts.ts';
import { otherSide, portOf } from '../../observe/flow-ends.ts';
import { clockText, endText, sideName } from '../../phrases.ts';
import type { Advice, AdviceTable } from './advice.ts';
import { after } from './handshake.ts';

const CURES =
  'on the machine that translates (node, router, firewall): drop what conntrack finds INVALID instead of forwarding it (nft or iptables -m conntrack --ctstate INVALID -j DROP; kube-proxy from 1.15 on does so), or sysctl net.netfilter.nf_conntrack_tcp_be_liberal=1; conntrack -S counts invalid.';
const ROUTES =
  'see that answers return through the same translator: asymmetric routes, direct server return, or a bridge that bypasses it (net.bridge.bridge-nf-call-iptables=1)';

/** The segment that was rejected never reached the socket, and the capture shows no connection that it belongs to. */
const unheardAnswer: Advice = (s) => {
  const { view, f, list } = s.c;
  if (!list.has('answer-unheard')) return null;
  const host = view.addressText(f.flow, f.sender);
  const peer = endText(view, f.flow, f.receiver);
  const ports = `'tcp port ${portOf(view, f.flow, 1)}'`;
  const here = sideName(f.sender) === s.path.capturePoint;
  const look = here
    ? `Look on ${host}, where this was captured, for a filter rule that rejects packets from ${peer} (nft list ruleset, iptables -S | grep tcp-reset)`
    : `Capture on ${host} (tcpdump -ni any ${ports}) while it happens`;
  const cure =
    'drop what conntrack finds INVALID on the machine that translates, or set nf_conntrack_tcp_be_liberal=1 there';
  const means = here
    ? `If there is none, what ${peer} sent came untranslated, and the connection has another address or port on ${host} (ss -tn, conntrack -L): ${cure}.`
    : `If what ${peer} sends arrives there under another address or port than the connection has (ss -tn), a translation is missing: ${cure}; if under the same, a filter rule of ${host} rejects it (nft list ruleset).`;
  return `${look}: it rejected a packet that its own socket never got. ${means}`;
};

/** The client does not know the answer for its own, and the capture does not show what it had asked. */
const unknownAnswer: Advice = (s) => {
  const { view, f, across } = s.c;
  if (!across.attempt.asksAgain) return unheardAnswer(s);
  const client = view.addressText(f.flow, 0);
  const port = portOf(view, f.flow, 1);
  const stray = endText(view, f.flow, 1);
  const look =
    s.path.capturePoint === 'client'
      ? `As ${client} itself sends to ${stray} here, look on that machine: a translation before the packets leave it (iptables -t nat -S, nft list ruleset, conntrack -L -s ${client}), or a program that makes its SYNs without a socket (nmap, masscan, hping)`
      : `Capture on the client ${client} (tcpdump -ni any 'tcp port ${port}'): if it asks another address or port than ${stray}, the answer returns without being translated back; ${ROUTES}`;
  const text = `${look}. If both addresses are the same there, it is a program without a socket, such as a scanner.`;
  return after(s, s.path.capturePoint === 'client' ? `${look}.` : text);
};

const untranslated: Advice = (s) => {
  const { view, f, w, across } = s.c;
  const { kind, flow, side, hostSide, packet, ended, hurt, triedAgain } = across.twin;
  if (kind === 'none') return unknownAnswer(s);
  const frame = view.packets.frame(packet);
  if (kind === 'consequence') {
    return `Repair what came before it: at ${clockText(view, view.packets.time(packet))} (frame ${frame}) a packet of this connection arrived untranslated from ${endText(view, flow, otherSide(side))}, and its reset ended the connection. ${upperFirst(CURES)}`;
  }
  const host = endText(view, flow, side);
  const known = endText(view, flow, otherSide(side));
  const stray = endText(view, f.flow, otherSide(hostSide));
  if (kind === 'leaked') {
    const what = `this reset belongs to the connection of ${host} with ${known} and left with the untranslated address ${stray}`;
    if (ended) return `Nothing to do: ${what} after that one had ended. To stop the leak: ${CURES}`;
    return hurt
      ? `As ${what}, ${host} never learns of it and waits. ${upperFirst(CURES)}`
      : `Nothing to do for this connection, which went on: ${what}. To stop the leak: ${CURES}`;
  }
  const isSynAck = f.triggerAt >= 0 && (w.flags[f.triggerAt] & TCP_SYN) !== 0;
  if (ended || (!hurt && !triedAgain)) {
    return `Nothing to do for this connection, which ${ended ? 'had ended before' : 'went on'}: a late packet of ${known} came untranslated from ${stray}. To stop it: ${CURES}`;
  }
  const routes = isSynAck ? ` Also ${ROUTES}.` : '';
  return `The answer of ${known} reached ${host} from another address or port, ${stray}, so that it was reset. ${upperFirst(CURES)}${routes}`;
};

export const TRANSLATION_ADVICE: AdviceTable = { 'translation-missing': untranslated };
