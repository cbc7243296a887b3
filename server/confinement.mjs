// @ts-check
/** Rules that are about names and calls rather than imports: what may be used where, and what files may be called. */

import { readFileSync } from 'node:fs'

const clock =
  /(?<!\.)\bDate\(\)|\b(Date\.now|Math\.random|performance\.now|hrtime|set(Timeout|Interval|Immediate)\()|from '(node:)?timers/
const code = /\.tsx?$/
const test = /\.test\.tsx?$|(^|[/.])testing\.tsx?$/

/** @typedef {{ what: string, files: RegExp, except: RegExp[], pattern: RegExp }} Rule */

/** @type {Rule[]} */
const rules = [
  {
    what: 'the clock, timers and chance are in server/kernel',
    files: /^server\//,
    except: [/^server\/kernel\//],
    pattern: clock,
  },
  { what: 'shared is given the time', files: /^shared\//, except: [], pattern: clock },
  {
    what: 'the clock, timers and chance are in widget/client/runtime.ts',
    files: /^widget\//,
    except: [/^widget\/client\/runtime\.ts$/, /^widget\/dev\//],
    pattern: clock,
  },
  {
    what: 'the environment is read in server/config.ts, from the global that the linter knows',
    files: /^(server|shared|widget)\//,
    except: [],
    pattern: /from '(node:)?process'/,
  },
  {
    what: 'test files share their modules: what a test replaces is given to the code, as the clock is',
    files: test,
    except: [],
    pattern: /\bvi\.(mock|doMock)\(/,
  },
  {
    what: 'pages make elements and text, never markup from text',
    files: /^widget\//,
    except: [],
    pattern: /\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write)\b/,
  },
]

/** New files belong into one of these. */
const topFolders = /^(\.ci|docs|loadtest|server|shared|widget)\/|^[^/]+$/

const vagueName = /(^|\/)(utils?|helpers?|common|managers?|base)(\.[^/]*)?(\/|$)/i

/** @param {string} text */
const withoutComments = (text) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')

/**
 * One line per violation: `path:line what`.
 * @param {string} path from the top folder
 * @param {string} text
 * @returns {string[]}
 */
export function violations(path, text) {
  const found = vagueName.test(path) ? [`${path}: a name that says nothing`] : []
  if (!topFolders.test(path)) found.push(`${path}: the folders at the top are fixed`)
  if (!code.test(path)) return found
  const lines = withoutComments(text).split('\n')
  for (const { what, files, except, pattern } of rules) {
    if (test.test(path) && files !== test) continue
    if (!files.test(path) || except.some((exception) => exception.test(path))) continue
    for (const [i, line] of lines.entries())
      if (pattern.test(line)) found.push(`${path}:${i + 1} ${line.trim()}\n    ${what}`)
  }
  return found
}

/** @param {string[]} paths */
export const allViolations = (paths) =>
  paths.flatMap((path) => violations(path, code.test(path) ? readFileSync(path, 'utf8') : ''))
