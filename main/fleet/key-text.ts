/** The same text for alike questions or conditions, as keys of maps; times are bigints, which JSON has not. */
export function keyText(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' ? { bigint: String(one) } : one,
  );
}
