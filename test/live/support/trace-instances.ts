/** Instances of tracefs, of which the kernel witness makes one while it watches. */
import { execFileSync } from 'node:child_process';

/** All of them, where tracefs can be seen; mounted for this look only. */
export function traceInstances(namespace: string): string[] {
  // In a namespace ip gives a mount table of its own, so nothing of this shows outside.
  const script =
    'mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null; ls /sys/kernel/tracing/instances 2>/dev/null; true';
  const names = execFileSync('ip', ['netns', 'exec', namespace, 'sh', '-c', script], { encoding: 'utf8' });
  return names.split('\n').filter((name) => name !== '');
}
