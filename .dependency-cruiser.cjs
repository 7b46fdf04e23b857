/**
 * Who may import whom; ARCHITECTURE.md draws it. Tests stand beside what they test and may import test/ as well.
 */
const TESTS = '\\.test\\.tsx?$';
const NODE_MODULES = 'node_modules';

/** The rooms of the page, each with the rooms that it may import besides itself: the arrows point one way. */
const PAGE = {
  platform: [],
  words: [],
  state: ['words', 'platform'],
  ui: ['words'],
  core: ['state', 'words', 'platform'],
  names: ['core', 'state', 'ui', 'words'],
  notes: ['core', 'state', 'ui', 'words'],
  'hand-over': ['notes', 'core', 'state', 'ui', 'words'],
  filter: ['core', 'state', 'ui', 'words', 'platform'],
  timeline: ['core', 'state', 'ui', 'words'],
  lists: ['names', 'filter', 'timeline', 'core', 'state', 'ui', 'words', 'platform'],
  'packet-detail': ['filter', 'core', 'state', 'ui', 'words'],
  'packet-list': ['notes', 'names', 'packet-detail', 'filter', 'lists', 'core', 'state', 'ui', 'words'],
  stream: ['names', 'core', 'state', 'ui', 'words'],
  ladder: ['names', 'core', 'ui', 'words'],
  graphs: ['core', 'ui', 'words'],
  views: [
    'hand-over',
    'notes',
    'names',
    'ladder',
    'graphs',
    'stream',
    'packet-list',
    'packet-detail',
    'lists',
    'timeline',
    'filter',
    'core',
    'state',
    'ui',
    'words',
  ],
  shell: [
    'views',
    'hand-over',
    'notes',
    'names',
    'filter',
    'lists',
    'core',
    'state',
    'ui',
    'words',
    'platform',
  ],
};

/** A room of the page imports the rooms it may, and what is outside of the page: that is the rule of the renderer. */
function pageRoom([name, others]) {
  return {
    name: `page-${name}`,
    comment: `renderer/${name} may import ${others.join(', ') || 'no other room'} of the page`,
    severity: 'error',
    from: { path: `^renderer/${name}/`, pathNot: TESTS },
    to: { path: '^renderer/', pathNot: [name, ...others].map((room) => `^renderer/${room}/`) },
  };
}

/** What a folder may import besides itself: folders of ours, and packages. */
function room(name, from, folders, packages) {
  const modules = packages.map((name) => `^node_modules/${name}/`);
  return [
    {
      name: `${name}-imports`,
      comment: `${from} may import ${folders.join(', ')} and of packages ${packages.join(', ') || 'none'}`,
      severity: 'error',
      from: { path: `^${from}/`, pathNot: TESTS },
      to: {
        pathNot: [...folders.map((folder) => `^${folder}(/|$)`), ...modules],
        dependencyTypesNot: ['core'],
      },
    },
  ];
}

/** Which rooms of the engine each of them may import besides itself, `limits` and `spill-space`; `session.ts` may import all. */
const ENGINE_ROOMS = {
  read: [],
  copy: ['read'],
  decode: ['read'],
  stream: [],
  flow: ['decode'],
  store: ['read', 'decode', 'flow'],
  dissect: ['read', 'decode', 'flow'],
  files: ['read', 'decode', 'join'],
  pipeline: ['read', 'decode', 'flow', 'stream', 'store', 'files'],
  join: ['decode', 'flow', 'stream', 'store'],
  reset: ['decode', 'flow', 'stream', 'store', 'join'],
  findings: ['store', 'reset'],
  endings: ['decode', 'flow', 'stream', 'store', 'reset', 'join'],
  answers: [
    'read',
    'decode',
    'dissect',
    'flow',
    'store',
    'files',
    'pipeline',
    'reset',
    'findings',
    'endings',
    'join',
  ],
  select: ['read', 'decode', 'dissect', 'flow', 'store', 'answers', 'join'],
  tables: ['decode', 'flow', 'store', 'answers'],
  copy: ['read', 'decode'],
  anonymise: ['copy', 'read', 'decode', 'stream'],
  report: ['read'],
  fleet: ['decode', 'flow', 'store', 'reset', 'answers', 'tables', 'report', 'anonymise'],
  retention: ['flow', 'stream', 'store', 'reset', 'findings', 'endings', 'answers'],
};

function engineRoom([room, others]) {
  const allowed = [room, ...others].join('|');
  return {
    name: `engine-${room}-imports`,
    comment: `engine/${room} may import of the engine's rooms ${others.join(', ') || 'none'}`,
    severity: 'error',
    from: { path: `^main/engine/${room}/`, pathNot: TESTS },
    to: {
      path: '^main/engine/',
      pathNot: [`^main/engine/(${allowed})/`, '^main/engine/(limits|spill-space)\\.ts$'],
    },
  };
}

/** The same for the rooms of `reset`, each of which may import `phrases`; `judge.ts` may import all. */
const RESET_ROOMS = {
  observe: [],
  witness: ['observe'],
  written: ['observe'],
  across: ['observe'],
  elsewhere: ['observe'],
  evidence: ['observe', 'across', 'witness', 'written', 'elsewhere'],
  cause: ['observe', 'across', 'witness', 'written', 'elsewhere', 'evidence'],
  words: ['observe', 'across', 'witness', 'written', 'elsewhere', 'evidence', 'cause'],
};

function resetRoom([room, others]) {
  const allowed = [room, ...others].join('|');
  return {
    name: `reset-${room}-imports`,
    comment: `engine/reset/${room} may import of the rooms of reset ${others.join(', ') || 'none'}`,
    severity: 'error',
    from: { path: `^main/engine/reset/${room}/`, pathNot: TESTS },
    to: {
      path: '^main/engine/reset/',
      pathNot: [`^main/engine/reset/(${allowed})/`, '^main/engine/reset/phrases\\.ts$'],
    },
  };
}

module.exports = {
  forbidden: [
    ...Object.entries(ENGINE_ROOMS).map(engineRoom),
    ...Object.entries(RESET_ROOMS).map(resetRoom),
    ...room('shared', 'shared', ['shared'], ['valibot', '@msgpack/msgpack', 'birpc']),
    ...room('engine', 'main/engine', ['main/engine', 'shared'], ['re2js']),
    ...room('capture', 'main/capture', ['main/capture', 'main/engine', 'shared'], ['fzstd']),
    ...room(
      'fleet',
      'main/fleet',
      ['main/fleet', 'shared'],
      ['valibot', '@clickhouse/client', '@duckdb/node-api'],
    ),
    ...room('lessons', 'main/lessons', ['main/lessons', 'main/capture', 'main/engine', 'shared'], []),
    ...room(
      'host',
      'main/host',
      ['main/host', 'main/fleet', 'main/lessons', 'main/capture', 'main/engine', 'shared', 'package\\.json'],
      ['valibot', 'conf', 'env-paths', 'pino', 'hyparquet-writer', 'hyparquet'],
    ),
    ...room(
      'server',
      'main/server',
      ['main/server', 'main/host', 'main/lessons', 'main/capture', 'main/engine', 'shared'],
      ['ws', '@types/ws'],
    ),
    ...room(
      'mcp',
      'main/mcp',
      ['main/mcp', 'main/host', 'shared'],
      ['valibot', '@valibot/to-json-schema', '@modelcontextprotocol/sdk'],
    ),
    ...room(
      'cli',
      'main/cli',
      [
        'main/cli',
        'main/mcp',
        'main/server',
        'main/host',
        'main/server',
        'main/host',
        'main/fleet',
        'main/lessons',
        'main/capture',
        'main/engine',
        'shared',
        'package\\.json',
      ],
      ['commander', 'valibot', 'fast-string-truncated-width', 'fast-wrap-ansi'],
    ),
    ...room(
      'electron',
      'main/electron',
      ['main/electron', 'main/host', 'main/lessons', 'shared'],
      ['electron', 'electron-updater'],
    ),
    ...room(
      'renderer',
      'renderer',
      ['renderer', 'shared'],
      [
        'react',
        'react-dom',
        '@types/react',
        '@types/react-dom',
        'zustand',
        '@ariakit/react',
        '@tanstack/react-virtual',
        'react-resizable-panels',
        'cmdk',
        'uplot',
        'lucide-react',
      ],
    ),
    ...Object.entries(PAGE).map(pageRoom),
    {
      name: 'views-stand-alone',
      comment: 'a view is put together with others by the shell; only the verdict is part of other views',
      severity: 'error',
      from: { path: '^renderer/views/([^/]+)/', pathNot: TESTS },
      to: { path: '^renderer/views/', pathNot: ['^renderer/views/$1/', '^renderer/views/verdict/'] },
    },
    {
      name: 'no-node-outside-main',
      comment: 'shared, the engine and the page run where there is no Node',
      severity: 'error',
      from: { path: '^(shared|main/engine|renderer)/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'engine-process-reaches-nothing',
      comment: 'what parses packets starts no program and opens no connection, by whatever it is made of',
      severity: 'error',
      from: { path: '^main/host/engine-process\\.ts$' },
      to: { path: '^(node:)?(child_process|cluster|tls|dgram|dns|http|http2|https)$', reachable: true },
    },
    {
      name: 'engine-process-connects-to-its-host-alone',
      comment:
        'the descriptor that its host gave it is a socket: one file makes it one, and nothing else knows of sockets',
      severity: 'error',
      from: {
        path: '^(shared|main/(engine|host|capture))/',
        pathNot: `^main/host/parent-channel\\.ts$|${TESTS}`,
      },
      to: { path: '^(node:)?net$' },
    },
    {
      name: 'electron-only-in-main-electron',
      severity: 'error',
      from: { pathNot: '^main/electron/' },
      to: { path: '^(electron$|node_modules/electron/)' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { path: '^(shared|main|renderer)/', pathNot: TESTS },
      to: { path: `^test/|${TESTS}` },
    },
    {
      name: 'preload-is-alone',
      comment: 'it is built into one file for a sandbox',
      severity: 'error',
      from: { path: '^main/electron/preload\\.ts$' },
      to: { pathNot: ['^main/electron/channels\\.ts$', '^node_modules/electron/', '^electron$'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: NODE_MODULES },
    exclude: { path: '^(dist|release|coverage|\\.cache)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
