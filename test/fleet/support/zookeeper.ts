/** A real ZooKeeper, by which replicas of ClickHouse agree; in a folder and namespace, and ended with its test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lab/processes.ts';
import { until } from '../../support/until.ts';

const JAR = '/usr/share/java/zookeeper.jar';
const JAVA = '/usr/bin/java';

export const HAS_ZOOKEEPER = existsSync(JAR) && existsSync(JAVA);

/** @returns what ends it */
export async function startZooKeeper(
  host: string,
  port: number,
  namespace: string,
): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-zookeeper-'));
  const settings = join(folder, 'zoo.cfg');
  writeFileSync(
    settings,
    [
      `dataDir=${join(folder, 'data')}`,
      `clientPort=${port}`,
      `clientPortAddress=${host}`,
      'admin.enableServer=false',
      'tickTime=500',
      '',
    ].join('\n'),
  );
  const child = spawn(
    'ip',
    [
      'netns',
      'exec',
      namespace,
      JAVA,
      '-Xmx128m',
      '-cp',
      JAR,
      'org.apache.zookeeper.server.ZooKeeperServerMain',
      settings,
    ],
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
    await until(() => answers(host, port, namespace, child), 'ZooKeeper answers');
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

/** It takes connections. */
async function answers(host: string, port: number, namespace: string, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`ZooKeeper ended with ${child.exitCode}`);
  try {
    await run('ip', 'netns', 'exec', namespace, 'bash', '-c', `</dev/tcp/${host}/${port}`);
    return true;
  } catch {
    return false;
  }
}
