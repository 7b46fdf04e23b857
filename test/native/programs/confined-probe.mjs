// node confined-probe.mjs ADDON FOLDERS-AS-JSON HOME
//
// Confines itself, tries what a process that was taken over would try, and prints what came of each as JSON.
import { execFileSync, fork, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import zlib from 'node:zlib';

const [addon, folders, home] = process.argv.slice(2);
const holder = { exports: {} };
process.dlopen(holder, addon);
// Threads of the pool that run before: they are to be held as well.
await Promise.all(Array.from({ length: 4 }, () => fs.promises.stat('/')));
const { landlock, threads } = holder.exports.confine(JSON.parse(folders));
const [folder] = JSON.parse(folders);
const parent = process.ppid;

function attempt(work) {
  try {
    work();
    return 'done';
  } catch (error) {
    return error.code ?? error.message;
  }
}
/** A folder in one that may be written to, and a file in it, put in place by its name. */
function makeAndFill(path) {
  fs.mkdirSync(path);
  fs.writeFileSync(join(path, 'part'), 'x');
  fs.renameSync(join(path, 'part'), join(path, 'whole'));
}
const attemptLater = (work) =>
  work().then(
    () => 'done',
    (error) => error.code ?? error.message,
  );

function statusOf(thread) {
  try {
    return fs.readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
  } catch {
    return undefined;
  }
}

const told = {
  landlock,
  threads,
  read: attempt(() => fs.readFileSync('/etc/passwd')),
  listFolder: attempt(() => fs.readdirSync('/')),
  readInThread: await attemptLater(() => fs.promises.readFile('/etc/passwd')),
  unzip: attempt(() => zlib.gunzipSync(zlib.gzipSync('text'))),
  watch: attempt(() => fs.watch('/etc').close()),
  connect: await attemptLater(async () => once(net.connect(9, '127.0.0.1'), 'connect')),
  connectLocally: await attemptLater(async () => once(net.connect('/nonexistent'), 'connect')),
  listen: await attemptLater(async () => once(net.createServer().listen(0, '127.0.0.1'), 'listening')),
  datagram: await attemptLater(async () => once(dgram.createSocket('udp4').bind(0), 'listening')),
  program: attempt(() => execFileSync('/bin/true')),
  programByShell: spawnSync('true', { shell: true }).error?.code ?? 'done',
  ownKind: await attemptLater(async () => {
    const child = fork(process.argv[1], { stdio: 'ignore' });
    await once(child, 'spawn');
  }),
  writeHome: attempt(() => fs.writeFileSync(join(home, 'taken'), 'x')),
  changeFile: attempt(() => fs.appendFileSync(join(home, 'kept'), 'x')),
  cutFile: attempt(() => fs.truncateSync(join(home, 'kept'))),
  removeFile: attempt(() => fs.unlinkSync(join(home, 'kept'))),
  renameFile: attempt(() => fs.renameSync(join(home, 'kept'), join(home, 'moved'))),
  linkFile: attempt(() => fs.linkSync(join(home, 'kept'), join(home, 'linked'))),
  linkByName: attempt(() => fs.symlinkSync('/etc/passwd', join(home, 'linked'))),
  makeFolder: attempt(() => fs.mkdirSync(join(home, 'folder'))),
  rightsOfFile: attempt(() => fs.chmodSync(join(home, 'kept'), 0o666)),
  ownerOfFile: attempt(() => fs.chownSync(join(home, 'kept'), 1, 1)),
  timesOfFile: attempt(() => fs.utimesSync(join(home, 'kept'), 1, 1)),
  writeByThread: await attemptLater(() => fs.promises.writeFile(join(home, 'taken'), 'x')),
  writeFolder: folder === undefined ? null : attempt(() => fs.writeFileSync(join(folder, 'case'), 'x')),
  makeInFolder: folder === undefined ? null : attempt(() => makeAndFill(join(folder, `made-${process.pid}`))),
  removeInFolder: folder === undefined ? null : attempt(() => fs.unlinkSync(join(folder, 'case'))),
  removeFolderInFolder:
    folder === undefined
      ? null
      : attempt(() => {
          fs.mkdirSync(join(folder, 'work'));
          fs.rmdirSync(join(folder, 'work'));
        }),
  leaveFolder:
    folder === undefined ? null : attempt(() => fs.writeFileSync(join(folder, '../taken-beside'), 'x')),
  killParent: attempt(() => process.kill(parent, 'SIGTERM')),
  askParent: attempt(() => process.kill(parent, 0)),
  killGroup: attempt(() => process.kill(0, 'SIGTERM')),
  killAll: attempt(() => process.kill(-1, 'SIGTERM')),
  askSelf: attempt(() => process.kill(process.pid, 0)),
  memoryOfParent: attempt(() => fs.openSync(`/proc/${parent}/mem`, 'r')),
  writeMemoryOfParent: attempt(() => fs.openSync(`/proc/${parent}/mem`, 'r+')),
  environmentOfParent: attempt(() => fs.readFileSync(`/proc/${parent}/environ`)),
  filesOfParent: attempt(() => fs.openSync(`/proc/${parent}/fd/0`, 'r')),
  writeOwnMemory: attempt(() => fs.openSync('/proc/self/mem', 'r+')),
  becomeOther: attempt(() => process.setuid(1)),
  worker: await new Promise((resolve, reject) => {
    const source = `
      const fs = require('node:fs');
      const { parentPort } = require('node:worker_threads');
      const told = [];
      for (const work of [() => fs.readFileSync('/etc/passwd'), () => fs.writeFileSync(${JSON.stringify(join(home, 'taken'))}, 'x')]) {
        try { work(); told.push('done'); } catch (error) { told.push(error.code); }
      }
      parentPort.postMessage(told);`;
    new Worker(source, { eval: true }).once('message', resolve).once('error', reject);
  }),
  /** Of each thread: new privileges, filter, effective rights. */
  held: [
    ...new Set(
      fs.readdirSync('/proc/self/task').flatMap((thread) => {
        const status = statusOf(thread);
        // A thread may have ended since.
        if (status === undefined) return [];
        return ['NoNewPrivs', 'Seccomp', 'CapEff']
          .map((name) => new RegExp(`^${name}:\\s*(\\w+)$`, 'm').exec(status)[1])
          .join(' ');
      }),
    ),
  ],
};
process.stdout.write(JSON.stringify(told));
