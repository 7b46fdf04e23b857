/**
 * The common part of pcap-filter(7) as a display filter: people type `host 10.0.0.1 and port 443` here, too.
 *
 *   filter    = primitive *( ( "and" / "or" / "&&" / "||" ) primitive )
 *   primitive = [ "not" / "!" ] [ "tcp" / "udp" ] [ "src" / "dst" ] ( "host" / "net" / "port" / "portrange" ) value
 *
 * With parentheses, other words than these, or `and` beside `or`, which bind alike there and not here, it is left alone.
 */
const PRIMITIVE =
  /^(?:(not|!)\s*)?(?:(tcp|udp)\s+)?(?:(src|dst)\s+)?(host|net|port|portrange)\s+([\w.:/-]+)(?:\s+(and|or|&&|\|\|)\s+|\s*$)/u;
const MAX_PRIMITIVES = 32;
const JOINTS: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or' };

/** The display filter; null where the text is none of these. */
export function asDisplayFilter(text: string): string | null {
  const tests: string[] = [];
  const joints = new Set<string>();
  let rest = text.trim();
  while (rest !== '') {
    const found = PRIMITIVE.exec(rest);
    if (found === null || tests.length === MAX_PRIMITIVES) return null;
    const [whole, not, protocol, way, kind, value, joint] = found;
    const test =
      kind === 'host' || kind === 'net' ? addressTest(way, value) : portTest(protocol, way, kind, value);
    if (test === null) return null;
    tests.push(not === undefined ? test : `not (${test})`);
    if (joint !== undefined) joints.add(JOINTS[joint] ?? joint);
    rest = rest.slice(whole.length);
    // Something has to follow it.
    if (rest === '' && joint !== undefined) return null;
  }
  if (joints.size > 1 || tests.length === 0) return null;
  if (!joints.has('and')) return tests.join(' or ');
  return tests.map((test) => (/^(?!not ).* or /u.test(test) ? `(${test})` : test)).join(' and ');
}

function addressTest(way: string | undefined, value: string): string | null {
  const is4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/u.test(value);
  const is6 = /^[\da-f]*:[\da-f:.]*(?:\/\d{1,3})?$/iu.test(value);
  // A host's name is resolved by those who capture; here the packets have to say it.
  if (!is4 && !is6) return null;
  return `${is4 ? 'ip' : 'ipv6'}.${way ?? 'addr'} == ${value}`;
}

/** Without a protocol a port is one of TCP or of UDP. */
function portTest(protocol: string | undefined, way = '', kind: string, value: string): string | null {
  const range = kind === 'port' ? /^\d{1,5}$/u.exec(value) : /^(\d{1,5})-(\d{1,5})$/u.exec(value);
  if (range === null) return null;
  const is = kind === 'port' ? `== ${value}` : `in {${range[1]}..${range[2]}}`;
  const protocols = protocol === undefined ? ['tcp', 'udp'] : [protocol];
  return protocols.map((one) => `${one}.${way}port ${is}`).join(' or ');
}
