/** Thousands of small files cost what their packets cost: nothing is done anew for all files with each. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { FileState } from '../../main/engine/files/file-state.ts';
import { Analysis } from '../../main/host/analysis.ts';
import { writePcap } from '../support/capture-writer.ts';
import { Conversation } from '../support/conversation.ts';

const FILES = 60;
let folder = '';
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it('looks at the summary of each file a bounded number of times', async () => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-many-'));
  const paths = Array.from({ length: FILES }, (_, i) => {
    const talk = new Conversation({ startNs: 1_700_000_000_000_000_000n + BigInt(i) * 10_000_000_000n });
    const path = join(folder, `${String(i).padStart(4, '0')}.pcap`);
    writeFileSync(path, writePcap({ packets: talk.handshake().exchange(1, 1).packets }));
    return path;
  });
  const summary = vi.spyOn(FileState.prototype, 'summary');
  const analysis = new Analysis();
  try {
    await analysis.run(paths, {});
    expect(analysis.session.files).toHaveLength(FILES);
  } finally {
    await analysis.close();
  }
  expect(summary.mock.calls.length).toBeLessThanOrEqual(4 * FILES);
});
