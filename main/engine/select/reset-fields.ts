/** Fields that only packets have which are judged resets: the verdict's columns, and its texts where a filter asks for them. */
import type { FieldValue } from '../../../shared/fields/field.ts';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import { OBEYED, ORIGIN_KINDS, ORIGIN_SIDES, RESET_FAMILIES } from '../../../shared/model/verdict.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import type { SelectStores } from './stores.ts';

type Values = readonly FieldValue[];

const NONE: Values = [];
const LAYER: Values = [new Uint8Array(0)];

function known(value: number): Values {
  return value < 0 ? NONE : [value];
}

const COLUMNS: Readonly<Record<string, (verdicts: VerdictColumns, at: number) => Values>> = {
  rst: () => LAYER,
  'rst.origin': ({ kind }, at) => [ORIGIN_KINDS[kind[at]]],
  'rst.side': ({ side }, at) => [ORIGIN_SIDES[side[at]]],
  'rst.cause': ({ cause }, at) => [CAUSE_CODES[cause[at]]],
  'rst.confidence': ({ confidence }, at) => [confidence[at]],
  'rst.matters': ({ matters }, at) => [matters[at] === 1],
  'rst.hops': ({ hops }, at) => known(hops[at]),
  'rst.family': ({ family }, at) => [RESET_FAMILIES[family[at]]],
  'rst.obeyed': ({ obeyed }, at) => [OBEYED[obeyed[at]]],
  'rst.idle': ({ silenceSeconds }, at) => known(silenceSeconds[at]),
  'rst.unacked': ({ unacknowledged }, at) => known(unacknowledged[at]),
};

const ROWS: Readonly<Record<string, (stores: SelectStores, id: number) => Values>> = {
  'rst.claimed': (stores, id) => [stores.resetView.claimed(id) === 0 ? 'client' : 'server'],
  'rst.label': (stores, id) => [stores.resetView.label(id)],
  'rst.text': (stores, id) => {
    const { verdicts } = stores;
    const cause = CAUSE_CODES[verdicts.cause[verdicts.at(id)]];
    return [cause, cause.replaceAll('-', ' '), stores.resetView.label(id)];
  },
};

export function isResetField(field: string): boolean {
  return Object.hasOwn(COLUMNS, field) || Object.hasOwn(ROWS, field);
}

/** @param id of a reset that is judged and still known */
export function resetFieldValues(stores: SelectStores, field: string, id: number): Values {
  if (Object.hasOwn(COLUMNS, field)) return COLUMNS[field](stores.verdicts, stores.verdicts.at(id));
  return Object.hasOwn(ROWS, field) ? ROWS[field](stores, id) : NONE;
}
