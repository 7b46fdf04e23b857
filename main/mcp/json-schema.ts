/** Schemas of valibot as JSON Schemas, draft 2020-12: what is checked here and what is published are one truth. */
import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Whose draft is meant is said by whoever publishes a document. */
const WITHOUT_DRAFT = { target: 'draft-2020-12', typeMode: 'input' } as const;

/**
 * Closed: what a schema does not name is not there, in objects that valibot would let pass, too.
 * @throws where a schema holds what JSON Schema cannot say
 */
export function jsonSchemaOf(schema: v.GenericSchema): JsonSchema {
  const made = toJsonSchema(schema, {
    ...WITHOUT_DRAFT,
    // A function of ours, such as whether a text is an address: its message stands in the description.
    ignoreActions: ['check'],
    overrideSchema: ({ valibotSchema: { type }, jsonSchema }) => {
      if (type === 'object') return { ...jsonSchema, additionalProperties: false };
      if (type !== 'tuple') return undefined;
      const { length } = jsonSchema.prefixItems ?? [];
      return { ...jsonSchema, items: false, minItems: length, maxItems: length };
    },
    // Patterns of JSON Schema are Unicode's (JSON Schema Core §6.4): the flag that says so is none that would be lost.
    overrideAction: ({ valibotAction, jsonSchema }) => {
      const { type, requirement } = valibotAction as { type: string; requirement?: unknown };
      return type === 'regex' && requirement instanceof RegExp && requirement.flags === 'u'
        ? { ...jsonSchema, pattern: requirement.source }
        : undefined;
    },
  });
  delete made.$schema;
  return made as JsonSchema;
}
