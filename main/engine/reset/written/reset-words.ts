/** What a reset says of itself in its payload, for people: its text, or the reason of a diagnostic payload. */
import { printable } from '../../stream/printable.ts';
import { decodeDiagnosticPayload, diagnosticText } from './diagnostic-payload.ts';

/** @returns null where the payload says nothing that can be read */
export function resetWords(payload: Uint8Array): string | null {
  const diagnostic = decodeDiagnosticPayload(payload);
  return diagnostic === null ? printable(payload, 0, payload.length) : diagnosticText(diagnostic);
}
