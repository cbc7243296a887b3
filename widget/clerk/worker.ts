/** The clerk's page without network: the page from the network where there is one, its parts from the cache. */

const CACHE = 'ff-clerk-1'
const PAGE = '/clerk'
const ASSETS = '/widget/assets/'
/** A network that takes longer than this is none: the counter has a queue. */
const PAGE_MS = 2_500

interface FetchEvent extends Event {
  request: Request
  respondWith(answer: Promise<Response>): void
}
interface LifeEvent extends Event {
  waitUntil(done: Promise<unknown>): void
}
interface Worker {
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
  addEventListener(name: 'install' | 'activate', hear: (event: LifeEvent) => void): void
  addEventListener(name: 'fetch', hear: (event: FetchEvent) => void): void
}
const worker = globalThis as unknown as Worker

async function page(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PAGE_MS) })
    if (answer.ok) return answer
  } catch {
    // No network: the page as it was.
  }
  return (await cache.match(PAGE)) ?? Response.error()
}

async function part(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  return (await cache.match(request)) ?? fetch(request)
}

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (origin !== location.origin || event.request.method !== 'GET') return
  if (pathname === PAGE) event.respondWith(page(event.request))
  else if (pathname.startsWith(ASSETS)) event.respondWith(part(event.request))
})
