/** The contracts as documents: JSON Schema, draft 2020-12. */
import packageJson from '../../../package.json' with { type: 'json' };
import { jsonSchemaOf } from '../../mcp/json-schema.ts';
import type { PublishedSchema } from '../../mcp/resources.ts';
import type { Contract } from './contract.ts';
import { CONTRACTS } from './list.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
let published: readonly PublishedSchema[] | undefined;

export function publishedSchemas(): readonly PublishedSchema[] {
  return (published ??= CONTRACTS.map((contract) => ({
    name: contract.name,
    title: contract.title,
    text: `${JSON.stringify(documentOf(contract), undefined, 2)}\n`,
  })));
}

function documentOf({ name, title, schema, isLines, command }: Contract): object {
  const { description, ...rest } = jsonSchemaOf(schema);
  return {
    $schema: DRAFT,
    $id: `${packageJson.homepage}/schema/${name}.json`,
    title,
    description: [
      ...(typeof description === 'string' ? [description] : []),
      `${isLines === true ? 'Each line' : 'What'} “resetscope ${command.map(quoted).join(' ')}” prints.`,
    ].join(' '),
    ...rest,
  };
}

function quoted(argument: string): string {
  return /[^\w.,-]/u.test(argument) ? `'${argument}'` : argument;
}
