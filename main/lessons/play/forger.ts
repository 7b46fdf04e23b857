/** Lessons about a device on the path that forges resets, and about what tells it from the hosts. */
import type { Running } from './processes.ts';
import type { Stage } from './stage.ts';

const DEVICE = '../injected-by-ips/device.py';

/** Starts the device on the first router and waits until it watches; in the repaired form it is switched off. */
export async function startForger(stage: Stage, ...args: readonly string[]): Promise<Running | undefined> {
  if (stage.isFixed) return undefined;
  const device = stage.start('device', 'r1', 'python3', '-u', stage.file(DEVICE), ...args);
  await device.line('watching');
  return device;
}

/** A client asks twice; the device hangs up on what its arguments name, and the play ends when the client has seen it. */
export async function playForger(stage: Stage, ...args: readonly string[]): Promise<void> {
  await stage.serve('--slow');
  const device = await startForger(stage, ...args);
  const client = stage.client('--requests', 2);
  await client.line('press Enter');
  client.enter();
  await device?.line('hung up');
  await client.line(/^(done|failed)/u);
  await client.ended;
}
