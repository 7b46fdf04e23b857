/** The process that parses packets may die of them; the app says so and goes on. */
import { expect, test } from './support/test.ts';

test('a killed engine is told of, and the file opens again', async ({ open, captures }) => {
  const app = await open({ recent: [captures.mixed] });
  await app.recent('mixed.pcap').click();
  await app.ready();
  const resets = await app.overview.number('Resets');
  const before = await app.host.enginePid();
  process.kill(before, 'SIGKILL');
  const text = await app.alert.first().innerText();
  expect(text).toMatch(/SIGKILL|ended|stopped|crashed/i);
  await expect.poll(() => app.host.enginePid().catch(() => before)).not.toBe(before);
  await app.openAgain.click();
  await app.ready();
  await expect.poll(() => app.overview.number('Resets')).toBe(resets);
  expect(await app.alert.count()).toBe(0);
});

test('even when it dies again and again', async ({ open, captures }) => {
  const app = await open({ recent: [captures.mixed] });
  await app.recent('mixed.pcap').click();
  for (let i = 0; i < 3; i++) {
    await app.ready();
    process.kill(await app.host.enginePid(), 'SIGKILL');
    await app.openAgain.click();
  }
  await app.ready();
});
