import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    // All of a crowd's SYNs are there before the first handshake of it is finished.
    await stage.delay('r1', 20);
    // Linux as it ships would let the client wait and try again; some hosts are told to say so at once.
    await stage.sysctl('server', 'net.ipv4.tcp_abort_on_overflow=1');
    const server = await stage.serve();
    const client = stage.client();
    await client.line('all have come');
    server.enter();
    await client.line('done');
    await client.ended;
  },
};
