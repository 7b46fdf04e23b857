import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    await client.line('press Enter');
    await (stage.isFixed ? client.line('idle: closed by the client') : server.line('idle: closed'));
    client.enter();
    await client.line(/^(answered|failed)/u);
    if (stage.isFixed) await client.line('idle: closed by the client');
    else await client.ended;
  },
};
