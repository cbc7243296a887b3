/** Keeps the page itself on the phone, so that it opens without network. */

import { readyReader } from './scan.ts'

export const CACHE = 'ff-clerk-1'
const ASSETS = '/widget/assets/'

/**
 * Puts the page and everything it has loaded into the cache and drops what it loads no more. Where the browser has
 * no such thing (or the page did not come by https) it works while it stays open.
 */
export async function keepShell(): Promise<void> {
  if (!('serviceWorker' in navigator) || !('caches' in globalThis)) return
  await readyReader()
  const loaded = performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name))
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith(ASSETS))
    .map(({ pathname }) => pathname)
  const wanted = new Set([location.pathname, ...loaded])
  const cache = await caches.open(CACHE)
  // The page anew, its parts only where they are missing: their names tell their content.
  await cache.add(new Request(location.pathname, { cache: 'no-cache' }))
  for (const path of loaded) if (!(await cache.match(path))) await cache.add(path)
  for (const { url } of await cache.keys())
    if (!wanted.has(new URL(url).pathname)) await cache.delete(url)
  await navigator.serviceWorker.register('/clerk-worker.js', { scope: location.pathname })
}
