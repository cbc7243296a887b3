/** Which part may import which: ARCHITECTURE.md in a form that fails. `docs/check.test.ts` plants a violation of each. */

const foundations =
  'identity|wallet|rooms|tiers|tasks|targeting|governance|webhooks|economy|boards|clubs|teams'
const useCases = 'scoring|rewards|effects|merges|experiments'
const edges = 'gateway|api|worker|ingest'
const modules = `kernel|redis|${foundations}|${useCases}|${edges}`
/** Tests, and what starts servers for them. */
const tests = '[./]test(ing)?\\.tsx?$'
/** What puts the modules together, the commands, and what the configuration is made of. */
const top = '^server/([^/]+|(config|app)/[^/]+)$'

/** Small servers built in other ways, which `npm run bench` measures beside ours. */
const references = '^loadtest/bench/references/'

const forbid = (name, comment, ...[from, to]) => ({ name, comment, severity: 'error', from, to })

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      'no-cycle',
      'Two files that need each other are one thing. Types alone may, for they are gone at run time.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid('resolvable', 'What is imported must be there.', {}, { couldNotResolve: true }),

    forbid(
      'shared-is-below-all',
      'shared runs in servers, browsers and load generators.',
      { path: '^shared/', pathNot: tests },
      { pathNot: ['^shared/', '(^|/)node_modules/zod/'] },
    ),
    forbid(
      'widget-uses-shared-only',
      'The overlay is downloaded by every viewer.',
      { path: '^widget/', pathNot: tests },
      { path: '^(server|loadtest|docs)/' },
    ),
    forbid(
      'widget-knows-zod-as-types',
      'zod alone is half of what the overlay may weigh; schemas are types there.',
      { path: '^widget/', pathNot: ['^widget/dev/', tests] },
      { path: '(^|/)node_modules/zod/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'widget-does-not-reach-zod',
      'Nor through the parts of shared that use it.',
      { path: '^widget/', pathNot: ['^widget/dev/', tests] },
      {
        path: '^shared/(protocol/(index|viewer|host|play|rewards|clubs|teams)|rulebook/schema)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'widget-npm-is-few',
      'What a page needs beyond preact is downloaded with it, and a browser has no modules of Node.',
      { path: '^widget/', pathNot: ['^widget/dev/', tests] },
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'],
        dependencyTypesNot: ['type-only'],
        pathNot: '(^|/)node_modules/(preact|@preact/signals|socket\\.io-client|uplot|qr|qrcode)/',
      },
    ),
    forbid(
      'client-without-dom',
      'The client also runs in Node bots and mini-programs, so nothing of the pages is in it.',
      { path: '^widget/client/', pathNot: tests },
      { path: ['^widget/(?!client/)', '(^|/)node_modules/(preact|@preact)/'] },
    ),
    forbid(
      'loadtest-uses-shared-and-client',
      'Load comes from outside, as viewers do.',
      { path: '^loadtest/', pathNot: tests },
      { path: '^(server|docs|widget/(?!client/))' },
    ),
    forbid(
      'server-stands-alone',
      'The server serves pages as files and is not made of them.',
      { path: '^server/', pathNot: tests },
      { path: '^(widget|loadtest|docs)/' },
    ),

    forbid(
      'kernel-first-row',
      'kernel is below all of the server.',
      { path: '^server/kernel/' },
      { path: [`^server/(?!kernel/)(${modules})/`, top] },
    ),
    forbid(
      'redis-second-row',
      'redis stands on kernel.',
      { path: '^server/redis/' },
      { path: [`^server/(${foundations}|${useCases}|${edges})/`, top] },
    ),
    forbid(
      'foundations-third-row',
      'Foundations stand on redis and kernel.',
      { path: `^server/(${foundations})/` },
      { path: [`^server/(${useCases}|${edges})/`, top] },
    ),
    forbid(
      'foundations-are-strangers',
      'Scoring puts them together; if they knew each other the graph would knot.',
      { path: `^server/(${foundations})/`, pathNot: tests },
      { path: `^server/(${foundations})/`, pathNot: '^server/$1/' },
    ),
    forbid(
      'use-cases-fourth-row',
      'Use cases stand on foundations.',
      { path: `^server/(${useCases})/` },
      { path: [`^server/(${edges})/`, top] },
    ),
    forbid(
      'use-cases-are-strangers',
      'No arrows inside a row.',
      { path: `^server/(${useCases})/`, pathNot: tests },
      { path: `^server/(${useCases})/`, pathNot: '^server/$1/' },
    ),
    forbid(
      'edges-fifth-row',
      'Edges are put together by app; of the configuration they may know the type.',
      { path: `^server/(${edges})/`, pathNot: tests },
      { path: top, dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'edges-are-strangers',
      'Each may be a process of its own.',
      { path: `^server/(${edges})/`, pathNot: tests },
      { path: `^server/(${edges})/`, pathNot: '^server/$1/' },
    ),
    forbid(
      'module-in-a-row',
      'A folder of the server that is in no row may import everything: give it its place in the lists above.',
      { path: `^server/(?!(${modules}|config|app)/)[^/]+/` },
      {},
    ),
    forbid('main-last', 'Nothing imports main.', {}, { path: '^server/main\\.ts$' }),
    forbid(
      'module-by-its-index',
      'What a module does not export is its own business.',
      { path: '^server/([^/]+)/', pathNot: tests },
      {
        path: `^server/(${modules})/`,
        pathNot: ['^server/$1/', '/index\\.ts$', '[./]testing\\.ts$'],
      },
    ),
    forbid(
      'module-by-its-index-from-above',
      'What a module does not export is its own business.',
      { pathNot: ['^server/[^/]+/', tests, '^vite\\.config\\.ts$'] },
      { path: `^server/(${modules})/`, pathNot: ['/index\\.ts$', '[./]testing\\.ts$'] },
    ),

    forbid(
      'ioredis-in-redis',
      'One place knows the Redis client; what the bench compares with is no part of the product.',
      { pathNot: ['^server/redis/', references] },
      { path: '(^|/)node_modules/ioredis/' },
    ),
    forbid(
      'socketio-in-one-file',
      'One file knows the socket server; what the bench compares with is no part of the product.',
      { pathNot: ['^server/gateway/socketio\\.ts$', references] },
      { path: '(^|/)node_modules/(socket\\.io|@socket\\.io/redis-adapter|socket\\.io-adapter)/' },
    ),
    forbid(
      'uws-in-gateway',
      'The fast path is optional: one file asks whether it is there.',
      { pathNot: ['^server/gateway/', references] },
      { path: 'uWebSockets\\.js' },
    ),
    forbid(
      'testing-in-tests',
      'What starts servers for tests does not ship.',
      { path: '^(shared|server|widget)/', pathNot: [tests, '^widget/dev/', '\\.bench\\.ts$'] },
      { path: ['[./]testing\\.ts$', tests] },
    ),
    forbid(
      'ships-without-dev-packages',
      'The program runs where only its dependencies are installed.',
      {
        path: '^(shared|server|widget)/',
        pathNot: [tests, '[./]testing\\.ts$', '^server/redis/lua-check/', '^server/run\\.mjs$'],
      },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules/[^/]+/.*node_modules|dist)/|\\.lua$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.d.ts'],
    },
  },
}
