/** Zeek's conn_state of a TCP connection (docs.zeek.org, base/protocols/conn). It believes resets' addresses. */
import { SEEN_ACK, SEEN_ANY, SEEN_DATA, SEEN_FIN, SEEN_RST, SEEN_SYN, SEEN_SYN_ACK } from './record.ts';

export type ConnState =
  'S0' | 'S1' | 'SF' | 'REJ' | 'S2' | 'S3' | 'RSTO' | 'RSTR' | 'RSTOS0' | 'RSTRH' | 'SH' | 'SHR' | 'OTH';

/** @param client, server SEEN bits of the two directions */
export function connState(client: number, server: number): ConnState {
  const synAck = (server & SEEN_SYN_ACK) !== 0;
  // A SYN that was not captured was sent all the same where it was answered and its client went on.
  const syn = (client & SEEN_SYN) !== 0 || (synAck && (client & (SEEN_ACK | SEEN_DATA)) !== 0);
  const clientRst = (client & SEEN_RST) !== 0;
  const serverRst = (server & SEEN_RST) !== 0;
  const clientFin = (client & SEEN_FIN) !== 0;
  const serverFin = (server & SEEN_FIN) !== 0;
  const serverTalked = synAck || (server & (SEEN_DATA | SEEN_ANY)) !== 0;

  if (syn && serverRst && !serverTalked) return 'REJ';
  if (syn && clientRst && !serverTalked) return 'RSTOS0';
  if (!syn && synAck && serverRst) return 'RSTRH';
  if (clientRst && serverTalked && !(clientFin && serverFin)) return 'RSTO';
  if (serverRst && !(clientFin && serverFin)) return 'RSTR';
  if (syn && !serverTalked) return clientFin ? 'SH' : 'S0';
  if (!syn && synAck) return serverFin ? 'SHR' : 'OTH';
  if (!syn) return clientFin && serverFin ? 'SF' : 'OTH';
  if (clientFin && serverFin) return 'SF';
  if (clientFin) return 'S2';
  if (serverFin) return 'S3';
  return 'S1';
}
