// Verdicts against the lab's truth: npm run accuracy [-- DIR --only NAME --errors N]
import { labProgram, root } from './lab-program.mjs';

const { main } = await labProgram('accuracy');
process.exitCode = await main(process.argv.slice(2), root);
