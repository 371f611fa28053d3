// Lints the committed contract by its published rules. Prints each finding; fails on any.
import { fileURLToPath } from 'node:url'
import { lint, loadConfig } from '@redocly/openapi-core'

const folder = new URL('../../openapi/', import.meta.url)
const path = (name) => fileURLToPath(new URL(name, folder)) // an absolute path stays as it is
const config = await loadConfig({ configPath: path('redocly.yaml') })
let found = 0
for (const name of process.argv.slice(2)) {
  for (const { ruleId, message, location } of await lint({ ref: path(name), config })) {
    found += 1
    console.log(`${name} ${ruleId} ${location[0].pointer ?? ''}: ${message}`)
  }
}
process.exit(found ? 1 : 0)
