/** Processor time of processes, from /proc; there is none elsewhere than on Linux. */

import { readFileSync } from 'node:fs'

/** Ticks a second in /proc; the same on every Linux that Node runs on. */
const TICKS = 100
/** A process that ends has been read that recently. */
const SAMPLE_MS = 250

/** Of a line of /proc/PID/stat, seconds: user and system time. The name before them may hold spaces and brackets. */
export function parseStat(line: string): number {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** Seconds that the process has computed so far, or undefined where nobody says. */
export function cpuSeconds(pid: number): number | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

export interface CpuShare {
  name: string
  /** Of one core, mean since it was added; undefined where it could not be read. */
  share: number | undefined
}

/** Watches processes until `end`, which tells the shares. */
export function watchCpu() {
  const now = () => performance.now()
  const watched: {
    name: string
    pid: number
    fromS: number
    fromMs: number
    toS: number
    toMs: number
  }[] = []
  const timer = setInterval(() => {
    for (const of of watched) {
      const seconds = cpuSeconds(of.pid)
      if (seconds === undefined) continue
      of.toS = seconds
      of.toMs = now()
    }
  }, SAMPLE_MS)
  return {
    add(name: string, pid: number): void {
      const seconds = cpuSeconds(pid) ?? Number.NaN
      watched.push({ name, pid, fromS: seconds, fromMs: now(), toS: seconds, toMs: now() })
    },
    end(): CpuShare[] {
      clearInterval(timer)
      return watched.map(({ name, fromS, fromMs, toS, toMs }) => {
        const share = ((toS - fromS) * 1000) / (toMs - fromMs)
        return { name, share: Number.isFinite(share) ? share : undefined }
      })
    },
  }
}
