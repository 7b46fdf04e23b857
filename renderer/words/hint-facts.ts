/** What the application said, as pairs of name and value. */
import type { ResetDetail } from '../../shared/model/capture.ts';
import type { FlowHints, HintDirection, HintProtocol } from '../../shared/model/hints.ts';

export type Fact = readonly [title: string, value: string];

const PROTOCOL_NAME: Readonly<Record<HintProtocol, string>> = {
  tls: 'TLS',
  http: 'HTTP/1',
  http2: 'HTTP/2',
  ssh: 'SSH',
  smtp: 'SMTP',
  dns: 'DNS',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  redis: 'Redis',
  mongodb: 'MongoDB',
  amqp: 'AMQP',
  mqtt: 'MQTT',
  smb: 'SMB',
  bittorrent: 'BitTorrent',
};

type Told = Pick<ResetDetail, 'hints' | 'flow'> & Partial<Pick<ResetDetail, 'payloadText' | 'tunnel'>>;

export function hintFacts({ hints, payloadText = null, tunnel = null, flow }: Told): Fact[] {
  const facts: Fact[] = [];
  if (payloadText !== null) facts.push(['The reset says', payloadText]);
  if (tunnel !== null) facts.push(['Tunnel', tunnel]);
  if (hints !== null) facts.push(...applicationFacts(hints));
  if (flow.marks !== '') facts.push(['Flow', flow.marks]);
  return facts;
}

function applicationFacts(hints: FlowHints): Fact[] {
  const facts: Fact[] = [
    ['Protocol', [PROTOCOL_NAME[hints.protocol], hints.tlsVersion].filter(Boolean).join(', ')],
  ];
  if (hints.serverName !== null) {
    facts.push([
      'Server name',
      hints.encryptedClientHello
        ? `${hints.serverName} (maybe only the provider’s public name)`
        : hints.serverName,
    ]);
  }
  if (hints.banner !== null) facts.push(['Banner', hints.banner]);
  const alpn = hints.alpnSelected ?? hints.alpnOffered.join(', ');
  if (alpn !== '') facts.push([hints.alpnSelected === null ? 'ALPN offered' : 'ALPN', alpn]);
  if (hints.protocol === 'tls')
    facts.push(['Handshake', hints.serverHelloSeen ? 'ServerHello seen' : 'no ServerHello seen']);
  if (hints.lastTlsAlert !== null) {
    const { level, description, encrypted, direction } = hints.lastTlsAlert;
    const what = encrypted ? 'encrypted' : [level, description].filter(Boolean).join(' ');
    facts.push(['TLS alert', `${what}, from the ${side(direction)}`]);
  }
  if (hints.http !== null) facts.push(['Request', `${hints.http.method} ${hints.http.target}`]);
  if (typeof hints.http?.userAgent === 'string') facts.push(['User agent', hints.http.userAgent]);
  if (hints.httpStatus !== null)
    facts.push(['Response', `${hints.httpStatus.code} ${hints.httpStatus.reason}`]);
  if (hints.error !== null) {
    facts.push([
      'Error reply',
      `${hints.error.code} ${hints.error.text}, from the ${side(hints.error.direction)}`,
    ]);
  }
  return facts;
}

function side(direction: HintDirection): string {
  return direction === 0 ? 'client' : 'server';
}
