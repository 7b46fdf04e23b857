/** Key files: what is one, who may read it, and that none is ever written over. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { captureKey, fleetKey, keysWith, PUBLIC_FLEET_KEY, readFleetKey, writeFleetKey } from './keys.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-keys-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a fleet key', () => {
  it('is made by chance, for its owner alone, and read again as the same', async () => {
    const path = join(folder, 'fleet.key');
    const made = await writeFleetKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'latin1')).toMatch(/^[0-9a-f]{64}\n$/u);
    expect(await readFleetKey(path)).toEqual(made);
    expect((await writeFleetKey(join(folder, 'other'))).id).not.toBe(made.id);
  });

  it('takes the place of no file', async () => {
    const path = join(folder, 'fleet.key');
    writeFileSync(path, 'precious');
    await expect(writeFleetKey(path)).rejects.toThrow(/exists already/u);
    expect(readFileSync(path, 'latin1')).toBe('precious');
  });

  it.each([['ab'.repeat(31)], ['xy'.repeat(32)], [''], [`${'ab'.repeat(32)} `.repeat(100)]])(
    'is nothing but 64 hexadecimal digits (%#)',
    async (text) => {
      const path = join(folder, 'wrong');
      writeFileSync(path, text);
      await expect(readFleetKey(path)).rejects.toThrow(/holds no fleet key.*resetscope fleet key -o FILE/u);
    },
  );

  it('that is not there is told with its name', async () => {
    await expect(readFleetKey(join(folder, 'none'))).rejects.toThrow(/none cannot be read/u);
  });

  it('gives keys of its own, and the public one those of everybody', () => {
    const own = fleetKey(new Uint8Array(32).fill(1));
    expect(own.id).toMatch(/^[0-9a-f]{8}$/u);
    expect(keysWith(own).isn(1)).toBe(keysWith(fleetKey(new Uint8Array(32).fill(1))).isn(1));
    expect(keysWith(own).isn(1)).not.toBe(keysWith(PUBLIC_FLEET_KEY).isn(1));
    expect(keysWith(own).isn(1)).not.toBe(keysWith(own).serverIsn(1));
  });
});

it('knows a capture by all parts, each by itself', () => {
  expect(captureKey(['a', 'b'])).toBe(captureKey(['a', 'b']));
  expect(captureKey(['ab', ''])).not.toBe(captureKey(['a', 'b']));
});
