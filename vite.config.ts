import { existsSync, rmSync } from 'node:fs'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vitest/config'
import { lua } from './server/redis/lua-bundle.ts'

const pages = ['demo', 'overlay', 'stage', 'host', 'operator', 'clerk'].filter((page) =>
  existsSync(`widget/${page}/index.html`),
)
/** One file each, without imports: what other people's pages load. */
const embeds = {
  'fanfare-client': 'widget/client/browser.ts',
  embed: 'widget/embed/embed.ts',
  'fanfare-overlay': 'widget/overlay/element.ts',
  'fanfare-sheet': 'widget/overlay/sheet-script.ts',
  'fanfare-code': 'widget/rewards/code-script.ts',
  'fanfare-play': 'widget/play/play-script.ts',
  'fanfare-history': 'widget/wallet/history-script.ts',
  'fanfare-week': 'widget/board/week-script.ts',
  'fanfare-friends': 'widget/friends/friends-script.ts',
  'fanfare-club': 'widget/club/club-script.ts',
  'fanfare-team': 'widget/team/team-script.ts',
  'clerk-worker': 'widget/clerk/worker.ts',
}
/** What a late script takes from the overlay's own, which is there before it: elements of one copy of Preact. */
const HANDED_OVER = { 'preact/jsx-runtime': 'fanfareElements' }
/** Programs for Node: the server, and the crowd that the demo can switch on. */
const programs = { server: 'server/main.ts', bots: 'loadtest/bots/main.ts' }

const only = <T extends Record<string, string>>(entries: T) =>
  Object.entries(entries).filter(([, file]) => existsSync(file))

/** Node reads some modules only when asked; uWebSockets.js may be missing altogether. */
const program = (name: string, file: string) => ({
  consumer: 'server' as const,
  build: {
    outDir: `dist/${name}`,
    emptyOutDir: true,
    ssr: true,
    target: 'node20',
    sourcemap: true,
    rollupOptions: { input: { main: file }, external: ['uWebSockets.js'] },
  },
})

/** Of the gateway's doors: what strangers send, and how long they are waited for. */
const DOORS = ['server/gateway/{abuse,conformance,doors,pitfalls}.e2e.test.ts']
/**
 * Tests that share modules with those before them: they are loaded once and not for each file, which was a third of the time. What
 * a test changes in a module is still there for the next, so none does.
 */
const SHARED = { isolate: false }
/** Of tests of the whole: one file at a time. */
const ENDS = { testTimeout: 180_000, hookTimeout: 120_000, fileParallelism: false }

export default defineConfig({
  plugins: [lua(), preact()],
  publicDir: false,
  builder: {
    // Pages last: the programs they talk to do not depend on them.
    async buildApp(builder) {
      // The pages' output folder is the top of dist, which holds the programs too, so Vite must not empty it.
      rmSync('dist/widget', { recursive: true, force: true })
      const { client, ssr: _, ...others } = builder.environments
      for (const environment of [...Object.values(others), client])
        if (environment) await builder.build(environment)
    },
  },
  environments: {
    client: {
      build: {
        outDir: 'dist',
        emptyOutDir: false,
        assetsDir: 'widget/assets',
        target: 'es2020',
        modulePreload: false,
        rollupOptions: {
          input: Object.fromEntries(pages.map((page) => [page, `widget/${page}/index.html`])),
        },
      },
    },
    ...Object.fromEntries(
      only(embeds).map(([name, file]) => [
        `embed_${name.replaceAll('-', '_')}`,
        {
          consumer: 'client' as const,
          build: {
            outDir: `dist/embed/${name}`,
            emptyOutDir: true,
            // Two years of browsers; the stage, which runs in OBS, stays with older ones.
            target: 'es2022',
            lib: {
              entry: file,
              // Only the client is imported by name.
              formats: [name === 'fanfare-client' ? ('es' as const) : ('iife' as const)],
              name: 'Fanfare',
              fileName: () => `${name}.js`,
            },
            ...(name !== 'fanfare-overlay' && {
              rollupOptions: {
                external: Object.keys(HANDED_OVER),
                output: { globals: HANDED_OVER },
              },
            }),
          },
        },
      ]),
    ),
    ...Object.fromEntries(only(programs).map(([name, file]) => [name, program(name, file)])),
  },
  test: {
    testTimeout: 20_000,
    // What is awaited comes much sooner or never, also where the machine is busy.
    expect: { poll: { timeout: 15_000 } },
    // Most of a test against Redis or a worker is waiting.
    maxWorkers: 2,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          ...SHARED,
          name: 'unit',
          include: ['{shared,server,widget,loadtest,docs}/**/*.test.ts'],
          exclude: ['**/*.{redis,cluster,e2e}.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: { ...SHARED, name: 'redis', include: ['{server,loadtest}/**/*.redis.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: ['{server,loadtest}/**/*.cluster.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          ...SHARED,
          name: 'widget',
          include: ['widget/**/*.test.tsx'],
          environment: 'happy-dom',
        },
      },
      { extends: true, test: { ...ENDS, name: 'browser', include: ['widget/**/*.e2e.test.ts'] } },
      { extends: true, test: { ...ENDS, name: 'doors', include: DOORS } },
      {
        extends: true,
        test: {
          ...ENDS,
          name: 'e2e',
          include: ['server/**/*.e2e.test.ts'],
          exclude: [...DOORS, '**/node_modules/**'],
        },
      },
      { extends: true, test: { ...ENDS, name: 'faults', include: ['loadtest/**/*.e2e.test.ts'] } },
    ],
  },
})
