/**
 * `npm run bench`: what a viewer costs, on this machine and now. Viewers are raw frames over plain WebSockets, so
 * that the generator is cheaper than what it measures; its share of the processor is stated all the same.
 */

import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { startService } from '../processes/service.ts'
import { demoTickets, readSite } from '../processes/tickets.ts'

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
})
const VIEWERS = Math.min(9000, Number(values.viewers))
const ROUNDS = Math.min(50, Number(values.rounds))
const JOIN_AT_ONCE = 50
const LIKES_PER_ROUND = 8
/** Clock ticks a second in /proc, on every Linux we know. */
const TICKS = 100

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const cpuSec = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}
const rssKb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

/** One inline command of Redis; the answer as text. */
function redis(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`))
    socket.on('data', (chunk) => {
      text += chunk
      const length = /^\$(\d+)\r\n/.exec(text)
      if (!length || text.length >= length[0].length + Number(length[1])) socket.end()
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}
const usedMemory = async (port: number): Promise<number> =>
  Number(/used_memory:(\d+)/.exec(await redis(port, 'INFO memory'))?.[1])
const scripts = async (port: number): Promise<{ calls: number; usec: number }> => {
  const found = /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(
    await redis(port, 'INFO commandstats'),
  )
  return { calls: Number(found?.[1] ?? 0), usec: Number(found?.[2] ?? 0) }
}

interface Viewer {
  socket: WebSocket
  /** Sends one command and resolves with the milliseconds until its answer. */
  ask(name: string, input: object): Promise<number>
}

function join(url: string, ticket: string): Promise<Viewer> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const waiting = new Map<number, (ms: number) => void>()
  const sentAt = new Map<number, number>()
  let next = 0
  const viewer: Viewer = {
    socket,
    ask(name, input) {
      const id = next++
      sentAt.set(id, performance.now())
      socket.send(`42${id}${JSON.stringify([name, input])}`)
      return new Promise((resolve) => waiting.set(id, resolve))
    },
  }
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data) => {
      const text = String(data)
      if (text === '2') return socket.send('3')
      if (text.startsWith('0')) return socket.send(`40${JSON.stringify({ protocol: 1, ticket })}`)
      if (text.startsWith('44')) return reject(new Error(text))
      if (text.startsWith('42["session.welcomed"')) return resolve(viewer)
      const ack = /^43(\d+)/.exec(text)
      if (!ack) return
      const id = Number(ack[1])
      waiting.get(id)?.(performance.now() - (sentAt.get(id) ?? 0))
      waiting.delete(id)
      sentAt.delete(id)
    })
  })
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
const round = (n: number, digits = 1): number => Number(n.toFixed(digits))

const service = await startService(process.env.REDIS_SERVER_BIN ?? 'redis-server')
try {
  const pid = (name: string): number =>
    service.processes.find((process) => process.name === name)?.pid ?? 0
  const [gateway, redisPid] = [pid('gateway'), pid('redis')]
  const port = Number(
    /:(\d+)/.exec(readFileSync(`/proc/${redisPid}/cmdline`, 'utf8').replaceAll('\0', ' '))?.[1],
  )
  const { gatewayUrl } = await readSite(service.url)
  const tickets = await demoTickets(service.url, { run: 'bench', viewers: VIEWERS })
  await wait(1000)
  const before = { rss: rssKb(gateway), cpu: cpuSec(gateway), redis: await usedMemory(port) }
  const startedMs = performance.now()
  const viewers: Viewer[] = []
  for (let i = 0; i < VIEWERS; i += JOIN_AT_ONCE) {
    const some = tickets.slice(i, i + JOIN_AT_ONCE).map((ticket) => join(gatewayUrl, ticket))
    viewers.push(...(await Promise.all(some)))
  }
  const joinCpu = cpuSec(gateway) - before.cpu
  const joinMs = performance.now() - startedMs
  await wait(3000)
  const idle = { rss: rssKb(gateway), cpu: cpuSec(gateway) }
  const counted = {
    gateway: cpuSec(gateway),
    redis: cpuSec(redisPid),
    own: process.cpuUsage(),
    scripts: await scripts(port),
  }
  const actsFrom = performance.now()
  const latencies: number[] = []
  let seq = 0
  for (let r = 0; r < ROUNDS; r++) {
    for (let l = 0; l < LIKES_PER_ROUND; l++) {
      seq += 1
      const input = { seq, count: 1 }
      latencies.push(
        ...(await Promise.all(viewers.map((viewer) => viewer.ask('like.send', input)))),
      )
    }
    // The limit of likes a minute is per viewer; bursts of eight in two seconds stay below it.
    await wait(2000)
  }
  const seconds = (performance.now() - actsFrom) / 1000
  const after = { scripts: await scripts(port), own: process.cpuUsage(counted.own) }
  const events = latencies.length
  const gatewayCpu = cpuSec(gateway) - counted.gateway
  latencies.sort((a, b) => a - b)
  const found = {
    viewers: VIEWERS,
    joinsPerGatewayCpuSecond: Math.round(VIEWERS / joinCpu),
    joinsPerSecond: Math.round(VIEWERS / (joinMs / 1000)),
    gatewayKbPerIdleViewer: round((idle.rss - before.rss) / VIEWERS),
    gatewayKbPerViewerAfterActing: round((rssKb(gateway) - before.rss) / VIEWERS),
    redisBytesPerViewer: Math.round(((await usedMemory(port)) - before.redis) / VIEWERS),
    events,
    eventsPerGatewayCpuSecond: Math.round(events / gatewayCpu),
    redisScriptMicrosecondsPerEvent: round((after.scripts.usec - counted.scripts.usec) / events),
    redisCpuMicrosecondsPerEvent: round(((cpuSec(redisPid) - counted.redis) / events) * 1e6),
    ackMsP50AllAtOnce: round(quantile(latencies, 0.5)),
    ackMsP99AllAtOnce: round(quantile(latencies, 0.99)),
    generatorCpuShare: round((after.own.user + after.own.system) / 1e6 / seconds, 2),
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(found)}\n`
      : `${Object.entries(found)
          .map(([name, value]) => `${name.padEnd(36)}${value}`)
          .join('\n')}\n`,
  )
  for (const { socket } of viewers) socket.terminate()
} finally {
  await service.stop()
}
process.exit(0)
