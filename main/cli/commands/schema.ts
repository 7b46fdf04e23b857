import type { CommandMaker } from './command-maker.ts';
import type { SchemaOptions } from '../schema-command.ts';

export const schemaCommand: CommandMaker = ({ program, io, done }) =>
  program
    .command('schema')
    .description('JSON Schemas of what the other commands print for programs')
    .argument('[name]', 'which one; without it all are listed')
    .option('-o, --output <folder>', 'write NAME.json there, of all where none is named')
    .action(async (name: string | undefined, options: SchemaOptions) => {
      const { schema } = await import('../schema-command.ts');
      done(await schema(name, options, io));
    });
