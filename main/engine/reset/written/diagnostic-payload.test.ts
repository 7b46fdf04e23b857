import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../../test/support/analyze.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import { decodeCborSequence } from './cbor.ts';
import { decodeDiagnosticPayload, diagnosticText } from './diagnostic-payload.ts';

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(' ', '').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

describe('the examples of the draft', () => {
  it.each([
    ['19 3039 A1 01 02', 'desynchronized state (diagnostic code 2)'],
    ['82 19 3039 A1 01 0E', 'connection timeout (diagnostic code 14)'],
    ['19 3039 A2 01 19 04D2 02 19 7ED9', 'diagnostic code 1234 of private enterprise 32473'],
    ['19 3039 A1 03 65 6272696566', '“brief”'],
    ['33AA 0002 00000000', 'desynchronized state (diagnostic code 2)'],
    ['33AA 04D2 00007ED9', 'diagnostic code 1234 of private enterprise 32473'],
  ])('%s', (bytes, text) => {
    const decoded = decodeDiagnosticPayload(hex(bytes));
    expect(decoded && diagnosticText(decoded)).toBe(text);
  });
});

it.each([
  ['another cookie', '19 3038 A1 01 02'],
  ['neither code nor description', '19 3039 A0'],
  ['something behind it', '19 3039 A1 01 02 00'],
  ['a map that is cut', '19 3039 A2 01 02'],
  ['a text longer than the payload', '19 3039 A1 03 7B FFFFFFFFFFFFFFFF'],
  ['an array of 2^32 items', '9A FFFFFFFF 19 3039'],
  ['an indefinite length', '19 3039 BF 01 02 FF'],
  ['one key twice', '19 3039 A2 01 02 01 03'],
  ['text that is not UTF-8', '19 3039 A1 03 62 C328'],
  ['the reserved code 0', '33AA 0000 00000000'],
  ['nine octets', '33AA 0002 0000000000'],
  ['nothing', ''],
])('%s is no diagnostic payload', (_what, bytes) => {
  expect(decodeDiagnosticPayload(hex(bytes))).toBeNull();
});

it('steps over what it does not know', () => {
  const decoded = decodeDiagnosticPayload(hex('19 3039 A4 01 0C 18C8 F9 3C00 04 42 0102 05 C1 20'));
  expect(decoded).toEqual({ code: 12, enterprise: null, description: null });
});

it('shows nothing of a description that could deceive', () => {
  const text = diagnosticText({ code: null, enterprise: null, description: 'a' });
  expect(text).toBe('“a”');
  expect(decodeDiagnosticPayload(hex('19 3039 A1 03 64 61 E280AE'))?.description).toBe('a\\u202e');
});

it('bounds depth and number', () => {
  expect(decodeCborSequence(new Uint8Array(60).fill(0x81))).toBeNull();
  expect(decodeCborSequence(new Uint8Array(64))).toHaveLength(64);
  expect(decodeCborSequence(new Uint8Array(65))).toBeNull();
});

it('takes any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const sequence = decodeCborSequence(bytes);
      expect(sequence === null || Array.isArray(sequence)).toBe(true);
      decodeDiagnosticPayload(bytes);
    }),
  );
});

it('is shown with the reset', () => {
  const talk = new Conversation().handshake().clientSends(10);
  talk.rst({ from: 'server', payload: hex('82 19 3039 A1 01 09') });
  const session = analyzePackets(talk.packets);
  expect(session.resetAccount(0).payloadText).toBe('not authorized (diagnostic code 9)');
});

it('names the reason of an MP_TCPRST option', () => {
  const talk = new Conversation().handshake().clientSends(10);
  talk.rst({ from: 'server', options: { mptcpReset: 6 } });
  const { evidence } = analyzePackets(talk.packets).resetAccount(0);
  expect(evidence.find(({ code }) => code === 'mptcp-reason')?.text).toContain(
    'middlebox interference detected (6)',
  );
});
