/** Names of TLS alerts and versions. */

/** AlertDescription by number: RFC 8446 §6, RFC 5246 §7.2 and the older ones that still occur (IANA registry). */
const ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  52: 'too_many_cids_requested',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
  121: 'ech_required',
};

export const CLOSE_NOTIFY = 'close_notify';

export function alertName(code: number): string {
  return ALERTS[code] ?? `alert_${code}`;
}

export const TLS_1_3 = 'TLS 1.3';

/** A ProtocolVersion for people; drafts of TLS 1.3 carry 0x7f00 plus the draft's number. */
export function versionName(version: number): string {
  if (version === 0x0300) return 'SSL 3.0';
  if (version >= 0x0301 && version <= 0x0304) return `TLS 1.${version - 0x0301}`;
  if (version >>> 8 === 0x7f) return `${TLS_1_3} draft ${version & 0xff}`;
  return `TLS 0x${version.toString(16).padStart(4, '0')}`;
}
