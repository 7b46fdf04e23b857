/** What all commands of a fleet have in common: the place is opened, asked, and closed again, whatever happens. */
import { errorText } from '../../../shared/format/error.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { FleetCoverage, FleetSummary } from '../../../shared/model/fleet.ts';
import type { FleetService } from '../../fleet/fleet-service.ts';
import { FleetError } from '../../fleet/store.ts';
import { EXIT_LOSSES, EXIT_OK, EXIT_USAGE } from '../exit-codes.ts';
import { interruptible } from '../interruptible.ts';
import type { CliIo } from '../io.ts';
import { interruptedExit } from '../read-files.ts';

export interface PlaceOptions {
  readonly store?: string;
  /** Seconds. */
  readonly timeLimit?: number;
}

const MAX_LINE = 2000;

export function tell(io: CliIo, text: string): void {
  for (const line of text.split('\n')) io.stderr.write(`resetscope: ${sanitiseText(line, MAX_LINE)}\n`);
}

/**
 * @param ask gives the exit code
 * @returns the exit code
 */
export async function withFleet(
  { store, timeLimit }: PlaceOptions,
  io: CliIo,
  ask: (fleet: FleetService, signal: AbortSignal, summary: FleetSummary) => Promise<number>,
): Promise<number> {
  const place = store ?? io.env.RESETSCOPE_FLEET ?? '';
  if (place === '') {
    tell(
      io,
      'say where the fleet is: --store FOLDER or --store clickhouse://HOST/DATABASE, or set RESETSCOPE_FLEET',
    );
    return EXIT_USAGE;
  }
  const interrupt = interruptible(io);
  const { abort } = interrupt;
  const limit =
    timeLimit === undefined
      ? undefined
      : setTimeout(() => {
          abort.abort(
            new FleetError(
              'failed',
              `No answer within ${timeLimit} s. Ask for less (--from, --site), or give it more time (--time-limit).`,
            ),
          );
        }, timeLimit * 1000);
  const fleet = await io.fleet();
  try {
    const summary = await fleet.open(place, abort.signal);
    return await ask(fleet, abort.signal, summary);
  } catch (error) {
    if (interrupt.by !== undefined) return interruptedExit(interrupt.by);
    if (!(error instanceof FleetError)) throw error;
    tell(io, errorText(error));
    return EXIT_USAGE;
  } finally {
    clearTimeout(limit);
    interrupt.ignore();
    await fleet.close();
  }
}

/** Something that should be in the answer is not. */
export function exitOf({ missing }: Pick<FleetCoverage, 'missing'>): number {
  return missing.length > 0 ? EXIT_LOSSES : EXIT_OK;
}
