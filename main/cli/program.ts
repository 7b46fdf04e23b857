/** The command line as a program of this process: what it touches of the world, and its exit code. */
import { fileURLToPath } from 'node:url';
import type { LiveParts } from '../host/live/live-parts.ts';
import type { FleetService } from '../fleet/fleet-service.ts';
import type { LessonFiles } from '../lessons/lesson-files.ts';
import { EXIT_USAGE } from './exit-codes.ts';
import { processIo } from './io.ts';
import { main } from './main.ts';

const dist = new URL('..', import.meta.url);

/** What no other command needs is loaded when it is asked for, here as in main(). */
async function serve(argv: readonly string[]): Promise<number> {
  const host = await import('../server/main.ts');
  await host.main(argv, {
    page: new URL('renderer/', dist),
    engine: new URL('host/engine-process.js', dist),
    capturer: new URL('host/capture-process.js', dist),
  });
  return Number(process.exitCode ?? 0);
}

async function live(): Promise<LiveParts> {
  const [{ liveParts }, { defaultCaptureFolder }] = await Promise.all([
    import('../host/live/live-parts.ts'),
    import('../host/live/capture-folder.ts'),
  ]);
  return liveParts(dist, defaultCaptureFolder());
}

async function lessons(): Promise<LessonFiles> {
  const { lessonsIn } = await import('../lessons/lesson-files.ts');
  return lessonsIn(dist);
}

async function fleet(): Promise<FleetService> {
  const [{ FleetClient }, { forkFleet }] = await Promise.all([
    import('../host/fleet/fleet-client.ts'),
    import('../host/fork-engine.ts'),
  ]);
  return new FleetClient(forkFleet(fileURLToPath(new URL('host/fleet-process.js', dist))));
}

/** @param argv without the program's name */
export async function run(argv: readonly string[]): Promise<void> {
  // A command that waits for what never comes has not succeeded.
  const fail = (): void => void (process.exitCode = EXIT_USAGE);
  process.once('beforeExit', fail);
  const exitCode = await main(argv, processIo(dist, live, serve, lessons, fleet));
  process.off('beforeExit', fail);
  process.exitCode = exitCode;
}
