/** Reasons of an MP_TCPRST option (RFC 8684 §3.6), by code. They end a subflow; the others carry on. */
const MPTCP_REASONS: readonly string[] = [
  'unspecified error',
  'MPTCP-specific error',
  'lack of resources',
  'administratively prohibited',
  'too much outstanding data',
  'unacceptable performance',
  'middlebox interference detected',
];

export function mptcpReasonText(code: number): string {
  const name = MPTCP_REASONS[code] ?? 'not assigned';
  return `It carries a reason in a Multipath TCP option, which only the hosts negotiate: ${name} (${code}).`;
}
