import { userInfo } from 'node:os';

/** The user's name for commands; its number where the system has no name for it, as in containers with `--user 12345`. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
