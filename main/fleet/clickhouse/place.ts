/** Where a ClickHouse is that keeps a fleet: `clickhouse://[user[:password]@]host[:port][,host[:port]…]/database[?cluster=name]`. */
import { FleetError } from '../store.ts';

export interface ClickHouseHost {
  readonly host: string;
  readonly port: number;
  /** As people write it: `host:port`, brackets around IPv6. */
  readonly name: string;
}

export interface ClickHousePlace {
  readonly isTls: boolean;
  readonly hosts: readonly ClickHouseHost[];
  readonly user: string;
  /** Never in a name, an error or a log. */
  readonly password: string;
  readonly database: string;
  /** Null for one server. */
  readonly cluster: string | null;
  /** The place without its password. */
  readonly name: string;
}

const FORM = 'clickhouse://[user[:password]@]host[:port][,host[:port]…]/database[?cluster=name]';
/** More hosts than anybody writes into one line. */
const MAX_HOSTS = 1024;
const HTTP_PORT = 8123;
const HTTPS_PORT = 8443;

export function isClickHousePlace(place: string): boolean {
  return /^clickhouses?:\/\//i.test(place);
}

/**
 * @param password for a place that names none
 * @throws FleetError 'not-a-fleet' where the text is no place; the password is not in it
 */
export function parseClickHousePlace(place: string, password = ''): ClickHousePlace {
  const parts = /^(clickhouses?):\/\/(?:([^/?#]*)@)?([^/?#@]*)\/([^/?#]*)(?:\?([^#]*))?$/i.exec(place);
  if (parts === null) throw refusal(`is written as ${FORM}`);
  const [, scheme, login, hosts, database, search] = parts;
  const isTls = scheme.toLowerCase() === 'clickhouses';
  const colon = login === undefined ? -1 : login.indexOf(':');
  const user = login === undefined ? 'default' : decoded(colon < 0 ? login : login.slice(0, colon));
  if (!/^[A-Za-z_]\w{0,63}$/.test(database)) {
    throw refusal('needs the name of a database after its hosts: letters, digits and _');
  }
  const cluster = clusterOf(search);
  const list = hosts.split(',');
  if (list.length > MAX_HOSTS) throw refusal(`names more than ${MAX_HOSTS} hosts`);
  const named = list.map((text) => hostOf(text, isTls ? HTTPS_PORT : HTTP_PORT));
  if (new Set(named.map(({ name }) => name)).size < named.length) throw refusal('names a host twice');
  const who = login === undefined ? '' : `${encodeURIComponent(user)}@`;
  const how = cluster === null ? '' : `?cluster=${encodeURIComponent(cluster)}`;
  return {
    isTls,
    hosts: named,
    user,
    password: colon < 0 ? password : decoded(login.slice(colon + 1)),
    database,
    cluster,
    name: `${scheme.toLowerCase()}://${who}${named.map(({ name }) => name).join(',')}/${database}${how}`,
  };
}

function clusterOf(search: string | undefined): string | null {
  const asked = new URLSearchParams(search ?? '');
  for (const key of asked.keys())
    if (key !== 'cluster') throw refusal(`knows no “${key}”, only cluster=name`);
  const name = asked.get('cluster');
  if (name === null) return null;
  if (!/^[\w.-]{1,128}$/.test(name)) throw refusal('has a name of a cluster that cannot be one');
  return name;
}

function hostOf(text: string, otherwise: number): ClickHouseHost {
  const parts = /^(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(text);
  if (parts === null) throw refusal(`has a host that cannot be one; it is written as ${FORM}`);
  const port = parts[2] === undefined ? otherwise : Number(parts[2]);
  if (port < 1 || port > 65535) throw refusal(`has a port that cannot be one: ${port}`);
  return { host: parts[1], port, name: `${parts[1]}:${port}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal('has a user or password with a % that stands for nothing; write %25 for one');
  }
}

function refusal(why: string): FleetError {
  return new FleetError('not-a-fleet', `the place of a ClickHouse ${why}`);
}
