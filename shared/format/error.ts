/** Whatever was thrown, as text for people: an error's message, anything else as it prints. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
