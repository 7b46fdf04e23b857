import type { CaptureSummary } from '../../shared/model/capture.ts';
import { fileName } from '../words/file-text.ts';

/** What a file is named after: the capture, but not in what is anonymised. */
export function fileStem(summary: CaptureSummary | null, isAnonymised: boolean): string {
  if (isAnonymised) return 'anonymised';
  const name = fileName(summary?.files.at(0)?.path ?? '');
  const stem = name.replace(/(?:\.(?:pcapng|pcap|cap|gz|zst|lz4|zip))+$/iu, '');
  return stem === '' ? 'capture' : stem;
}
