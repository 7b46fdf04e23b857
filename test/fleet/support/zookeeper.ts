/** A real ZooKeeper on loopback, by which replicas of ClickHouse agree; in a folder of its own, and ended with its test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/until.ts';

const JAR = '/usr/share/java/zookeeper.jar';
const JAVA = '/usr/bin/java';

export const HAS_ZOOKEEPER = existsSync(JAR) && existsSync(JAVA);

export interface ZooKeeper {
  readonly port: number;
  close(): Promise<void>;
}

export async function startZooKeeper(port: number): Promise<ZooKeeper> {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-zookeeper-'));
  const settings = join(folder, 'zoo.cfg');
  writeFileSync(
    settings,
    [
      `dataDir=${join(folder, 'data')}`,
      `clientPort=${port}`,
      'clientPortAddress=127.0.0.1',
      'admin.enableServer=false',
      'tickTime=500',
      '',
    ].join('\n'),
  );
  const child = spawn(
    JAVA,
    ['-Xmx128m', '-cp', JAR, 'org.apache.zookeeper.server.ZooKeeperServerMain', settings],
    { cwd: folder, stdio: 'ignore' },
  );
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(() => answers(port, child), 'ZooKeeper answers');
  } catch (error) {
    await close();
    throw error;
  }
  return { port, close };
}

/** It takes connections. */
function answers(port: number, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`ZooKeeper ended with ${child.exitCode}`);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
