/** What viewers download. The element is one file; the overlay's page is everything that it loads at once. */

const { existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

/** A page of dist, and the scripts and styles that it and they name, each once. */
function loadedBy(page) {
  const html = join('dist/widget', page, 'index.html')
  const files = new Set()
  const follow = (file) => {
    if (files.has(file) || !existsSync(file)) return
    files.add(file)
    if (!/\.(js|html)$/.test(file)) return
    const named =
      /(?:src|href)="[^"]*?([\w.-]+\.(?:js|css))"|(?:from|import)\s*"\.\/([\w.-]+\.js)"/g
    for (const [, fromPage, fromScript] of readFileSync(file, 'utf8').matchAll(named))
      follow(join('dist/widget/assets', fromPage ?? fromScript))
  }
  follow(html)
  return files.size > 0 ? [...files] : [html]
}

module.exports = [
  {
    name: 'overlay as an element, with its socket client',
    path: 'dist/embed/fanfare-overlay/fanfare-overlay.js',
    limit: '32 kB',
    gzip: true,
  },
  { name: 'overlay as a page', path: loadedBy('overlay'), limit: '32 kB', gzip: true },
  { name: 'loader', path: 'dist/embed/embed/embed.js', limit: '2 kB', gzip: true },
]
