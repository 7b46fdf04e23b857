/** The words for how a connection ended. */

/** How a connection ended. `clean`: both sides closed, or one did and nothing was lost. */
export const ENDINGS = [
  'clean',
  'reset', // by any reset but the refusal of its SYN
  'refused',
  'no-answer', // SYN unanswered
  'unreachable', // an ICMP error ended it; UDP requests too
  'went-silent', // data sent again, unanswered to the end
  'half-open', // SYN-ACK repeated, the handshake's last ACK missing
  'stalled', // zero window, or full segments that never arrive; told as a delay where it recovered
  'closed-early', // FIN before any reply to a request
  'cut-short', // a reply shorter than its announced length
  'handshake-failed', // a TLS alert or FIN inside the TLS handshake
  'open', // goes on when the capture ends
  'not-seen', // the capture does not show its end, or not enough of it
] as const;
export type Ending = (typeof ENDINGS)[number];
