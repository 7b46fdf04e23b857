/**
 * Loaded before what asks for the home folder while it is being loaded (env-paths does, and with it conf): Node throws
 * where HOME is not set and the system knows no such user, as in containers with `--user 12345`. There `/` is the home,
 * as it is for programs that the system starts; that it cannot be written is told when something is to be written.
 */
import { homedir } from 'node:os';

try {
  homedir();
} catch {
  process.env['HOME'] = '/';
}
