/**
 * The process that captures: it runs the programs that do, walks the blocks they print, and writes the files. A host starts and
 * watches it as it does the engine, and apart from it: what parses packets needs none of the rights that this takes.
 */
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import { endWhenBroken } from './end-when-broken.ts';
import type { CaptureEvents, CaptureMethods } from './live/capture-contract.ts';
import { CAPTURE_SCHEMAS } from './live/capture-contract.ts';
import { Capturer } from './live/capturer.ts';
import { liveParts } from './live/live-parts.ts';
import { createLog } from './log.ts';
import { parentChannel } from './parent-channel.ts';

const captureFolder = process.argv[2];
if (captureFolder === undefined) throw new Error('this program is started by a host');
endWhenBroken(createLog('capture'));
// A Ctrl-C in a terminal reaches us too; the host ends the capture first.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);

const capturer = new Capturer(liveParts(new URL('..', import.meta.url), captureFolder));
const host = openPeer(
  parentChannel((port) => {
    port.close();
  }),
);
serveOn<CaptureMethods, CaptureEvents>(host, CAPTURE_SCHEMAS, capturer.service, { told: capturer.told });
process.on('SIGTERM', end);
host.onClose(end);

/** The programs end with us, and what they captured is on disk first. */
function end(): void {
  void capturer.service.stop({}, new AbortController().signal).finally(() => process.exit(0));
}
