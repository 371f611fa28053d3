// Makes both TypeScript clients from the committed contract into .made/.
import { mkdirSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import { generateService } from 'openapi-ts-request'

const contract = new URL('../../openapi/xianjin.yaml', import.meta.url)
const camel = (id) => id.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())

mkdirSync('.made', { recursive: true })
writeFileSync('.made/schema.ts', astToString(await openapiTS(contract)))
await generateService({
  schemaPath: contract.pathname,
  serversPath: './.made/uni',
  requestLibPath: '../../wx/request',
  isCamelCase: true,
  hook: { customFunctionName: (operation) => camel(operation.operationId) },
})
