/** The deployment files cannot be started by a test; what can be said without starting them is said here. */

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { variableList } from '../server/config/documents.ts'
import { loadConfig, loadIngestConfig } from '../server/config.ts'
import { PROBE_MS, SILENCE_MS, WELCOME_MS } from '../widget/client/limits.ts'

interface Service {
  image: string
  environment?: Record<string, string>
  volumes?: string[]
  secrets?: string[]
  depends_on?: string[] | Record<string, unknown>
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  secrets: Record<string, { file: string }>
}
const services = Object.entries(compose.services)
const ours = services.filter(([name, { image }]) => image === 'fanfare' && name !== 'ingest')
const known = new Set(variableList().map(({ name }) => name))

/** Where metrics are named. */
const METRICS = [
  'effects',
  'gateway',
  'governance',
  'ingest',
  'worker',
  'worker/webhooks',
  'worker/economy',
].map((folder) => `server/${folder}/metrics.ts`)

const secrets: Record<string, string> = {
  '/run/secrets/tickets': `k1:acme:${'t'.repeat(44)}`,
  '/run/secrets/session': 's'.repeat(44),
  '/run/secrets/api': `s1:acme:${'a'.repeat(44)}`,
  '/run/secrets/metrics': 'm'.repeat(44),
}

test('compose has two gateways, an api and a worker', () => {
  expect(ours.map(([name, { environment }]) => [name, environment?.FANFARE_ROLES])).toEqual([
    ['gateway-1', 'gateway'],
    ['gateway-2', 'gateway'],
    ['api', 'api'],
    ['worker', 'worker'],
  ])
})

test.each(ours)(
  'the environment of %s is one that starts',
  (_, { environment = {}, secrets: given = [] }) => {
    const config = loadConfig(environment, (path) => {
      expect(given.map((name) => `/run/secrets/${name}`)).toContain(path)
      return secrets[path] ?? ''
    })
    expect(config.demo).toBe(false)
    expect(config.trustedProxies).toBe(1)
    expect(config.api.metricsToken?.reveal()).toBe(secrets['/run/secrets/metrics'])
  },
)

test('what takes reports from a queue starts with no secret of the service but the key it signs with', () => {
  const { environment = {}, secrets: given } = compose.services.ingest ?? { image: '' }
  const config = loadIngestConfig('stream', environment, (path) => secrets[path] ?? '')
  expect(given).toEqual(['api', 'metrics'])
  expect(config).toMatchObject({ api: 'http://api:7070', redisUrl: 'redis://queue:6379' })
  expect(config.keys.map(({ kid }) => kid)).toEqual(['s1'])
})

test('what compose mounts and waits for is there', () => {
  const needed = services.flatMap(([, { volumes = [], secrets: used = [], depends_on = [] }]) => [
    ...volumes.map((volume) => {
      const [from = ''] = volume.split(':')
      return from.startsWith('./') ? existsSync(from) : from in compose.volumes
    }),
    ...used.map((name) => name in compose.secrets),
    ...(Array.isArray(depends_on) ? depends_on : Object.keys(depends_on)).map(
      (name) => name in compose.services,
    ),
  ])
  expect(needed.length).toBeGreaterThan(20)
  expect(needed).not.toContain(false)
})

test('Prometheus reads every process of ours, with its token', () => {
  const { scrape_configs } = parse(readFileSync('docs/deploy/prometheus.yml', 'utf8')) as {
    scrape_configs: {
      authorization: { credentials_file: string }
      static_configs: { targets: string[] }[]
    }[]
  }
  const [job, ingest] = scrape_configs
  const { port } = loadIngestConfig('lines', { FANFARE_DEMO: '1' })
  expect(ingest?.static_configs[0]?.targets).toEqual([`ingest:${port}`])
  expect(job?.static_configs[0]?.targets).toEqual(ours.map(([name]) => `${name}:7070`))
  expect(job?.authorization.credentials_file).toBe(
    ours[0]?.[1].environment?.FANFARE_METRICS_TOKEN_FILE,
  )
})

test('every alert is about metrics that exist, and names what to do', () => {
  const { rule_files } = parse(readFileSync('docs/deploy/prometheus.yml', 'utf8')) as {
    rule_files: string[]
  }
  expect(compose.services.prometheus?.volumes).toContain(
    `./docs/deploy/alerts.yml:${rule_files[0]}:ro`,
  )
  const { groups } = parse(readFileSync('docs/deploy/alerts.yml', 'utf8')) as {
    groups: { rules: { alert: string; expr: string; annotations: { runbook: string } }[] }[]
  }
  const sources = [...METRICS, 'server/redis-clock.ts']
    .map((path) => readFileSync(path, 'utf8'))
    .join()
  const runbook = readFileSync('docs/runbook.md', 'utf8')
  const rules = groups.flatMap((group) => group.rules)
  expect(rules.length).toBeGreaterThan(5)
  for (const { alert, expr, annotations } of rules) {
    for (const [name] of expr.matchAll(/fanfare_\w+/g))
      expect(sources, alert).toContain(`'${name.replace(/_(bucket|count|sum)$/, '')}'`)
    expect(runbook, alert).toContain(`\n## ${annotations.runbook}`)
  }
})

test('the proxy sends sockets to every gateway and the rest to the api', () => {
  const text = readFileSync('docs/deploy/nginx.conf', 'utf8')
  const upstreams = [...text.matchAll(/^\s+server ([\w-]+):(\d+)/gm)].map(
    ([, host, port]) => `${host}:${port}`,
  )
  expect(upstreams).toEqual(['gateway-1:7071', 'gateway-2:7071', 'api:7070'])
  expect(text).toMatch(/location \/socket\.io\/ \{\s+proxy_pass http:\/\/gateways;/)
  expect(text).toMatch(/location = \/metrics \{\s+return 404;/)
})

test('the proxy marks no gateway as failed, and asks the next one before a client gives up', () => {
  const text = readFileSync('docs/deploy/nginx.conf', 'utf8')
  const gateways = /upstream gateways \{([^}]+)\}/.exec(text)?.[1] ?? ''
  const servers = gateways.match(/^\s+server .+;$/gm) ?? []
  expect(servers).toHaveLength(2)
  for (const server of servers) expect(server).toContain(' max_fails=0;')
  const [connectMs, readMs] = ['connect', 'read'].map(
    (name) => Number(new RegExp(`proxy_${name}_timeout (\\d+)s;`).exec(text)?.[1]) * 1000,
  )
  expect(connectMs).toBeLessThan(SILENCE_MS)
  expect(readMs).toBeLessThan(WELCOME_MS)
  expect(readMs).toBeGreaterThanOrEqual(SILENCE_MS + PROBE_MS)
})

test('the Dockerfile sets only variables that exist and copies only files that do', () => {
  const text = readFileSync('Dockerfile', 'utf8')
  for (const name of text.match(/FANFARE_[A-Z_]+/g) ?? []) expect(known).toContain(name)
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
    files.split(' '),
  )
  expect(copied).toContain('package-lock.json')
  for (const file of copied) expect(existsSync(file), file).toBe(true)
})
