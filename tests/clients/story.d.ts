// Content comes from Python factories, so it has no type here: the server checks it, as it checks what people type.
/** What the Python test hands over: where the server is, and content that its own factories made. */
export type Story = {
  url: string
  campaign: string
  category: string
  password: string
  form: any
  pictures: Record<string, string>
  red_portrait: string
  opened: string
  after_publicity: string
  on_behalf: any
  deliberation: any
  inspection: any
  decision: any
  self_review: any
  contact_form: any
  endorse: any
}
