// The ground-truth lab: npm run lab [-- --out DIR --only NAME --topology NAME --short --seed N --keep --fixtures]
import { labProgram, root } from './lab-program.mjs';

const { main } = await labProgram('main');
process.exit(await main(process.argv.slice(2), root));
