/** `resetscope schema`: JSON Schemas of all that commands print for programs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../../shared/filter/suggest.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { WholeFile } from '../capture/whole-file.ts';
import { publishedSchemas } from './contracts/published.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { Output } from './io.ts';

export interface SchemaOptions {
  /** Folder that gets NAME.json of each. */
  readonly output?: string;
}

/** @param name of one; undefined for their list, or with a folder for all of them */
export async function schema(
  name: string | undefined,
  { output: folder }: SchemaOptions,
  io: CliIo,
): Promise<number> {
  const all = publishedSchemas();
  const wanted = name === undefined ? all : all.filter((one) => one.name === name);
  if (wanted.length === 0) {
    const meant = nearest(
      name ?? '',
      all.map((one) => one.name),
    );
    const hint = meant === undefined ? '“resetscope schema” lists them all' : `did you mean “${meant}”?`;
    io.stderr.write(`resetscope: there is no schema “${sanitiseText(name ?? '', 60)}”; ${hint}\n`);
    return EXIT_USAGE;
  }
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    for (const one of wanted) {
      const file = await WholeFile.create(join(folder, `${one.name}.json`), {
        existing: 'replace',
        mode: 0o666,
      });
      await file.handle.writeFile(one.text);
      await file.commit();
    }
    return EXIT_OK;
  }
  const output = new Output(io.stdout);
  const longest = Math.max(...all.map((one) => one.name.length));
  if (name !== undefined) await output.write(wanted[0].text);
  else for (const one of wanted) await output.write(`${one.name.padEnd(longest)}  ${one.title}\n`);
  await output.end();
  return EXIT_OK;
}
