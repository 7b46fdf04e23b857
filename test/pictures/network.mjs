// The network of the pictures, out of namespaces: a host, its gateway, a firewall that rejects, and behind it the servers.
import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const HERE = fileURLToPath(new URL('.', import.meta.url));

export const ADDRESSES = {
  host: '10.20.0.7',
  gateway: '10.20.0.1',
  firewall: '192.0.2.2',
  prices: '203.0.113.83',
};

export class Network {
  #children = [];

  /** @param id tells this network from others on the machine */
  constructor(id) {
    this.host = `picture${id}-host`;
    this.gateway = `picture${id}-gateway`;
    this.firewall = `picture${id}-firewall`;
    this.servers = `picture${id}-servers`;
  }

  get #all() {
    return [this.host, this.gateway, this.firewall, this.servers];
  }

  make() {
    if (process.getuid() !== 0) throw new Error('network namespaces are made here: run it as root');
    const { host, gateway, firewall, servers } = this;
    for (const name of this.#all) {
      ip('netns', 'add', name);
      ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    connect(host, 'eth0', gateway, 'inside');
    connect(gateway, 'outside', firewall, 'inside');
    connect(firewall, 'outside', servers, 'eth0');
    const give = (name, device, address) => {
      ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', device);
    };
    give(host, 'eth0', ADDRESSES.host);
    give(gateway, 'inside', ADDRESSES.gateway);
    give(gateway, 'outside', '192.0.2.1');
    give(firewall, 'inside', ADDRESSES.firewall);
    give(firewall, 'outside', '203.0.113.1');
    for (const last of [10, 48, 80, 81, 82, 83]) give(servers, 'eth0', `203.0.113.${last}`);
    ip('-n', host, 'route', 'add', 'default', 'via', ADDRESSES.gateway);
    ip('-n', gateway, 'route', 'add', 'default', 'via', ADDRESSES.firewall);
    ip('-n', firewall, 'route', 'add', '10.20.0.0/24', 'via', '192.0.2.1');
    ip('-n', servers, 'route', 'add', 'default', 'via', '203.0.113.1');
    for (const router of [gateway, firewall]) this.run(router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
    this.run(
      firewall,
      'nft',
      'table ip picture { chain forward {\n type filter hook forward priority 0;\n' +
        'tcp dport 22 reject with tcp reset\n' +
        `ip daddr ${ADDRESSES.prices} tcp dport 80 meta length > 200 reject with tcp reset\n }\n}`,
    );
    this.start(servers, '/usr/bin/python3', join(HERE, 'servers.py'));
  }

  startClients() {
    this.start(this.host, '/usr/bin/python3', join(HERE, 'clients.py'));
  }

  /** Runs a program there to its end, and returns what it printed. */
  run(namespace, ...command) {
    return execFileSync('ip', ['netns', 'exec', namespace, ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
  }

  /** Starts a program there, which ends with the network. */
  start(namespace, ...command) {
    const child = spawn('ip', ['netns', 'exec', namespace, ...command], {
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    this.#children.push(child);
    return child;
  }

  async end() {
    for (const child of this.#children) endGroup(child);
    for (const name of this.#all) {
      try {
        ip('netns', 'del', name);
      } catch {
        // It was never made.
      }
    }
  }
}

function connect(one, device, other, otherDevice) {
  ip('link', 'add', device, 'netns', one, 'type', 'veth', 'peer', 'name', otherDevice, 'netns', other);
  ip('-n', one, 'link', 'set', device, 'up');
  ip('-n', other, 'link', 'set', otherDevice, 'up');
}

/** Ends a program with its children: each of the clients is a process of its own, and would outlive the namespaces. */
export function endGroup(child, signal = 'SIGTERM') {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
