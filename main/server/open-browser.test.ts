import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../test/support/patience.ts';
import { handToBrowser, whyNoBrowser } from './open-browser.ts';

const ADDRESS = { url: 'http://127.0.0.1:8000/#code=the-code', code: 'the-code' };

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'resetscope-test-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

/** A program that writes down what it was asked to open. */
function makeOpener(): { opener: string; opened: () => string } {
  const opener = join(parent, 'opener');
  const note = join(parent, 'opened');
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$*" >'${note}.part'\nmv '${note}.part' '${note}'\n`);
  chmodSync(opener, 0o700);
  return { opener, opened: () => readFileSync(note, 'utf8').trim() };
}

describe('the browser', () => {
  it('is handed a private file and no address, and the file goes', async () => {
    const { opener, opened } = makeOpener();
    const ended = vi.fn();
    const before = process.listenerCount('exit');
    const handover = await handToBrowser(ADDRESS, { ended, parent, opener: [opener] });
    const file = await eventually(opened);
    expect(file).not.toContain('code');
    expect(readFileSync(file, 'utf8')).toContain(`content="0; url=${ADDRESS.url}"`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    // However this process ends, the file goes.
    expect(process.listenerCount('exit')).toBe(before + 1);
    await handover.end();
    expect(existsSync(dirname(file))).toBe(false);
    expect(ended).toHaveBeenCalledOnce();
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('that is not there costs nothing', async () => {
    const ended = vi.fn();
    await handToBrowser(ADDRESS, { ended, parent, opener: [join(parent, 'nothing')] });
    await eventually(() => {
      expect(ended).toHaveBeenCalledOnce();
    });
    expect(readdirSync(parent)).toEqual([]);
  });

  it.each([
    [{ uid: 1000, env: {} }, undefined],
    [{ uid: undefined, env: {} }, undefined],
    [{ uid: 0, env: {} }, /as root: open the address above in your own browser/],
    [{ uid: 0, env: { SUDO_USER: 'anna' } }, /as root: open the address above in anna's browser/],
  ])('is not started as root (%j)', (runner, words) => {
    if (words === undefined) expect(whyNoBrowser(runner)).toBeUndefined();
    else expect(whyNoBrowser(runner)).toMatch(words);
  });
});
