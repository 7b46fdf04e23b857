/** What is broken must end, so that its host sees it: in a utility process an unhandled rejection only warns. */
import type { Logger } from './log.ts';

/** sysexits.h: EX_SOFTWARE. */
const EXIT_SOFTWARE = 70;

export function endWhenBroken(log: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event);
      process.exit(EXIT_SOFTWARE);
    });
  }
}
