import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const server = await stage.serve();
    const client = stage.client();
    await server.line('closed');
    if (stage.isFixed) {
      await client.line('the server closed');
      for (let reading = 4; reading <= 6; reading++) {
        client.enter();
        await client.line(`sent reading ${reading}`);
      }
      await client.line('the server closed');
      return;
    }
    // The first reading after the close goes well for its sender; the one behind the reset fails.
    let said: string;
    do {
      client.enter();
      said = await client.line(/^(sent reading \d+|failed)/u);
    } while (!said.startsWith('failed'));
  },
};
