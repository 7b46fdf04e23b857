#!/usr/bin/env -S node --max-semi-space-size=4
import { main } from './main.ts';
import { defaultCaptureFolder } from '../host/live/capture-folder.ts';
import { liveParts } from '../host/live/live-parts.ts';
import { processIo } from './io.ts';

const dist = new URL('..', import.meta.url);
process.exitCode = await main(
  process.argv.slice(2),
  processIo(dist, liveParts(dist, defaultCaptureFolder())),
);
