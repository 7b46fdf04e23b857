import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    await stage.serve();
    const client = stage.client('--requests', 2);
    await client.line('press Enter');
    if (!stage.isFixed)
      await stage.nft(
        'server',
        `table inet rules {
           chain input { type filter hook input priority 0; tcp dport ${stage.port()} reject with tcp reset; }
         }`,
      );
    client.enter();
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
