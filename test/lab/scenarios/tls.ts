/** TLS of openssl: certificates for a server, a client that greets it, and a refusal made by hand. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostPort } from '../plan.ts';
import type { Lab } from '../scenario.ts';

/** A record of TLS 1.2: a fatal alert (RFC 5246, section 7.2), as a program of the lab sends it. */
export const fatalAlert = (description: number): string =>
  `hex:150303000202${description.toString(16).padStart(2, '0')}`;

/** Makes a key and a certificate that nobody trusts; the options by which openssl serves with them. */
export async function certificate(lab: Lab): Promise<string[]> {
  const [key, cert] = [join(lab.folder, 'key.pem'), join(lab.folder, 'cert.pem')];
  await lab.command(
    'server',
    'openssl',
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=lab.example', '-days', '2', '-keyout', key, '-out', cert],
  );
  // haproxy wants both in one file.
  await writeFile(join(lab.folder, 'both.pem'), Buffer.concat([await readFile(cert), await readFile(key)]));
  return ['-key', key, '-cert', cert];
}

/** A client whose handshake is meant to fail. */
export async function greet(lab: Lab, ...options: string[]): Promise<void> {
  const address = hostPort(lab.server, lab.port);
  await lab
    .command('client', 'timeout', '3', 'openssl', 's_client', ...options, '-connect', address)
    .catch(() => undefined);
}

/** Sends a request over TLS and reads until the other side ends. */
export async function askOverTls(lab: Lab, address: string, request: string): Promise<void> {
  const file = join(lab.folder, 'request');
  await writeFile(file, request);
  const script = `(cat ${file}; sleep 2) | timeout 3 openssl s_client -quiet -connect ${address}`;
  await lab.command('client', 'sh', '-c', script).catch(() => undefined);
}
