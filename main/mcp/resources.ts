/** What clients can read without a capture: causes, help with filters, and the schemas of all answers. */
import { RpcError } from '../../shared/contract/errors.ts';
import { causeOf } from '../../shared/causes/list.ts';
import { FIELDS } from '../../shared/fields/catalogue.ts';
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import { FAILURE_KINDS } from '../../shared/model/failure.ts';
import { FAILURE_KIND_TEXTS } from '../../shared/texts/failure-kinds.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { FILTER_HELP } from './filter-help.ts';
import { explain } from './tools/explain.ts';

/** A document that `resetscope schema` prints. */
export interface PublishedSchema {
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly description: string;
  readonly mimeType: string;
}

const SCHEME = 'resetscope://';
const JSON_TYPE = 'application/json';
const MARKDOWN = 'text/markdown';

const FIXED: readonly (Resource & { readonly text: () => string })[] = [
  {
    uri: `${SCHEME}causes`,
    name: 'Causes and failures',
    description:
      'All causes of resets and kinds of failures with their codes; resetscope://cause/CODE tells of one.',
    mimeType: JSON_TYPE,
    text: () =>
      JSON.stringify({
        causes: CAUSE_CODES.map((code) => ({ code, title: causeOf(code).title })),
        failures: FAILURE_KINDS.map((code) => ({ code, title: FAILURE_KIND_TEXTS[code].title })),
      }),
  },
  {
    uri: `${SCHEME}help/filter`,
    name: 'Filters',
    description: 'How a filter is written, with examples.',
    mimeType: MARKDOWN,
    text: () => FILTER_HELP,
  },
  {
    uri: `${SCHEME}help/fields`,
    name: 'Fields',
    description: 'All fields that filters know, with their types.',
    mimeType: MARKDOWN,
    text: () => `${FIELDS.map(({ name, type, title }) => `- ${name} (${type}): ${title}`).join('\n')}\n`,
  },
];

export const RESOURCE_TEMPLATES = [
  {
    uriTemplate: `${SCHEME}cause/{code}`,
    name: 'A cause',
    description: 'What one cause or kind of failure means, and what to check; as the tool “explain”.',
    mimeType: JSON_TYPE,
  },
];

export class Resources {
  readonly #schemas: () => readonly PublishedSchema[];

  constructor(schemas: () => readonly PublishedSchema[]) {
    this.#schemas = schemas;
  }

  list(): readonly Resource[] {
    return [
      ...FIXED.map(({ uri, name, description, mimeType }) => ({ uri, name, description, mimeType })),
      ...this.#schemas().map(({ name, title }) => ({
        uri: `${SCHEME}schema/${name}`,
        name: `Schema ${name}`,
        description: title,
        mimeType: 'application/schema+json',
      })),
    ];
  }

  /** @throws RpcError 'not-found' */
  read(uri: string): { readonly mimeType: string; readonly text: string } {
    const fixed = FIXED.find((one) => one.uri === uri);
    if (fixed !== undefined) return { mimeType: fixed.mimeType, text: fixed.text() };
    const cause = new RegExp(`^${SCHEME}cause/([a-z0-9-]+)$`, 'u').exec(uri);
    if (cause !== null) return { mimeType: JSON_TYPE, text: JSON.stringify(explain(cause[1])) };
    const schema = this.#schemas().find(({ name }) => `${SCHEME}schema/${name}` === uri);
    if (schema !== undefined) return { mimeType: 'application/schema+json', text: schema.text };
    throw new RpcError('not-found', `there is no resource “${sanitiseText(uri, 200)}”`);
  }
}
