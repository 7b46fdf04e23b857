/** Zeek's connection states (conn.log, conn_state) in words. */
const STATES: Readonly<Record<string, string>> = {
  S0: 'Connection attempt seen, no reply.',
  S1: 'Established, not closed.',
  SF: 'Established and closed in order.',
  REJ: 'Attempt rejected.',
  S2: 'Established; the client asked to close, the server did not answer.',
  S3: 'Established; the server asked to close, the client did not answer.',
  RSTO: 'Established; the client reset it.',
  RSTR: 'The server reset it.',
  RSTOS0: 'The client sent a SYN and then a reset; no SYN-ACK seen.',
  RSTRH: 'The server sent a SYN-ACK and then a reset; no SYN seen.',
  SH: 'The client sent a SYN and then a FIN; no SYN-ACK seen.',
  SHR: 'The server sent a SYN-ACK and then a FIN; no SYN seen.',
  OTH: 'No SYN seen: the capture began in the middle.',
};

export function stateText(state: string): string {
  return STATES[state] ?? 'State not known.';
}
