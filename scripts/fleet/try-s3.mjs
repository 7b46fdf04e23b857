// Ships a spool to a real S3-compatible server and back, by rclone and by s3cmd: OpenStack Swift with its S3 interface, which Debian has.
// It runs on loopback, in a mount namespace and a folder of its own, and ends with this program. Needs root, and
//     apt-get install swift-proxy swift-account swift-container swift-object rclone s3cmd
//     node scripts/fleet/try-s3.mjs [SPOOL]
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = new URL('../../', import.meta.url).pathname;
const PROGRAMS = [
  'swift-proxy-server',
  'swift-account-server',
  'swift-container-server',
  'swift-object-server',
];
const ACCESS = 'fleet:agent';
const SECRET = 'only-on-loopback';
const PATIENCE_MS = 120_000;

const missing = [...PROGRAMS, 'swift-ring-builder', 'rclone', 's3cmd', 'unshare'].filter(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
);
if (missing.length > 0 || process.getuid?.() !== 0) {
  console.error(missing.length > 0 ? `not here: ${missing.join(', ')}` : 'this needs root');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'resetscope-s3-'));
const etc = join(folder, 'etc');
const servers = [];
try {
  const ports = await freePorts(4);
  writeConfig(ports);
  for (const [i, program] of PROGRAMS.entries()) servers.push(start(program, i));
  const s3 = `http://127.0.0.1:${ports[0]}`;
  await untilAnswers(`${s3}/healthcheck`);
  const spool = join(folder, 'spool');
  const given = process.argv[2];
  if (given === undefined) makeSpool(spool);
  else cpSync(given, spool, { recursive: true });
  const all = filesOf(spool);
  console.log(`${version('swift-proxy')}; ${Object.keys(all).length} files to ship`);
  await shipByRclone(s3, spool, all);
  await shipByS3cmd(ports[0], all);
} finally {
  for (const server of servers) {
    server.kill();
    await Promise.race([once(server, 'close'), pause(5000)]);
  }
  rmSync(folder, { recursive: true });
}

async function shipByRclone(s3, spool, all) {
  const config = join(folder, 'rclone.conf');
  writeFileSync(
    config,
    `[fleet]\ntype = s3\nprovider = Other\naccess_key_id = ${ACCESS}\nsecret_access_key = ${SECRET}\nendpoint = ${s3}\nregion = us-east-1\n`,
  );
  // What the surroundings say of another S3 is not of this one.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const env = { ...Object.fromEntries(own), RCLONE_CONFIG: config };
  await run('rclone', ['mkdir', 'fleet:tables'], env);
  await run(join(root, 'packaging/linux/resetscope-ship'), [spool, 'rclone:fleet:tables'], env);
  const left = Object.keys(filesOf(spool));
  if (left.length > 0) throw new Error(`left in the spool: ${left.join(', ')}`);
  const back = join(folder, 'back-by-rclone');
  await run('rclone', ['sync', 'fleet:tables', back], env);
  compare(all, filesOf(back), `rclone ${version('rclone')}`);
}

async function shipByS3cmd(port, all) {
  const config = join(folder, 's3cfg');
  const place = `host_base = 127.0.0.1:${port}\nhost_bucket = 127.0.0.1:${port}\nuse_https = False\n`;
  writeFileSync(
    config,
    `[default]\naccess_key = ${ACCESS}\nsecret_key = ${SECRET}\n${place}signature_v2 = False\n`,
  );
  const s3cmd = (...args) => run('s3cmd', ['-c', config, ...args]);
  const back = join(folder, 'back-by-s3cmd');
  mkdirSync(back);
  await s3cmd('sync', 's3://tables/', `${back}/`);
  compare(all, filesOf(back), `s3cmd ${version('s3cmd')}, reading what rclone wrote`);
  await s3cmd('mb', 's3://other');
  // Its --exclude finds “.*” anywhere in a name, also in front of “parquet”.
  await s3cmd('sync', '--rexclude', '(^|/)\\.', '--rexclude', '^captures/', `${back}/`, 's3://other/');
  await s3cmd('sync', '--rexclude', '.', '--rinclude', '^captures/', `${back}/`, 's3://other/');
  const again = join(folder, 'again');
  mkdirSync(again);
  await s3cmd('sync', 's3://other/', `${again}/`);
  compare(all, filesOf(again), `s3cmd ${version('s3cmd')}`);
}

function compare(expected, found, how) {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  const wrong = [...names].filter(
    (name) => !(expected[name]?.equals(found[name] ?? Buffer.alloc(0)) ?? false),
  );
  if (wrong.length > 0) throw new Error(`${how}: not the same: ${wrong.join(', ')}`);
  console.log(`${how}: ${names.size} files there and back, byte for byte`);
}

/** Files but those whose names begin with a dot, with what they hold. */
function filesOf(place) {
  const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files
      .filter(({ name }) => !name.startsWith('.'))
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(place.length + 1), readFileSync(path)]),
  );
}

/** Tables of two captures that the repository has. */
function makeSpool(spool) {
  for (const capture of ['test/fixtures/lab', 'main/lessons/injected-by-ips']) {
    const files = readdirSync(join(root, capture), { recursive: true, encoding: 'utf8' });
    const file = files.find((name) => /\.pcap(ng)?(\.zst|\.gz)?$/u.test(name));
    if (file === undefined) throw new Error(`no capture in ${capture}`);
    const args = [join(root, 'scripts/cli.mjs'), 'analyze', join(root, capture, file), '--parquet', spool];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0 && status !== 2) throw new Error(stderr);
  }
}

function writeConfig([proxy, ...backends]) {
  mkdirSync(etc);
  mkdirSync(join(folder, 'devices/d1'), { recursive: true });
  writeFileSync(join(etc, 'swift.conf'), '[swift-hash]\nswift_hash_path_suffix = resetscope\n');
  for (const [i, kind] of ['account', 'container', 'object'].entries()) {
    const port = backends[i];
    writeFileSync(
      join(etc, `${kind}-server.conf`),
      `[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = ${port}\ndevices = ${folder}/devices\nmount_check = false\nworkers = 0\nuser = root\n` +
        `recon_cache_path = ${folder}\n[pipeline:main]\npipeline = ${kind}-server\n[app:${kind}-server]\nuse = egg:swift#${kind}\n`,
    );
    const builder = join(etc, kind === 'object' ? 'object.builder' : `${kind}.builder`);
    for (const args of [
      ['create', '1', '1', '0'],
      ['add', `r1z1-127.0.0.1:${port}/d1`, '1'],
      ['rebalance'],
    ]) {
      const { status, stdout, stderr } = spawnSync('swift-ring-builder', [builder, ...args], {
        encoding: 'utf8',
      });
      // 1 is a warning.
      if ((status ?? 2) > 1) throw new Error(`swift-ring-builder: ${stdout}${stderr}`);
    }
  }
  const [account, user] = ACCESS.split(':');
  writeFileSync(
    join(etc, 'proxy-server.conf'),
    `[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = ${proxy}\nworkers = 0\nuser = root\n` +
      '[pipeline:main]\npipeline = catch_errors healthcheck cache listing_formats s3api tempauth slo proxy-server\n' +
      '[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n' +
      '[filter:catch_errors]\nuse = egg:swift#catch_errors\n[filter:healthcheck]\nuse = egg:swift#healthcheck\n' +
      // It insists on a cache, and does without one that does not answer.
      '[filter:cache]\nuse = egg:swift#memcache\nmemcache_servers = 127.0.0.1:1\n' +
      '[filter:listing_formats]\nuse = egg:swift#listing_formats\n' +
      `[filter:tempauth]\nuse = egg:swift#tempauth\nuser_${account}_${user} = ${SECRET} .admin\n` +
      '[filter:s3api]\nuse = egg:swift#s3api\nlocation = us-east-1\n[filter:slo]\nuse = egg:swift#slo\n',
  );
}

/** In a mount namespace of its own, where what it reads of /etc/swift is ours. */
function start(program, index) {
  const kind = ['proxy', 'account', 'container', 'object'][index];
  mkdirSync('/etc/swift', { recursive: true });
  const command = `mount --bind '${etc}' /etc/swift && exec ${program} /etc/swift/${kind}-server.conf`;
  const child = spawn('unshare', ['-m', 'sh', '-c', command], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    if (/error|traceback/iu.test(text)) process.stderr.write(`${program}: ${text}`);
  });
  return child;
}

async function untilAnswers(url) {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await pause(200);
  }
  throw new Error('the S3 server does not answer');
}

async function run(program, args, env = process.env) {
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (words += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${words}`);
}

function version(name) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${Version}', name], {
    encoding: 'utf8',
  });
  return stdout.replace(/^(rclone|s3cmd) /u, '');
}

async function freePorts(count) {
  const held = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(held.map((server) => once(server, 'listening')));
  const ports = held.map((server) => server.address().port);
  await Promise.all(held.map((server) => once(server.close(), 'close')));
  return ports;
}
