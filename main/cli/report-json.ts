/** The report as JSON: one document, or one object a line. Written piece by piece: there may be millions of resets. */
import type { Report, WriteText } from './report.ts';
import { fileJson, resetJson } from './report.ts';

export async function writeJson(report: Report, write: WriteText): Promise<void> {
  await write('{\n"schema": 1,\n"files": [');
  for (const [index, file] of report.files.entries()) {
    await write(`${index === 0 ? '' : ','}\n${JSON.stringify(fileJson(file))}`);
  }
  await write(`${report.files.length === 0 ? '' : '\n'}],\n"flows": ${report.flows},\n"resets": [`);
  let separator = '\n';
  for (const id of report.ids) {
    await write(separator + JSON.stringify(resetJson(report.detail(id), report.epochNs)));
    separator = ',\n';
  }
  await write(`${report.ids.length === 0 ? '' : '\n'}]\n}\n`);
}

export async function writeNdjson(report: Report, write: WriteText): Promise<void> {
  for (const file of report.files) await write(`${JSON.stringify({ type: 'file', ...fileJson(file) })}\n`);
  for (const id of report.ids) {
    const reset = resetJson(report.detail(id), report.epochNs);
    await write(`${JSON.stringify({ type: 'reset', ...reset })}\n`);
  }
}
