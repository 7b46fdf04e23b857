/** TLS that never came to its first byte of content: an alert in clear, or a close inside the handshake (RFC 8446 §4, §6). */
import { plural } from '../../../../shared/format/count.ts';
import type { FailureEvidence } from '../../../../shared/model/failure.ts';
import { SEEN_DATA } from '../../flow/record.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence } from '../found.ts';
import { capturePlace, captureCommand } from '../place.ts';
import { type Segment, isFin, isSpeech } from '../segments.ts';
import { secondsOf, spanText, whenText } from '../texts.ts';

/** CCS record (6 bytes) and an encrypted alert of TLS 1.3 (24): less than any Finished. */
export const MOST_OF_ALERT = 30;
/** No server is given less time for a handshake. */
const SHORTEST_TIMEOUT_S = 1;
/** So long nobody thinks about a ServerHello. */
const HELLO_NS = 10e9;

/** What an alert asks of whom (RFC 8446 §6.2). */
const ALERT_ADVICE: Readonly<Record<string, string>> = {
  unknown_ca:
    'its sender does not trust the issuer of the certificate: send the whole chain, or put the CA into the trust store of the one that sent the alert',
  bad_certificate: 'its sender found the certificate corrupt or not fit for its use',
  certificate_expired:
    'the certificate has expired (or the clock of the one that says so is wrong): openssl x509 -noout -dates',
  certificate_unknown: 'its sender does not accept the certificate (name, trust or pinning)',
  certificate_revoked: 'the certificate was revoked',
  certificate_required: 'the server wants a client certificate and got none',
  unsupported_certificate: 'the kind of certificate is not supported',
  handshake_failure:
    'they have no cipher suite, group or signature in common, or a client certificate is missing',
  protocol_version: 'they have no TLS version in common: compare minimum and maximum version on both sides',
  insufficient_security: 'the offered ciphers are too weak for its sender',
  unrecognized_name: 'the server does not know the name that was asked for (SNI): check the virtual host',
  no_application_protocol: 'they have no application protocol (ALPN) in common, such as h2 or http/1.1',
  internal_error: 'something in its sender broke that has nothing to do with the other side: read its log',
  decrypt_error: 'a signature or key did not verify',
  access_denied: 'the certificate is valid, but access is refused',
  inappropriate_fallback: 'a client fell back to an older version that the server does not want',
  user_canceled: 'the program or person on that side broke it off',
  missing_extension: 'an extension that its sender insists on was not offered: update the older of the two',
  unsupported_extension:
    'it got an extension that it had not asked for: update the TLS library of the other side',
  unknown_psk_identity:
    'the pre-shared key that was named is not known to it: compare identity and key on both sides',
};
/** Alerts of a message that could not be read (decode_error, unexpected_message, bad_record_mac …), and those that have no name. */
const NOT_UNDERSTOOD =
  'its sender could not read or accept what the other side sent: one of them speaks another protocol or version on this port, has a faulty TLS library, or something on the path changes it; compare with the same from another network';

export const handshakeFailed: EndingRule = (c) => {
  const { hints } = c;
  if (hints === undefined || hints.clientHelloPacket === null) return undefined;
  const hello = c.segments.find(({ packet }) => packet === hints.clientHelloPacket);
  if (hello === undefined) return undefined;
  return byAlert(c, hello) ?? byClose(c, hello) ?? withoutHello(c, hello);
};

function withName(c: EndingCase): string {
  const name = c.hints?.serverName ?? null;
  return name === null ? c.server : `${c.server} (${name})`;
}

/** The name that the client asked for, behind what introduces it; empty where it asked for none. */
function nameText({ hints }: EndingCase, before: string): string {
  const name = hints?.serverName ?? null;
  return name === null ? '' : `${before}${name}`;
}

function helloEvidence(c: EndingCase, hello: Segment): FailureEvidence {
  const text = `The handshake began with this ClientHello${nameText(c, ' for ')}.`;
  return evidence('client-hello', text, [hello.packet]);
}

function byAlert(c: EndingCase, hello: Segment): ReturnType<EndingRule> {
  const alert = c.hints?.lastTlsAlert ?? null;
  // An alert in clear that is fatal comes before the keys do; close_notify is a farewell.
  if (alert === null || alert.encrypted || alert.level !== 'fatal' || alert.description === 'close_notify')
    return undefined;
  const side = alert.direction === 0 ? 'client' : 'server';
  const sender = alert.direction === 0 ? c.client : withName(c);
  const description = alert.description ?? 'unknown';
  const advice = ALERT_ADVICE[description] ?? NOT_UNDERSTOOD;
  const at = c.segments.find(({ packet }) => packet === alert.packet) ?? hello;
  return {
    ending: 'handshake-failed',
    failure: {
      kind: 'handshake-failed',
      packet: alert.packet,
      side,
      tries: 1,
      seconds: secondsOf(at.ns - hello.ns),
      recovered: false,
      matters: true,
      confidence: 0.97,
      evidence: [
        evidence('tls-alert', `The ${side} sent the fatal alert ${description}.`, [alert.packet]),
        helloEvidence(c, hello),
      ],
      summary: `The TLS handshake of ${c.client} with ${withName(c)} failed: the ${side} sent the alert ${description}.`,
      next: `See it again with openssl s_client -connect ${c.server}${nameText(c, ' -servername ')}, and read the log of the ${side}: ${sender} ended the handshake with the alert ${description}, which says that ${advice}.`,
      isScan: false,
    },
  };
}

/** A FIN before the handshake was through. */
function byClose(c: EndingCase, hello: Segment): ReturnType<EndingRule> {
  const hints = c.hints;
  if (hints === undefined) return undefined;
  const talk = c.segments.filter((segment) => isSpeech(segment) && segment.ns >= hello.ns);
  const fin = talk.find(isFin);
  if (fin === undefined) return undefined;
  const replies = talk.filter(
    (segment) => segment.direction === 1 && segment.length > 0 && segment.ns <= fin.ns,
  );
  const side = fin.direction === 0 ? 'client' : 'server';
  const seconds = secondsOf(fin.ns - hello.ns);
  if (replies.length === 0) return closedOnHello(c, hello, fin, side, seconds);
  if (!hints.serverHelloSeen) return undefined;
  // What the client says after the ServerHello: a Finished is longer than an alert with all around it.
  const after = talk.filter(
    (segment) =>
      segment.direction === 0 &&
      segment.length > 0 &&
      segment.ns > replies[0].ns &&
      segment.seq !== hello.seq &&
      segment.ns <= fin.ns,
  );
  const said = after.reduce((sum, { length }) => sum + length, 0);
  if (said > MOST_OF_ALERT) return undefined;
  const isAlert = said > 0;
  const ofClient = isAlert || side === 'client';
  return {
    ending: 'handshake-failed',
    failure: {
      kind: 'handshake-failed',
      packet: isAlert ? after[after.length - 1].packet : fin.packet,
      side: ofClient ? 'client' : 'server',
      tries: 1,
      seconds,
      recovered: false,
      matters: true,
      confidence: isAlert ? 0.85 : 0.8,
      evidence: [
        evidence(
          'closed-in-handshake',
          isAlert
            ? `After the ServerHello the client sent ${plural(said, 'byte')}, the size of an encrypted alert and too little for a Finished, and then closed.`
            : `The ${side} closed (FIN) after the ServerHello, before the client had sent its Finished.`,
          [...after.map(({ packet }) => packet), fin.packet],
        ),
        helloEvidence(c, hello),
      ],
      summary: `The TLS handshake of ${c.client} with ${withName(c)} was broken off by the ${ofClient ? 'client' : 'server'} after the ServerHello.`,
      next: ofClient
        ? `The client saw the server's certificate and ${isAlert ? 'answered with an encrypted alert' : 'closed'}: most often it does not trust it, the name does not match, or it has expired. Look at the client's error, and check the certificate: openssl s_client -connect ${c.server}${nameText(c, ' -servername ')} -showcerts. A certificate check or port scan does the same; then there is nothing to do.`
        : `Read the log of the TLS server on ${c.serverAddress} at ${whenText(c, fin.ns)}: it closed inside the handshake without an alert, ${spanText(seconds)} after the ClientHello (${seconds < SHORTEST_TIMEOUT_S ? 'a crash or a limit' : 'a crash, a limit or a handshake timeout'}).`,
      isScan: false,
    },
  };
}

function closedOnHello(
  c: EndingCase,
  hello: Segment,
  fin: Segment,
  side: 'client' | 'server',
  seconds: number,
): ReturnType<EndingRule> {
  const isServer = side === 'server';
  return {
    ending: 'handshake-failed',
    failure: {
      kind: 'handshake-failed',
      packet: fin.packet,
      side:
        isServer || (seconds >= 1 && c.outline.unacknowledged(0) === 0)
          ? 'server'
          : seconds >= 1
            ? null
            : 'client',
      tries: 1,
      seconds,
      recovered: false,
      matters: true,
      confidence: 0.9,
      evidence: [
        evidence('hello-unanswered', 'No ServerHello and no alert answered the ClientHello.', [hello.packet]),
        evidence(
          isServer ? 'server-closed-first' : 'client-gave-up',
          `The ${side} closed (FIN) ${spanText(seconds)} after the ClientHello.`,
          [fin.packet],
        ),
      ],
      summary: `The TLS handshake of ${c.client} with ${withName(c)} failed: the ${side} closed ${spanText(seconds)} after the ClientHello, and no ServerHello came.`,
      next: isServer
        ? `${c.server} closed on the ClientHello without an alert: port ${c.outline.serverPort} does not speak TLS, a balancer has no healthy backend or no route for the name${nameText(c, ' ')}, or a proxy does not want it. Try openssl s_client -connect ${c.server}${nameText(c, ' -servername ')}, and read the log there.`
        : noHelloAdvice(c, `The client waited ${spanText(seconds)} and closed`),
      isScan: false,
    },
  };
}

function noHelloAdvice(c: EndingCase, what: string): string {
  const acknowledged = c.outline.unacknowledged(0) === 0;
  return acknowledged
    ? `${what}; the host ${c.serverAddress} acknowledged the ClientHello, so the program behind port ${c.outline.serverPort} is stuck, overloaded, or does not speak TLS (a plain-text server waits for its own first line). Look at its log and load.`
    : `${what}; the ClientHello was never acknowledged: it is lost on the way, as large ones are on a path with a small MTU, or a filter drops it for its server name. ${capturePlace(c) === 'server' ? '' : `Capture at the server: ${captureCommand(c, c.clientAddress)}.`}`.trim();
}

/** The server's host takes the ClientHello, and its program never answers. */
function withoutHello(c: EndingCase, hello: Segment): ReturnType<EndingRule> {
  const waited = c.endNs - hello.ns;
  if (c.outline.server.has(SEEN_DATA) || waited < HELLO_NS || c.outline.unacknowledged(0) > 0)
    return undefined;
  const seconds = secondsOf(waited);
  return {
    ending: 'handshake-failed',
    failure: {
      kind: 'handshake-failed',
      packet: hello.packet,
      side: 'server',
      tries: 1,
      seconds,
      recovered: false,
      matters: true,
      confidence: 0.75,
      evidence: [
        evidence(
          'hello-unanswered',
          `The ClientHello was acknowledged, and in ${spanText(seconds)} no ServerHello and no alert answered it.`,
          [hello.packet],
        ),
      ],
      summary: `${withName(c)} never answered the ClientHello of ${c.client}: ${spanText(seconds)} to the end of the capture.`,
      next: noHelloAdvice(c, `No ServerHello came in ${spanText(seconds)}`),
      isScan: false,
    },
  };
}
