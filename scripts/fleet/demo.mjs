// The demonstration of a fleet, as root: npm run fleet:demo
import { execFileSync } from 'node:child_process';
import { labProgram, root } from '../lab-program.mjs';

execFileSync(process.execPath, ['scripts/build.mjs', 'programs'], { cwd: root, stdio: 'inherit' });
const { main } = await labProgram('../fleet/demo/main');
process.exit(await main(root));
