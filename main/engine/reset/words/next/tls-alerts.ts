/** Advice by the TLS alert that came before the reset (RFC 8446 §6.2). */
import { upperFirst } from '../../../../../shared/format/text.ts';
import { endpointText } from '../../../../../shared/format/endpoint.ts';
import type { TlsAlert } from '../../../../../shared/model/hints.ts';
import { portOf } from '../../observe/flow-ends.ts';
import { fatalAlert } from '../../observe/said.ts';
import { hostText } from '../labels.ts';
import type { Situation } from './advice.ts';

/** Who sent it decides who must act: the one whose certificate or offer was refused, as a rule. */
type Meaning = (names: Names) => string;

interface Names {
  /** Who sent the alert: "the server". */
  readonly self: string;
  readonly other: string;
  readonly fromClient: boolean;
  /** SNI, else the server's address. */
  readonly name: string;
  /** "openssl s_client -connect 192.0.2.80:443 -servername shop.example" */
  readonly probe: string;
}

const notTrusted: Meaning = ({ other, fromClient, name, probe }) =>
  fromClient
    ? `it does not trust the certificate of ${name}. See what is sent with ${probe} -showcerts: the server must send its intermediate certificates too (nginx ssl_certificate with the whole chain), or the client must be given that CA.`
    : `it refuses the certificate of ${other}. The server must know the CA of its clients (nginx ssl_client_certificate, Envoy validation_context), or the client must send another certificate.`;

const expired: Meaning = ({ self, other, fromClient, probe }) =>
  `it holds the certificate of ${other} to be expired. Renew it${fromClient ? `, and check with ${probe} | openssl x509 -noout -dates` : ''}; check the clock of ${self} as well (timedatectl).`;

const badCertificate: Meaning = ({ other, name, probe }) =>
  `it refuses the certificate of ${other}. Check its name against ${name}, its dates, its key usage and its signature: ${probe} -showcerts.`;

const nothingInCommon: Meaning = ({ self, other, probe }) =>
  `${self} and ${other} have no version, cipher or curve in common. Try ${probe} -tls1_2 and -tls1_3, then compare what both are set to (nginx ssl_protocols and ssl_ciphers, HAProxy ssl-min-ver, Java jdk.tls.disabledAlgorithms, Windows Schannel).`;

const unknownName: Meaning = ({ name, probe }) =>
  `it serves no ${name}. Check the name that the client asks for (SNI), and the server’s list of names (nginx server_name, Envoy filter_chain_match): ${probe}.`;

const certificateWanted: Meaning = ({ other }) =>
  `it wants a certificate that ${other} did not send. Give the client its certificate and key (curl --cert --key), or do not ask for one (nginx ssl_verify_client off).`;

const noProtocol: Meaning = ({ other }) =>
  `it speaks none of the protocols that ${other} offers (ALPN). Allow h2 or http/1.1 on both (nginx http2 on, Envoy alpn_protocols, gRPC needs h2).`;

const notUnderstood: Meaning = ({ other, probe }) =>
  `it could not read what ${other} sent: one of them speaks another protocol or version on this port, or something in between changes it. Compare with ${probe} from another network.`;

const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['unknown_ca', notTrusted],
  ['certificate_expired', expired],
  ['bad_certificate', badCertificate],
  ['certificate_unknown', badCertificate],
  ['unsupported_certificate', badCertificate],
  ['certificate_revoked', badCertificate],
  ['handshake_failure', nothingInCommon],
  ['protocol_version', nothingInCommon],
  ['insufficient_security', nothingInCommon],
  ['inappropriate_fallback', nothingInCommon],
  ['unrecognized_name', unknownName],
  ['certificate_required', certificateWanted],
  ['no_certificate', certificateWanted],
  ['access_denied', certificateWanted],
  ['no_application_protocol', noProtocol],
  ['unexpected_message', notUnderstood],
  ['decode_error', notUnderstood],
  ['illegal_parameter', notUnderstood],
  ['bad_record_mac', notUnderstood],
  ['decrypt_error', notUnderstood],
  ['record_overflow', notUnderstood],
]);

export function tlsAlert({ c }: Situation): string | null {
  const { w, f, hints, view } = c;
  const alert = fatalAlert(w, f, hints);
  if (alert === null) return null;
  const names = namesOf(c, alert);
  const meaning = MEANINGS.get(alert.description ?? '');
  const means = meaning === undefined ? unexplained(names) : meaning(names);
  return `${upperFirst(hostText(view, f, alert.direction))} ended TLS with ${alert.description ?? 'a fatal alert'}: ${means}`;
}

function unexplained({ self, probe }: Names): string {
  return `the log of ${self} says why. Try ${probe}.`;
}

function namesOf({ view, f, hints }: Situation['c'], alert: TlsAlert): Names {
  const address = view.addressText(f.flow, 1);
  const asked = hints?.serverName ?? null;
  return {
    self: alert.direction === 0 ? 'the client' : 'the server',
    other: alert.direction === 0 ? 'the server' : 'the client',
    fromClient: alert.direction === 0,
    name: asked ?? address,
    probe: `openssl s_client -connect ${endpointText(address, portOf(view, f.flow, 1))}${asked === null ? '' : ` -servername ${asked}`}`,
  };
}
