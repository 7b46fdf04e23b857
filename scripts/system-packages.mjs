// The programs that tests compare with or run in, and the Debian packages that hold them.
import { spawn, spawnSync } from 'node:child_process';

const PACKAGES = {
  tshark: 'tshark',
  tcpdump: 'tcpdump',
  capinfos: 'wireshark-common',
  zstd: 'zstd',
  lz4: 'lz4',
  chromium: 'chromium',
  ip: 'iproute2',
  nft: 'nftables',
  // Brings the headers of C along, which gcc by itself only recommends.
  gcc: 'g++',
  // Comes with the library and its headers.
  'pcap-config': 'libpcap-dev',
  setcap: 'libcap2-bin',
  'mkfs.vfat': 'dosfstools',
  '/usr/bin/python3': 'python3-minimal',
  '/usr/sbin/clickhouse-server': 'clickhouse-server',
  // Replicas of ClickHouse agree by it.
  '/usr/share/zookeeper/bin/zkServer.sh': 'zookeeper',
  rsync: 'rsync',
  rclone: 'rclone',
};

/**
 * Programs that are not there, after trying to install them where that is possible; tests that need them are skipped. What
 * needs none of them can run meanwhile.
 * @returns {Promise<string[]>}
 */
export async function ensureSystemPackages() {
  const missing = Object.keys(PACKAGES).filter((program) => !isThere(program));
  if (missing.length === 0) return [];
  const packages = [...new Set(missing.map((program) => PACKAGES[program]))];
  const canInstall = process.platform === 'linux' && process.getuid() === 0 && isThere('apt-get');
  if (!canInstall) {
    console.log(
      `Not installed: ${missing.join(', ')}. On Debian: sudo apt-get install ${packages.join(' ')}`,
    );
    return missing;
  }
  console.log(`Installing ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    new Promise((resolve) => {
      const child = spawn('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
      child.on('error', () => resolve(false));
      child.on('close', (code) => resolve(code === 0));
    });
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  // A fresh machine knows no packages yet.
  if (!(await apt(...install)) && (await apt('update', '-qq'))) await apt(...install);
  return missing.filter((program) => !isThere(program));
}

function isThere(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}
