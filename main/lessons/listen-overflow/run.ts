import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    // Linux as it ships would let the client wait and try again; some hosts are told to say so at once.
    await stage.sysctl('server', 'net.ipv4.tcp_abort_on_overflow=1');
    const server = await stage.serve();
    const client = stage.client();
    await client.line('the early ones are here');
    // A crowd: the last step of its handshakes is held up until all of them have begun.
    await stage.nft(
      'r1',
      'add table ip hold; add chain ip hold forward { type filter hook forward priority 0; }; add rule ip hold forward iif "left" tcp flags & (syn | ack) == ack drop',
    );
    client.enter();
    await client.line('all have come');
    await stage.command('r1', 'nft', 'flush', 'ruleset');
    // One of them finds the last room of the queue, the others are refused; a longer queue has room for all.
    for (let refused = 0; !stage.isFixed && refused < 4; refused++) await client.line('failed: ECONNRESET');
    server.enter();
    await client.line('done');
    await client.ended;
  },
};
