#!/usr/bin/env -S node --max-semi-space-size=4
import { main } from './main.ts';
import { defaultCaptureFolder } from '../host/live/capture-folder.ts';
import { liveParts } from '../host/live/live-parts.ts';
import { processIo } from './io.ts';

const dist = new URL('..', import.meta.url);
const live = liveParts(dist, defaultCaptureFolder());

/** Loaded when it is asked for: no other command needs the host. */
async function serve(argv: readonly string[]): Promise<number> {
  const host = await import('../server/main.ts');
  await host.main(argv, {
    page: new URL('renderer/', dist),
    engine: new URL('host/engine-process.js', dist),
    capturer: new URL('host/capture-process.js', dist),
  });
  return Number(process.exitCode ?? 0);
}

process.exitCode = await main(process.argv.slice(2), processIo(dist, live, serve));
