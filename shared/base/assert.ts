/** Throws when an invariant of the program, never of its input, does not hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}

/** Gives the value back, or throws where the program promised there would be one. */
export function ensure<T>(value: T | undefined | null, message: string): T {
  if (value === undefined || value === null) throw new Error(`invariant broken: ${message}`);
  return value;
}

/** Closes a switch over a union: a new member makes the call fail to type-check. */
export function assertUnreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`);
}
