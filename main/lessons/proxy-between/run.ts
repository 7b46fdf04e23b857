import { BETWEEN_PROXY, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: {
    ...BETWEEN_PROXY,
    points: { ...BETWEEN_PROXY.points, proxy: { place: 'r1', interface: 'any' } },
  },
  async play(stage) {
    const { client } = await stage.serveThroughProxy();
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
