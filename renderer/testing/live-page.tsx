/**
 * The app on the fake engine, to look at live capture without one: `npx vite`, then /testing/live.html. The address says
 * what to play: `?blocked`, `?many`, `?broken`.
 */
import '../styles/index.css';
import type { Verdict } from '../../shared/model/verdict.ts';
import { mount } from '../shell/mount.tsx';
import { FakeEngine } from './fake-engine.ts';
import { playCapture, playCounters } from './live-play.ts';
import { SAMPLE_INTERFACES, sampleInterface, sampleOffer, sampleProblem } from './sample-live.ts';
import { SAMPLE_VERDICT, sampleDetail } from './sample.ts';

const wanted = new URLSearchParams(location.search);
const engine = new FakeEngine();
const interfaces = wanted.has('many')
  ? [
      ...SAMPLE_INTERFACES,
      ...Array.from({ length: 400 }, (_, index) =>
        sampleInterface({
          name: `veth${index.toString(16).padStart(7, '0')}`,
          addresses: [],
          description: null,
        }),
      ),
    ]
  : SAMPLE_INTERFACES;
const { diagnosis } = sampleOffer();
engine.offer = sampleOffer({
  interfaces,
  diagnosis: wanted.has('blocked')
    ? { ...diagnosis, canCapture: false, problems: [sampleProblem()] }
    : {
        ...diagnosis,
        problems: [
          sampleProblem({
            code: 'no-bpf',
            title: 'The kernel cannot be asked for every reset',
            text: 'The tracepoint tcp:tcp_send_reset gives no reason before Linux 6.10.',
            command: null,
            weight: 'limits',
          }),
        ],
      },
});
engine.recent = [
  { path: '/home/ada/captures/monday.pcapng', openedMs: Date.now() - 3.6e6, sizeBytes: 2_500_000 },
  { path: '/home/ada/captures/office-firewall.pcap.gz', openedMs: Date.now() - 9e7, sizeBytes: 81_000_000 },
];
if (wanted.has('broken')) {
  engine.startError = {
    code: 'no-such-interface',
    message: 'eth0: No such device exists (SIOCGIFHWADDR: No such device)',
    problem: null,
  };
}
engine.check = (filter) =>
  Promise.resolve(
    /\bprot\b/.test(filter)
      ? { ok: false, message: 'can’t parse filter expression: syntax error at “prot”' }
      : { ok: true, message: null },
  );
const SENT_BY_SERVER: Verdict = {
  ...SAMPLE_VERDICT,
  origin: { kind: 'endpoint', hops: 0, side: 'server', label: 'the server 192.0.2.7', confidence: 0.999 },
  path: {
    clientHops: 5,
    serverHops: 0,
    resetHops: 0,
    capturePoint: 'server',
    place: 1,
    reach: [1, 1],
    placedBy: 'host',
    maker: 'host',
    vantages: [],
  },
  sees: { client: 'reset', server: 'own' },
  summary: 'The server 192.0.2.7 sent this reset: nginx closed its socket with data unread.',
};
engine.details = (id) =>
  sampleDetail(id, {
    row: engine.resets[id],
    ...(engine.resets[id].kind === 'endpoint' ? { verdict: SENT_BY_SERVER } : {}),
    witness: {
      word: engine.resets[id].kind === 'endpoint' ? 'sent' : 'not-sent',
      reason: engine.resets[id].kind === 'endpoint' ? 'TCP_ABORT_ON_CLOSE' : null,
      process:
        engine.resets[id].kind !== 'endpoint'
          ? null
          : {
              name: 'nginx',
              pid: 812,
              cgroup: `/system.slice/docker-${'3f9a1c77'.repeat(8)}.scope`,
            },
    },
    owners: {
      client: { name: 'curl', pid: 4711, cgroup: '/user.slice/user-1000.slice/session-2.scope' },
      server: null,
    },
  });
playCounters(engine, interfaces);
engine.onStart = () => {
  playCapture(engine);
};
// For whoever looks: engine.pushLive({...}) in the console.
Object.assign(window, { engine });
mount(document, engine.platform);
