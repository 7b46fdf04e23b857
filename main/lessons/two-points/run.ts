import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    await stage.serve('--slow');
    const device = stage.isFixed
      ? undefined
      : stage.start(
          'device',
          'r1',
          'python3',
          '-u',
          stage.file('../injected-by-ips/device.py'),
          ...['left', 'GET /stock/2', '--ttl', '62', '--ttl-server', '63'],
        );
    await device?.line('watching');
    const client = stage.client('--requests', 2);
    await client.line('press Enter');
    client.enter();
    await device?.line('hung up');
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
