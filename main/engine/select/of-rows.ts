/**
 * What a filter asks of lists of resets, flows and failures, where it means something else than of packets.
 *
 * A reset has no TLS in it, and nobody who types `tls` over a list of resets looks for one that has: a bare name of an application's
 * protocol asks for what belongs to a connection that speaks it. `not tls` then leaves out such connections whole. Everything that
 * is asked of a protocol's fields is asked of packets, as ever.
 */
import { ensure } from '../../../shared/base/assert.ts';
import { fieldNamed } from '../../../shared/fields/catalogue.ts';
import type { CompareNode, ExistsNode, FilterNode } from '../../../shared/filter/ast.ts';
import { HINT_PROTOCOLS } from '../../../shared/model/hints.ts';

const APPLICATION = ensure(fieldNamed('flow.app'), 'it is one of our fields');
const SPOKEN: ReadonlySet<string> = new Set(HINT_PROTOCOLS);

/** Whether it is a bare name of an application's protocol. */
export function isSpoken(node: FilterNode): node is ExistsNode {
  if (node.kind !== 'exists') return false;
  const { field, layers, selected } = node.field;
  return layers === null && !selected && SPOKEN.has(field.name);
}

/** The filter as lists of rows take it; the same one where it asks for no such protocol. */
export function ofRows(node: FilterNode): FilterNode {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const parts = node.parts.map(ofRows);
      return parts.every((part, i) => part === node.parts[i]) ? node : { ...node, parts };
    }
    case 'not': {
      const part = ofRows(node.part);
      return part === node.part ? node : { ...node, part };
    }
    case 'exists':
      return isSpoken(node) ? { kind: 'or', parts: [node, spokenBy(node)], span: node.span } : node;
    default:
      return node;
  }
}

/** The test whether a packet's flow speaks the protocol that the layer is of. */
function spokenBy({ field: { field }, span }: ExistsNode): CompareNode {
  const value = field.name;
  return {
    kind: 'compare',
    operator: 'eq',
    quantifier: 'any',
    left: { kind: 'field', field: APPLICATION, layers: null, selected: false, span },
    right: { kind: 'literal', type: APPLICATION.type, value, prefix: null, text: `"${value}"`, span },
    span,
  };
}
