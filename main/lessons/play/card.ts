/** What hosts leave to their network card, set as `ethtool -K` does. */
import type { Stage } from './stage.ts';

const CARD = '../offload/card.py';

export async function setCard(
  stage: Stage,
  place: string,
  device: string,
  value: 'on' | 'off',
): Promise<void> {
  const settings = ['tx', 'tso', 'gso', 'gro'].map((feature) => `${feature}=${value}`);
  await stage.command(place, 'python3', stage.file(CARD), device, ...settings);
}
