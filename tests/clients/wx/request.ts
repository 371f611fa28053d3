// What openapi-ts-request's functions call: one promise over wx.request. Adopted by a front end as it stands.
import { wx } from './wx.js'

export type Refusal = { status: number; code: string; detail: string; errors: { pointer: string; code: string; message: string }[] }

export class Refused extends Error {
  constructor(readonly problem: Refusal, path: string) {
    super(`${problem.code} at ${path}`)
  }
}

export class NotSent extends Error {}

let base = ''
export function setBase(url: string): void {
  base = url
}

type Options = {
  method?: string; headers?: Record<string, string>; params?: Record<string, unknown>; data?: unknown
  responseType?: string; [key: string]: unknown
}

export default function request<T>(path: string, options: Options): Promise<T> {
  const token = wx.getStorageSync('token')
  const query = Object.entries(options.params ?? {}).filter(([, value]) => value !== undefined)
  const search = query.length ? '?' + query.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&') : ''
  return new Promise<T>((resolve, reject) => {
    wx.request({
      url: base + path + search,
      method: options.method,
      data: options.data,
      header: { ...options.headers, ...(token ? { authorization: `Bearer ${String(token)}` } : {}) },
      success: ({ statusCode, data }) => {
        if (statusCode < 400) resolve(data as T)
        else reject(new Refused(data as Refusal, path))
      },
      fail: ({ errMsg }) => reject(new NotSent(errMsg)),
    })
  })
}
