/** `resetscope doctor` and `resetscope interfaces`: what can capture here, what stands in the way, and what there is. */
import { jsonText, sanitiseText } from '../../shared/format/text.ts';
import type { Confinement } from '../../shared/model/confinement.ts';
import { confinementText } from '../../shared/texts/confinement.ts';
import type { CaptureDiagnosis, CaptureInterface } from '../../shared/model/live.ts';
import { diagnose } from '../capture/live/doctor/doctor.ts';
import { collectFacts } from '../capture/live/doctor/doctor-facts.ts';
import { findPrograms } from '../capture/live/doctor/find-programs.ts';
import { probeSources } from '../capture/live/doctor/probe.ts';
import type { LiveParts } from '../host/live/live-parts.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { Output } from './io.ts';
import { padText, wrapText } from './layout.ts';
import type { Style } from './style.ts';
import { makeStyle } from './style.ts';

const READABLE_WIDTH = 100;

/** @returns 0 where packets can be captured here, 1 where not */
export async function doctor(
  options: { readonly json?: boolean },
  parts: LiveParts,
  io: CliIo,
): Promise<number> {
  const programs = await findPrograms(parts.places);
  const { sources } = await probeSources(programs, parts.run);
  const diagnosis = diagnose(await collectFacts(parts.places, sources, parts.run));
  const output = new Output(io.stdout);
  const style = makeStyle(io.stdoutIsTerminal, true, io.env);
  const confinement = io.confinement?.();
  const text =
    options.json === true
      ? `${jsonText({ ...diagnosis, confinement }, 2)}\n`
      : diagnosisText(diagnosis, style, io) + confinementLines(confinement, io);
  await output.write(text);
  await output.end();
  return diagnosis.canCapture ? EXIT_OK : EXIT_USAGE;
}

function diagnosisText({ canCapture, sources, problems }: CaptureDiagnosis, style: Style, io: CliIo): string {
  const width = Math.min(io.columns ?? READABLE_WIDTH, READABLE_WIDTH);
  const lines = [
    canCapture ? style.green('Packets can be captured here.') : style.red('Nothing can capture here.'),
    '',
  ];
  for (const { kind, usable, version, program, why, lacks } of sources) {
    const about = [version, program].filter((one) => one !== null).join(', ');
    const state = usable ? style.green('yes') : style.dim('no ');
    lines.push(`${padText(kind, 8)} ${state}  ${sanitiseText(why ?? about, 300)}`);
    if (usable && lacks.length > 0) {
      for (const line of wrapText(`lacks: ${lacks.join('; ')}`, width - 14))
        lines.push(style.dim(`              ${line}`));
    }
  }
  for (const { title, text, command, weight } of problems) {
    lines.push(
      '',
      `${weight === 'limits' ? style.yellow('·') : style.red('!')} ${style.bold(sanitiseText(title, 300))}`,
    );
    for (const line of wrapText(sanitiseText(text, 2000), width - 2)) lines.push(`  ${line}`);
    // Whole, however long the paths in it are: the beginning of a command is another command.
    if (command !== null) lines.push('', `    ${sanitiseText(command, Infinity)}`);
  }
  return `${lines.join('\n')}\n`;
}

function confinementLines(confinement: Confinement | undefined, io: CliIo): string {
  if (confinement === undefined) return '';
  const width = Math.min(io.columns ?? READABLE_WIDTH, READABLE_WIDTH);
  return `\n${wrapText(sanitiseText(confinementText(confinement), Infinity), width).join('\n')}\n`;
}

export async function interfaces(
  options: { readonly json?: boolean },
  parts: LiveParts,
  io: CliIo,
): Promise<number> {
  const programs = await findPrograms(parts.places);
  const found = (await probeSources(programs, parts.run)).interfaces;
  const output = new Output(io.stdout);
  await output.write(options.json === true ? `${jsonText(found, 2)}\n` : interfacesText(found));
  await output.end();
  return EXIT_OK;
}

function interfacesText(found: readonly CaptureInterface[]): string {
  const widest = found.reduce((most, { name }) => Math.max(most, name.length), 0);
  return found
    .map(({ name, description, addresses, up, wireless, linkTypes }) => {
      const about = [
        up ? 'up' : 'down',
        ...(wireless ? ['wireless'] : []),
        ...(description === null ? [] : [sanitiseText(description, 100)]),
        ...addresses,
        ...(linkTypes === null || linkTypes.length === 0 ? [] : [`(${linkTypes.join(', ')})`]),
      ];
      return `${padText(sanitiseText(name, 100), widest)}  ${about.join('  ')}\n`;
    })
    .join('');
}
