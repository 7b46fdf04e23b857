// Fits the weights of evidence to labs: npm run fit [-- DIR…]
import { labProgram, root } from './lab-program.mjs';

const { main } = await labProgram('fit');
process.exit(await main(process.argv.slice(2), root));
