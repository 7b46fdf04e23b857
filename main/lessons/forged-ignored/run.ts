import { BOTH_ENDS, type LessonRun } from '../define.ts';
import { startForger } from '../play/forger.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    await stage.serve('--slow');
    const device = await startForger(stage, 'left', 'GET /stock/1', '--to', 'client', '--seq', '5000');
    const client = stage.client('--requests', 2);
    await device?.line('hung up');
    await client.line('press Enter');
    client.enter();
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
