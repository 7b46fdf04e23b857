/** Protocols whose server speaks first: a connection that was taken and closed again without its greeting. */
import { SEEN_DATA } from '../../flow/record.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence } from '../found.ts';
import { type Segment, isFin, isSynAck } from '../segments.ts';
import { secondsOf, spanText, whenText } from '../texts.ts';

/** No byte was sent that would tell the protocol, so that only the port is left to tell it. */
export const GREETING_PORTS: ReadonlyMap<number, string> = new Map([
  [21, 'FTP'],
  [22, 'SSH'],
  [25, 'SMTP'],
  [110, 'POP3'],
  [143, 'IMAP'],
  [587, 'SMTP'],
  [3306, 'MySQL'],
]);
/** A health check or a look for open ports closes sooner than this. */
const WAITED_NS = 2.5e9;

export const noGreeting: EndingRule = (c) => {
  const { outline, segments } = c;
  const protocol = GREETING_PORTS.get(outline.serverPort);
  if (protocol === undefined || !outline.isEstablished) return undefined;
  if (outline.client.has(SEEN_DATA) || outline.server.has(SEEN_DATA) || outline.hasGaps) return undefined;
  const synAck = segments.find(isSynAck);
  const fin = segments.find(isFin);
  if (synAck === undefined || fin === undefined) return undefined;
  const ofServer = fin.direction === 1;
  return ofServer || fin.ns - synAck.ns >= WAITED_NS
    ? failed(c, protocol, fin, fin.ns - synAck.ns)
    : undefined;
};

function failed(c: EndingCase, protocol: string, fin: Segment, ns: number): ReturnType<EndingRule> {
  const seconds = secondsOf(ns);
  const waited = spanText(seconds);
  const ofServer = fin.direction === 1;
  const port = c.outline.serverPort;
  return {
    ending: 'closed-early',
    failure: {
      kind: 'closed-early',
      packet: fin.packet,
      side: ofServer ? 'server' : 'client',
      tries: 1,
      seconds,
      recovered: false,
      matters: true,
      confidence: 0.75,
      evidence: [
        evidence(
          'no-greeting',
          `In ${protocol}, which port ${port} stands for, the server speaks first; it sent no byte in ${waited}.`,
        ),
        evidence(
          ofServer ? 'server-closed-first' : 'client-gave-up',
          `The ${ofServer ? 'server' : 'client'} closed (FIN) ${waited} after the connection was made.`,
          [fin.packet],
        ),
      ],
      summary: ofServer
        ? `${c.server} took the connection of ${c.client} and closed it after ${waited} without a greeting (${protocol}).`
        : `${c.client} waited ${waited} for the greeting of ${c.server} (${protocol}) and closed.`,
      next: ofServer
        ? `Read the log of the ${protocol} server on ${c.serverAddress} at ${whenText(c, fin.ns)}: it took the connection and closed it without a word. That is a limit of connections (sshd: MaxStartups; MySQL: max_connections; mail: a block list), an access rule (hosts.deny), or a balancer without a backend that works.`
        : `The host ${c.serverAddress} took the connection, so network and port are all right, and its program said nothing for ${waited}: it is stuck, out of workers, or waits for something first, often for the name of ${c.clientAddress} in DNS (sshd: UseDNS; MySQL: skip_name_resolve). Look at its log and load. A health check that only connects, and keeps the connection so long, does the same; then there is nothing to do.`,
      isScan: false,
    },
  };
}
