/** The pages and scripts that browsers load, held in memory: no request ever names a file. */

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { assert } from '../kernel/index.ts'
import { FILES_BYTES_MAX, FILES_MAX } from './limits.ts'

export interface StaticFile {
  bytes: Buffer<ArrayBuffer>
  /** Undefined where packing saves nothing. */
  gzip: Buffer<ArrayBuffer> | undefined
  type: string
  etag: string
  kind: 'page' | 'asset' | 'embed'
  /** The page may ask for the camera. */
  camera?: true
  /** The page may ask where the viewer is. */
  place?: true
}

/** By path of the URL. */
export type Pages = ReadonlyMap<string, StaticFile>

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.txt': 'text/plain; charset=utf-8',
}

/** Our pages by URL, and the folder of the build each comes from. */
const CLERK = '/clerk'
const PAGES = {
  '/': 'demo',
  '/overlay': 'overlay',
  '/stage': 'stage',
  '/host': 'host',
  '/operator': 'operator',
  [CLERK]: 'clerk',
} as const
/** They may ask where the viewer is, to find the nearest pick-up point. */
const WITH_OVERLAY = ['/', '/overlay'] as const
const EMBEDS = {
  '/embed.js': 'embed',
  '/fanfare-client.js': 'fanfare-client',
  '/fanfare-overlay.js': 'fanfare-overlay',
  '/fanfare-sheet.js': 'fanfare-sheet',
  '/fanfare-code.js': 'fanfare-code',
  '/fanfare-play.js': 'fanfare-play',
  '/fanfare-history.js': 'fanfare-history',
  '/fanfare-week.js': 'fanfare-week',
  '/fanfare-friends.js': 'fanfare-friends',
  '/fanfare-club.js': 'fanfare-club',
  '/fanfare-team.js': 'fanfare-team',
  '/clerk-worker.js': 'clerk-worker',
} as const

function readFile(path: string, kind: StaticFile['kind']): StaticFile {
  const bytes = Buffer.from(readFileSync(path))
  const gzip = gzipSync(bytes)
  return {
    bytes,
    gzip: gzip.length < bytes.length ? gzip : undefined,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    kind,
  }
}

/** Reads what the build left in a folder; what is not built is missing, and answers 404. Throws above the limits. */
export function loadPages(dist: string): Pages {
  const files = new Map<string, StaticFile>()
  const add = (url: string, path: string, kind: StaticFile['kind']) => {
    if (existsSync(path)) files.set(url, readFile(path, kind))
  }
  for (const [url, page] of Object.entries(PAGES))
    add(url, join(dist, 'widget', page, 'index.html'), 'page')
  const clerk = files.get(CLERK)
  if (clerk) clerk.camera = true
  for (const url of WITH_OVERLAY) {
    const page = files.get(url)
    if (page) page.place = true
  }
  for (const [url, name] of Object.entries(EMBEDS))
    add(url, join(dist, 'embed', name, `${name}.js`), 'embed')
  const assets = join(dist, 'widget', 'assets')
  if (existsSync(assets)) {
    for (const entry of readdirSync(assets, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      add(`/widget/assets/${relative(assets, path).split(sep).join('/')}`, path, 'asset')
    }
  }
  let bytes = 0
  for (const file of files.values()) bytes += file.bytes.length + (file.gzip?.length ?? 0)
  assert(files.size <= FILES_MAX, `more than ${FILES_MAX} files in ${dist}`)
  assert(bytes <= FILES_BYTES_MAX, `more than ${FILES_BYTES_MAX} bytes in ${dist}`)
  return files
}

/** Hashed names never change; pages and embedded scripts keep their names and are asked for anew. */
const CACHING = {
  page: 'no-cache',
  asset: 'public, max-age=31536000, immutable',
  embed: 'public, max-age=300',
} as const

/** The file as the browser may have it: packed, or not at all where it has it already. */
export function fileResponse(request: Request, file: StaticFile, csp: string): Response {
  const headers = new Headers({
    'content-type': file.type,
    'cache-control': CACHING[file.kind],
    etag: `"${file.etag}"`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    vary: 'accept-encoding',
  })
  if (file.kind === 'page') {
    headers.set('content-security-policy', csp)
    const camera = file.camera ? '(self)' : '()'
    const place = file.place ? '(self)' : '()'
    headers.set('permissions-policy', `camera=${camera}, microphone=(), geolocation=${place}`)
  }
  // Pages of merchants load these.
  headers.set('cross-origin-resource-policy', file.kind === 'page' ? 'same-origin' : 'cross-origin')
  if (file.kind !== 'page') headers.set('access-control-allow-origin', '*')
  if (request.headers.get('if-none-match')?.includes(file.etag))
    return new Response(null, { status: 304, headers })
  const packs = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
  if (packs && file.gzip) {
    headers.set('content-encoding', 'gzip')
    return new Response(file.gzip, { headers })
  }
  return new Response(file.bytes, { headers })
}

export interface PolicyOptions {
  /** Origin of the sockets, http or https. */
  gateway: URL
  /** Origins that may frame the page beside its own. */
  framedBy: readonly string[]
}

/** What a page of ours may load and who may frame it. */
export function contentPolicy({ gateway, framedBy }: PolicyOptions): string {
  const socket = `${gateway.protocol === 'https:' ? 'wss' : 'ws'}://${gateway.host}`
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Pictures of rewards are wherever merchants keep them.
    "img-src 'self' data: https:",
    "font-src 'self'",
    "media-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    `connect-src 'self' ${gateway.origin} ${socket}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${["'self'", ...framedBy].join(' ')}`,
  ].join('; ')
}
