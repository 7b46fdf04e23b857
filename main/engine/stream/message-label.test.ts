import { expect, it } from 'vitest';
import { clientHello, record } from '../../../test/support/tls-messages.ts';
import { messageLabel } from './message-label.ts';

const text = (characters: string): Uint8Array => new TextEncoder().encode(characters);

function label(bytes: Uint8Array, length = bytes.length): string {
  return messageLabel(bytes, length);
}

it('tells requests and answers of HTTP by their first line', () => {
  expect(label(text('GET /cart?id=7 HTTP/1.1\r\nHost: a.example\r\n\r\n'))).toBe('GET /cart?id=7');
  expect(label(text('HTTP/1.1 503 Service Unavailable\r\n\r\n'))).toBe('HTTP 503 Service Unavailable');
});

it('names the handshake of TLS, with the name that is asked for', () => {
  expect(label(record(22, clientHello({ serverName: 'shop.example' })))).toBe(
    'TLS ClientHello, shop.example',
  );
  expect(label(Uint8Array.of(21, 3, 3, 0, 2, 2, 48))).toBe('TLS alert: unknown_ca');
  expect(label(Uint8Array.of(20, 3, 3, 0, 1, 1))).toBe('TLS ChangeCipherSpec');
});

it('says nothing of what begins in the middle of a message, or was not captured', () => {
  expect(label(text('and the rest of a page</html>'))).toBe('');
  expect(label(new Uint8Array(0), 1448)).toBe('');
});

it('shows nothing that hides or reorders, and stays short', () => {
  expect(label(text('SSH-2.0-\u202eabc\r\n'))).not.toContain('\u202e');
  expect(label(text(`GET /${'a'.repeat(900)} HTTP/1.1\r\n\r\n`)).length).toBeLessThanOrEqual(96);
});
