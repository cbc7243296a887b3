/** What viewers download: the element is one file for all forms of embedding. */

const { readdirSync } = require('node:fs')

/** The frame's own scripts and styles; the element, which it loads from another address, is measured by itself. */
const frame = readdirSync('dist/widget/assets')
  .filter((name) => name.startsWith('overlay-'))
  .map((name) => `dist/widget/assets/${name}`)

module.exports = [
  {
    name: 'overlay as an element, with its socket client',
    path: 'dist/embed/fanfare-overlay/fanfare-overlay.js',
    limit: '32 kB',
    gzip: true,
  },
  {
    name: 'sheet of the overlay, when it is first opened',
    path: 'dist/embed/fanfare-sheet/fanfare-sheet.js',
    limit: '30 kB',
    gzip: true,
  },
  {
    name: 'QR codes, when the first one is shown',
    path: 'dist/embed/fanfare-code/fanfare-code.js',
    limit: '10 kB',
    gzip: true,
  },
  {
    name: 'play, when it is first looked at',
    path: 'dist/embed/fanfare-play/fanfare-play.js',
    limit: '8.5 kB',
    gzip: true,
  },
  {
    name: 'history, when it is first looked at',
    path: 'dist/embed/fanfare-history/fanfare-history.js',
    limit: '9.2 kB',
    gzip: true,
  },
  {
    name: 'weekly boards, when the board is first looked at',
    path: 'dist/embed/fanfare-week/fanfare-week.js',
    limit: '3.5 kB',
    gzip: true,
  },
  {
    name: 'inviting friends, where that is paid',
    path: 'dist/embed/fanfare-friends/fanfare-friends.js',
    limit: '3 kB',
    gzip: true,
  },
  {
    name: 'fan club, when today is first looked at where there are clubs',
    path: 'dist/embed/fanfare-club/fanfare-club.js',
    limit: '5 kB',
    gzip: true,
  },
  {
    name: 'teams, when today is first looked at where there are team tasks',
    path: 'dist/embed/fanfare-team/fanfare-team.js',
    limit: '5.5 kB',
    gzip: true,
  },
  {
    name: 'page around the overlay, for frames',
    path: ['dist/widget/overlay/index.html', ...frame],
    limit: '2 kB',
    gzip: true,
  },
  {
    name: 'client without an overlay, for pages with hearts of their own',
    path: 'dist/embed/fanfare-client/fanfare-client.js',
    limit: '8.5 kB',
    gzip: true,
  },
  { name: 'loader', path: 'dist/embed/embed/embed.js', limit: '2 kB', gzip: true },
]
