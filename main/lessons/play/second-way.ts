/** A second way between two routers of a path, past those that stand between them. */
import type { Stage } from './stage.ts';

/** Its interface in both places, and its two addresses. */
export const SECOND_WAY = { interface: 'way', near: '10.98.0.1', far: '10.98.0.3' } as const;

/** Lays the link. Which packets take it is up to the routes of the lesson. */
export async function laySecondWay(stage: Stage, near: string, far: string): Promise<void> {
  const { interface: way } = SECOND_WAY;
  // A link reaches into another place by a process that runs there.
  const there = stage.start('second way', far, 'sh', '-c', 'echo "process $$"; exec sleep 600');
  const pid = (await there.line('process ')).slice('process '.length);
  const peer = ['peer', 'name', way, 'netns', pid];
  await stage.command(near, 'ip', 'link', 'add', way, 'type', 'veth', ...peer);
  for (const [place, address] of [
    [near, SECOND_WAY.near],
    [far, SECOND_WAY.far],
  ] as const) {
    // A packet may come by one way and its answer leave by the other.
    await stage.sysctl(place, 'net.ipv4.conf.all.rp_filter=0');
    await stage.sysctl(place, `net.ipv4.conf.${way}.rp_filter=0`);
    await stage.command(place, 'ip', 'address', 'add', `${address}/24`, 'dev', way);
    await stage.command(place, 'ip', 'link', 'set', way, 'up');
  }
}
