// npm run package:signing [-- --require]
//
// Says whether what signing takes is in the environment, for this system or the one named by --system; electron-builder reads
// these variables itself. Nothing is signed here, and nothing is said of whether the keys are right. With --require a missing
// one is a failure.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Each thing with the sets of variables of which one is enough. */
const NEEDED = {
  darwin: [
    ['a Developer ID certificate', [['CSC_LINK', 'CSC_KEY_PASSWORD'], ['CSC_NAME']]],
    [
      'notarisation',
      [
        ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'],
        ['APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'],
        ['APPLE_KEYCHAIN_PROFILE'],
      ],
    ],
  ],
  win32: [
    [
      'an Authenticode certificate',
      [
        ['WIN_CSC_LINK', 'WIN_CSC_KEY_PASSWORD'],
        ['CSC_LINK', 'CSC_KEY_PASSWORD'],
      ],
    ],
  ],
  // Packages of Linux are trusted by their repository; what is published beside them is signed.
  linux: [['the key that signs SHA256SUMS', [['RESETSCOPE_GPG_KEY']]]],
};

/** A line for each thing: what signs, or the smallest set of variables that is wanting. */
export function signingReport(platform, env) {
  return NEEDED[platform].map(([name, sets]) => {
    const missing = sets.map((set) => set.filter((variable) => !env[variable]));
    const given = sets[missing.findIndex((one) => one.length === 0)];
    if (given !== undefined) return { name, isThere: true, text: `${name}: ${given.join(', ')}` };
    // A set that was begun is the one that was meant.
    const begun = missing.findIndex((one, index) => one.length < sets[index].length);
    const wanting = begun >= 0 ? missing[begun].join(', ') : sets.map((set) => set.join(' + ')).join(', or ');
    return { name, isThere: false, text: `${name}: missing ${wanting}` };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      require: { type: 'boolean', default: false },
      system: { type: 'string', default: process.platform },
    },
  });
  if (!(values.system in NEEDED)) {
    console.error(`--system is one of ${Object.keys(NEEDED).join(', ')}`);
    process.exit(64);
  }
  const report = signingReport(values.system, process.env);
  for (const { text } of report) console.log(text);
  if (values.require && report.some(({ isThere }) => !isThere)) process.exitCode = 1;
}
