/** All ways of capturing, the best first. */
import type { CaptureSourceKind } from '../../../../shared/model/live.ts';
import type { CaptureSource } from './source.ts';
import { CAP } from './cap.ts';
import { DUMPCAP } from './dumpcap.ts';
import { HELPER } from './helper.ts';
import { SSH } from './ssh.ts';
import { TCPDUMP } from './tcpdump.ts';

const SOURCES: Readonly<Record<CaptureSourceKind, CaptureSource>> = {
  helper: HELPER,
  dumpcap: DUMPCAP,
  tcpdump: TCPDUMP,
  cap: CAP,
  ssh: SSH,
};

export function sourceOf(kind: CaptureSourceKind): CaptureSource {
  return SOURCES[kind];
}
