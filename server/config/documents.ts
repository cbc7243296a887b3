/** The environment variables as documents show them. */

import { z } from 'zod'
import { exampleOf, NAMES, variables } from './variables.ts'

interface Variable {
  name: string
  what: string
  /** As text, where there is one. */
  preset: string | undefined
  example: string
}

/** Every variable that is read, for documents and for checks of deployment files. */
export const variableList = (): Variable[] =>
  NAMES.map((name) => {
    const schema = variables.shape[name]
    return {
      name,
      what: schema.description ?? '',
      preset: schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : undefined,
      example: exampleOf(name),
    }
  })

/** The text of `.env.example`: every variable, commented out, with its default or an example. */
export const renderEnvExample = (): string =>
  `# Made by \`npm run generate\` from server/config/variables.ts. Every variable may be left out unless it says otherwise.\n\n${variableList()
    .map(({ name, what, preset, example }) => `# ${what}\n#${name}=${preset || example}\n`)
    .join('\n')}`
