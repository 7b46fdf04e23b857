// npm run pictures
//
// Makes docs/live.png: the app while it captures on a host whose connections are reset in several ways. Root
// needed, for network namespaces: a host with eth0, a router that rejects, and behind it the servers.
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../scripts/build.mjs';
import { ensureNativeBuilt } from '../../scripts/build-native.mjs';
import { root } from '../../scripts/setup.mjs';
import { PATIENCE_MS, requireBrowser, takePicture } from './app.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PICTURE = join(root, 'docs/live.png');
/** Resets in the list when the picture is made. */
const RESETS = 40;

const { HOST: host, ROUTER: router, SERVERS: servers } = namesOf(process.env.PICTURES ?? `${process.pid}`);
if (process.env.PICTURES === undefined) await outside();
else await inside();

function namesOf(id) {
  return { HOST: `picture${id}-host`, ROUTER: `picture${id}-router`, SERVERS: `picture${id}-servers` };
}

/** Makes the network, and the picture by another process of ours on its host: it has a loopback of its own. */
async function outside() {
  if (process.getuid() !== 0) throw new Error('network namespaces are made here: run it as root');
  requireBrowser();
  await ensureBuilt();
  const native = ensureNativeBuilt();
  if (!native.built) throw new Error(native.reason);
  const traffic = [];
  try {
    makeNetwork();
    traffic.push(spawnIn(servers, '/usr/bin/python3', join(HERE, 'servers.py')));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const env = { ...process.env, PICTURES: String(process.pid) };
    const made = spawn('ip', ['netns', 'exec', host, process.execPath, fileURLToPath(import.meta.url)], {
      stdio: 'inherit',
      env,
    });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    traffic.push(spawnIn(host, '/usr/bin/python3', join(HERE, 'clients.py')));
    process.exitCode = await new Promise((resolve) => made.once('close', resolve));
  } finally {
    for (const child of traffic) endGroup(child);
    for (const name of [host, router, servers]) ip('netns', 'del', name);
  }
}

function makeNetwork() {
  for (const name of [host, router, servers]) {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  ip('link', 'add', 'eth0', 'netns', host, 'type', 'veth', 'peer', 'name', 'inside', 'netns', router);
  ip('link', 'add', 'eth0', 'netns', servers, 'type', 'veth', 'peer', 'name', 'outside', 'netns', router);
  ip('-n', host, 'addr', 'add', '10.20.0.7/24', 'dev', 'eth0');
  ip('-n', router, 'addr', 'add', '10.20.0.1/24', 'dev', 'inside');
  ip('-n', router, 'addr', 'add', '203.0.113.1/24', 'dev', 'outside');
  for (const last of [10, 48, 80, 81, 82, 83])
    ip('-n', servers, 'addr', 'add', `203.0.113.${last}/24`, 'dev', 'eth0');
  ip('-n', host, 'link', 'set', 'eth0', 'up');
  ip('-n', servers, 'link', 'set', 'eth0', 'up');
  for (const name of ['inside', 'outside']) ip('-n', router, 'link', 'set', name, 'up');
  ip('-n', host, 'route', 'add', 'default', 'via', '10.20.0.1');
  ip('-n', servers, 'route', 'add', 'default', 'via', '203.0.113.1');
  inNamespace(router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  inNamespace(
    router,
    'nft',
    'table ip picture { chain forward {\n type filter hook forward priority 0;\n' +
      'tcp dport 22 reject with tcp reset\n' +
      'ip daddr 203.0.113.83 tcp dport 80 meta length > 100 reject with tcp reset\n }\n}',
  );
}

function inside() {
  return takePicture(PICTURE, [], async (page) => {
    await page.getByRole('option').filter({ hasText: 'eth0' }).click();
    await page
      .getByRole('button', { name: /^(Start c|C)apture/ })
      .last()
      .click();
    await page.getByRole('region', { name: 'Live capture' }).waitFor();
    await page
      .getByRole('button', { name: /^Resets/ })
      .first()
      .click();
    const rows = page.getByRole('grid', { name: 'Resets' });
    // One that the kernel can say most about.
    await rows
      .getByRole('row')
      .filter({ hasText: 'Client' })
      .filter({ hasText: 'Closed with unr' })
      .first()
      .click();
    await page.waitForFunction(
      ([grid, count]) => Number(document.querySelector(grid)?.getAttribute('aria-rowcount')) > count,
      ['[role="grid"][aria-label="Resets"]', RESETS],
      { timeout: PATIENCE_MS },
    );
  });
}

/** Ends a program with its children: each of the clients is a process of its own, and would outlive the namespaces. */
function endGroup(child) {
  try {
    process.kill(-child.pid);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function spawnIn(namespace, ...command) {
  return spawn('ip', ['netns', 'exec', namespace, ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
}

function inNamespace(namespace, ...command) {
  execFileSync('ip', ['netns', 'exec', namespace, ...command], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
