/** nginx with a configuration of its own, inside a node. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../scenario.ts';

export async function nginx(
  lab: Lab,
  node: string,
  port: number,
  body: string,
): Promise<() => Promise<void>> {
  const file = join(lab.folder, 'nginx.conf');
  await chmod(lab.folder, 0o755);
  await writeFile(
    file,
    `${body.includes('stream {') ? `load_module ${STREAM_MODULE};\n` : ''}daemon off; user root; worker_processes 1; pid ${lab.folder}/nginx.pid; error_log ${lab.folder}/error.log;\n` +
      `events { worker_connections 64; }\n${body}\n`,
  );
  return lab.daemon(node, port, 'nginx', '-p', lab.folder, '-c', file, '-e', `${lab.folder}/error.log`);
}

export const STREAM_MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so';

export const httpPaths = (folder: string): string =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
