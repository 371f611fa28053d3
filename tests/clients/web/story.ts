// A web front end: types from openapi-typescript, calls by openapi-fetch, nothing but the contract. Prints what it saw as JSON.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import createClient from 'openapi-fetch'
import type { components, paths } from '../.made/schema.js'
import type { Story } from '../story.js'

type Schemas = components['schemas']
const story: Story = JSON.parse(await readFile(process.argv[2], 'utf8'))

async function signedIn(username: string) {
  const client = createClient<paths>({ baseUrl: story.url })
  const { data } = await client.POST('/v1/auth/sessions', { body: { username, password: story.password } })
  assert(data, `${username} cannot sign in`)
  client.use({
    onRequest({ request }) {
      request.headers.set('authorization', `Bearer ${data.access_token}`)
      return request
    },
  })
  return client
}

async function setClock(now: string) {
  await fetch(`${story.url}/v1/clock`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ now }) })
}

function done<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  assert(answer.response.ok && answer.data !== undefined, JSON.stringify(answer.error))
  return answer.data
}

await setClock(story.opened)
const clerk = await signedIn('wutai-clerk')

// A wrong answer is refused at its field.
const wrong = await clerk.POST('/v1/nominations', {
  body: { campaign_key: story.campaign, category: story.category, form: { ...story.form, no_such_field: 1 } },
})
assert.equal(wrong.response.status, 422)
const pointers = wrong.error?.errors?.map((error) => error.pointer)

// A lost answer is asked for again under the same key: one case, not two.
const create = () => clerk.POST('/v1/nominations', {
  params: { header: { 'Idempotency-Key': `web-${story.form['resident_id_number']}` } },
  body: { campaign_key: story.campaign, category: story.category, form: story.form },
})
const first = done(await create())
const again = await create()
assert.equal(done(again).id, first.id)
const replayed = again.response.headers.get('idempotent-replayed')
const nomination_id = first.id
const path = { nomination_id }

// Photos: a bad one names its findings, good ones are kept. Identity cards need consent to the words that `kinds` gives.
const { kinds } = done(await clerk.GET('/v1/documents/kinds', { params: { query: { campaign_key: story.campaign } } }))
async function upload(kind: string, file: string) {
  const body = new FormData()
  body.set('kind', kind)
  body.set('bundle_id', nomination_id)
  const consent = kinds[kind]?.consent
  if (consent) body.set('consent', consent.text_sha256)
  body.set('file', new Blob([await readFile(file)], { type: 'image/jpeg' }), 'a.jpg')
  return clerk.POST('/v1/documents', { body: body as any, bodySerializer: (value) => value as any })
}
const refused = await upload('portrait', story.red_portrait)
assert.equal(refused.response.status, 422)
const findings = refused.error?.errors?.map((error) => error.code)
for (const [kind, file] of Object.entries(story.pictures)) done(await upload(kind, file))

// Who saves over somebody else's change is told.
const stale = await clerk.PUT('/v1/nominations/{nomination_id}', {
  params: { path, header: { 'If-Match': '"0"' } },
  body: { form: story.form },
})

done(await clerk.POST('/v1/nominations/{nomination_id}/confirmations', { params: { path }, body: story.on_behalf }))
const checked = done(await clerk.POST('/v1/nominations/{nomination_id}/checks', { params: { path } }))
done(await clerk.POST('/v1/nominations/{nomination_id}/submissions', { params: { path } }))
done(await clerk.POST('/v1/nominations/{nomination_id}/staff-deliberations', { params: { path }, body: story.deliberation }))
done(await clerk.POST('/v1/nominations/{nomination_id}/inspections', { params: { path }, body: story.inspection }))
done(await clerk.POST('/v1/nominations/{nomination_id}/leadership-decisions', { params: { path }, body: story.decision }))
done(await clerk.POST('/v1/nominations/{nomination_id}/self-reviews', { params: { path }, body: story.self_review }))
done(await clerk.POST('/v1/nominations/{nomination_id}/publicity-notices', { params: { path } }))

await setClock(story.after_publicity)
const office = await signedIn('wutai-office')
done(await office.PUT('/v1/campaigns/{key}/contact-form', { params: { path: { key: story.campaign } }, body: { form: story.contact_form } }))
const head = await signedIn('wutai-head')
const me = done(await head.GET('/v1/auth/me'))
done(await head.POST('/v1/nominations/{nomination_id}/unit-signatures', { params: { path }, body: { signer_name: me.person.full_name } }))
let reviewed: Schemas['NominationBody'] | undefined
for (const bureau of ['wutai-hrss', 'wutai-iit']) {
  const reviewer = await signedIn(bureau)
  reviewed = done(await reviewer.POST('/v1/nominations/{nomination_id}/reviews', { params: { path }, body: story.endorse }))
}

const form = await clerk.GET('/v1/nominations/{nomination_id}/forms/{form}', {
  params: { path: { nomination_id, form: 'attachment_6' }, query: { format: 'pdf' } },
  parseAs: 'arrayBuffer',
})
const pdf = Buffer.from(done(form) as ArrayBuffer).subarray(0, 5).toString()

console.log(JSON.stringify({
  pointers, replayed, findings, stale: stale.response.status, errors: checked.errors, status: reviewed?.status, pdf,
}))
