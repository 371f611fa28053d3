// A mini-program: functions from openapi-ts-request over wx.request, uploads by wx.uploadFile. Prints what it saw as JSON.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import * as api from '../.made/uni/index.js'
import { NotSent, Refused, setBase, type Refusal } from '../wx/request.js'
import { interruptNext, wx } from '../wx/wx.js'
import type { Story } from '../story.js'

const story: Story = JSON.parse(await readFile(process.argv[2], 'utf8'))
setBase(story.url)

async function signIn(username: string) {
  const session = await api.createSession({ body: { username, password: story.password } })
  wx.setStorageSync('token', session.access_token)
  return session
}

async function refusal(asked: Promise<unknown>): Promise<Refusal> {
  try {
    await asked
  } catch (error) {
    if (error instanceof Refused) return error.problem
    throw error
  }
  throw new assert.AssertionError({ message: 'was not refused' })
}

const setClock = (now: string) => new Promise<void>((resolve) => wx.request({
  url: `${story.url}/v1/clock`, method: 'PUT', data: { now }, success: () => resolve(), fail: () => resolve(),
}))

const { kinds } = await api.listDocumentKinds({ params: { campaign_key: story.campaign } })

const consentTo = (kind: string): Record<string, string> => { // the person has read kinds[kind].consent.text and ticked it
  const consent = kinds[kind]?.consent
  return consent ? { consent: consent.text_sha256 } : {}
}

const upload = (kind: string, filePath: string, bundle_id: string) => new Promise<{ status: number; body: Refusal }>((success, fail) =>
  wx.uploadFile({
    url: `${story.url}/v1/documents`, filePath, name: 'file', formData: { kind, bundle_id, ...consentTo(kind) },
    header: { authorization: `Bearer ${String(wx.getStorageSync('token'))}` },
    success: ({ statusCode, data }) => success({ status: statusCode, body: JSON.parse(data) as Refusal }), // a string, always JSON
    fail: ({ errMsg }) => fail(new Error(errMsg)),
  }))

await setClock(story.opened)
await signIn('wutai-clerk')

const body = { campaign_key: story.campaign, category: story.category, form: story.form }
const wrong = await refusal(api.createNomination({ body: { ...body, form: { ...story.form, no_such_field: 1 } } }))

// The lift takes the signal away: the answer is lost, the case is made. The same key brings the same case.
const options = { headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `mini-${String(story.form['resident_id_number'])}` } }
interruptNext()
const lost = await api.createNomination({ body, options }).catch((error: unknown) => error instanceof NotSent)
const made = await api.createNomination({ body, options })
const listed = await api.listNominations({ params: { campaign_key: story.campaign, page_size: 100 } })
const once = listed.items.filter((item) => item.id === made.id).length
const params = { nomination_id: made.id }

const bad = await upload('portrait', story.red_portrait, made.id)
const kept = []
for (const [kind, file] of Object.entries(story.pictures)) kept.push((await upload(kind, file, made.id)).status)

await api.confirmNominationPart({ params, body: story.on_behalf })
const checked = await api.checkNomination({ params })
await api.submitNomination({ params, body: {} })
await api.recordStaffDeliberation({ params, body: story.deliberation })
await api.recordInspection({ params, body: story.inspection })
await api.recordLeadershipDecision({ params, body: story.decision })
await api.recordSelfReview({ params, body: story.self_review })
await api.createPublicityNotice({ params })

await setClock(story.after_publicity)
await signIn('wutai-office')
await api.saveContactForm({ params: { key: story.campaign }, body: { form: story.contact_form } })
const head = await signIn('wutai-head')
await api.signNominationForUnit({ params, body: { signer_name: head.person.full_name } })
let status = ''
for (const bureau of ['wutai-hrss', 'wutai-iit']) {
  await signIn(bureau)
  status = (await api.reviewNomination({ params, body: story.endorse })).status
}

const file = await new Promise<string>((resolve, reject) => wx.downloadFile({
  url: `${story.url}/v1/nominations/${made.id}/forms/attachment_6?format=pdf`,
  header: { authorization: `Bearer ${String(wx.getStorageSync('token'))}` },
  success: ({ statusCode, tempFilePath }) => (statusCode === 200 ? resolve(tempFilePath) : reject(new Error(String(statusCode)))),
  fail: ({ errMsg }) => reject(new Error(errMsg)),
}))
const pdf = (await readFile(file)).subarray(0, 5).toString()

console.log(JSON.stringify({
  pointers: wrong.errors.map((error) => error.pointer), lost, once, findings: bad.body.errors.map((error) => error.code), kept,
  errors: checked.errors, status, pdf,
}))
