/** Who may capture: what is said where nothing can, and an ordinary user whose helper has the right. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe } from 'vitest';
import { DistCopy } from '../support/dist-copy.ts';
import { canCaptureLive } from '../support/live.ts';
import { AXE, look } from '../support/look.ts';
import { ResetMaker } from '../support/reset-maker.ts';
import { expect, test } from '../support/test.ts';

/** `nobody` everywhere. */
const NOBODY = 65_534;

let copy: DistCopy | undefined;
afterEach(() => {
  copy?.remove();
  copy = undefined;
});

/** A PATH with a package manager and nothing that captures. */
function barePath(dist: string): string {
  const folder = join(dist, '../bin');
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, 'apt-get'));
  return folder;
}

test.for(['light', 'dark'] as const)(
  'where nothing can capture the doctor names one command, %s',
  async (theme, { open, captures }) => {
    copy = new DistCopy({ hasHelper: false });
    const env = { PATH: barePath(copy.path) };
    const app = await open({ dist: copy.path, env, recent: [captures.mixed], theme, scripts: [AXE] });
    const { doctor } = app.capture;
    await doctor.getByRole('heading', { name: 'The capture helper was not built' }).waitFor();
    expect(await doctor.getByText(/node scripts\/build-native\.mjs/).count()).toBe(1);
    expect(await app.capture.startButton.isDisabled()).toBe(true);
    expect(await look(app, 'live-doctor', theme, { varies: true })).toEqual([]);
    await doctor.getByRole('button', { name: 'Try again' }).click();
    await app.recent('mixed.pcap').click();
    await app.ready();
  },
);

describe.skipIf(!canCaptureLive)('with the capture helper', () => {
  test('without its right the doctor names the command that gives it', async ({ open }) => {
    copy = new DistCopy({ hasHelper: true });
    const app = await open({ dist: copy.path, env: { PATH: barePath(copy.path) }, user: NOBODY });
    await app.capture.doctor
      .getByText(`sudo setcap cap_net_raw,cap_net_admin=eip ${copy.helper} && `)
      .waitFor();
    execFileSync('setcap', ['cap_net_raw,cap_net_admin=eip', copy.helper]);
    await app.capture.doctor.getByRole('button', { name: 'Try again' }).click();
    await app.capture.doctor.waitFor({ state: 'detached' });
    expect(await app.capture.startButton.isEnabled()).toBe(true);
  });

  test('an ordinary user captures, and saves where captures are kept', async ({ open }) => {
    copy = new DistCopy({ hasHelper: true });
    execFileSync('setcap', ['cap_net_raw,cap_net_admin=eip', copy.helper]);
    const app = await open({ dist: copy.path, user: NOBODY });
    const maker = await ResetMaker.start();
    await app.capture.start('lo', maker.filter);
    await app.capture.bar.getByText('no kernel witness').waitFor();
    await app.go('Resets');
    await maker.unread();
    await expect.poll(() => app.resets.total()).toBe(1);
    await maker.stop();
    await app.capture.save('saved.pcapng');
    await app.capture.stop();
    await app.openButton.waitFor();
    expect(await app.capture.end.innerText()).toContain('6 packets');
  });
});
