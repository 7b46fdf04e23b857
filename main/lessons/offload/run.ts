import type { LessonRun } from '../define.ts';
import { setCard } from '../play/card.ts';

export const run: LessonRun = {
  path: {
    routers: 1,
    points: {
      client: { place: 'client', interface: 'eth0' },
      server: { place: 'server', interface: 'eth0' },
    },
  },
  async prepare(stage) {
    // A virtual link has no card. The router between them does on its way out what the card of the sender would have done.
    for (const device of ['left', 'right']) await setCard(stage, 'r1', device, 'off');
    if (!stage.isFixed) return;
    for (const host of ['client', 'server']) await setCard(stage, host, 'eth0', 'off');
  },
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    await server.line(/^(aborted|refused)/u);
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
