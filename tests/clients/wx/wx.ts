// The part of WeChat's `wx` that a client uses, as narrow as the real one: four methods, ten requests at once, string bodies from
// uploads, no cookies, `fail` only when nothing answered. Sources: the mini-program documentation of wx.request, wx.uploadFile, wx.downloadFile.
import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { readFile, writeFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, basename } from 'node:path'

type Fail = (error: { errMsg: string }) => void
type Header = Record<string, string>
type Answer = { statusCode: number; header: Header; data: unknown; cookies: string[] }

const METHODS = ['GET', 'POST', 'PUT', 'DELETE']
const AT_ONCE = 10
let running = 0
let interrupted = 0
const storage = new Map<string, unknown>()

/** The next request is cut off on its way back: it was done, and its answer is lost. */
export function interruptNext(): void {
  interrupted += 1
}

async function send(url: string, init: RequestInit, fail: Fail): Promise<Response | undefined> {
  if (running >= AT_ONCE) {
    fail({ errMsg: 'request:fail exceed max concurrent' })
    return undefined
  }
  running += 1
  try {
    const response = await fetch(url, { ...init, redirect: 'follow' })
    if (interrupted > 0) {
      interrupted -= 1
      await response.arrayBuffer()
      fail({ errMsg: 'request:fail interrupted' })
      return undefined
    }
    return response
  } catch (error) {
    fail({ errMsg: `request:fail ${String(error)}` })
    return undefined
  } finally {
    running -= 1
  }
}

function headersOf(response: Response): Header {
  return Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'))
}

export const wx = {
  request(options: {
    url: string; method?: string; data?: unknown; header?: Header; responseType?: string
    success: (answer: Answer) => void; fail: Fail
  }): void {
    const method = options.method ?? 'GET'
    if (!METHODS.includes(method)) throw new Error(`request:fail method ${method} is not one of a mini-program`)
    const url = new URL(options.url)
    if (method === 'GET') {
      for (const [name, value] of Object.entries((options.data ?? {}) as Header)) url.searchParams.set(name, String(value))
    }
    const body = method === 'GET' || options.data === undefined ? undefined : JSON.stringify(options.data)
    const headers = new Headers(options.header)
    if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    void send(url.toString(), { method, headers, body }, options.fail).then(async (response) => {
      if (!response) return
      const bytes = await response.arrayBuffer()
      const text = new TextDecoder().decode(bytes)
      // As WeChat: what parses as JSON comes parsed, whatever its content type; an empty body is an empty string.
      let data: unknown = options.responseType === 'arraybuffer' ? bytes : text
      if (options.responseType !== 'arraybuffer') try { data = JSON.parse(text) } catch { /* stays a string */ }
      options.success({ statusCode: response.status, header: headersOf(response), data, cookies: [] })
    })
  },

  uploadFile(options: {
    url: string; filePath: string; name: string; formData?: Header; header?: Header
    success: (answer: { statusCode: number; data: string }) => void; fail: Fail
  }): void {
    void (async () => {
      const form = new FormData()
      for (const [name, value] of Object.entries(options.formData ?? {})) form.set(name, String(value))
      form.set(options.name, new Blob([await readFile(options.filePath)]), basename(options.filePath))
      const response = await send(options.url, { method: 'POST', headers: options.header, body: form }, options.fail)
      if (response) options.success({ statusCode: response.status, data: await response.text() })
    })()
  },

  downloadFile(options: {
    url: string; header?: Header
    success: (answer: { statusCode: number; tempFilePath: string }) => void; fail: Fail
  }): void {
    void (async () => {
      const response = await send(options.url, { headers: options.header }, options.fail)
      if (!response) return
      const tempFilePath = join(await mkdtemp(join(tmpdir(), 'wx-')), 'download')
      await writeFile(tempFilePath, Buffer.from(await response.arrayBuffer()))
      options.success({ statusCode: response.status, tempFilePath })
    })()
  },

  /** Bytes in, bytes out; an encoding only where text goes in, as `base64` of a proposal does. */
  getFileSystemManager: () => ({
    readFileSync: (path: string, _encoding?: undefined, position = 0, length?: number): ArrayBuffer => {
      const bytes = readFileSync(path)
      return Uint8Array.from(bytes.subarray(position, length === undefined ? undefined : position + length)).buffer
    },
    writeFileSync: (path: string, data: ArrayBuffer | string, encoding: BufferEncoding = 'utf8'): void =>
      writeFileSync(path, typeof data === 'string' ? Buffer.from(data, encoding) : Buffer.from(data)),
    appendFileSync: (path: string, data: ArrayBuffer): void => appendFileSync(path, Buffer.from(data)),
    statSync: (path: string): { size: number } => statSync(path),
  }),
  env: { USER_DATA_PATH: mkdtempSync(join(tmpdir(), 'wx-user-')) },

  removeStorageSync: (key: string): void => { storage.delete(key) },
  setStorageSync: (key: string, value: unknown): void => { storage.set(key, value) },
  getStorageSync: (key: string): unknown => storage.get(key) ?? '',
}
