// Pages with the built guard and nothing else of the library, in Chromium and in Firefox.

import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { Firefox } from './firefox.mjs'
import { root } from './site.mjs'
import { Visitor } from './visitor.mjs'

const dist = path.join(root, 'consent-wasm', 'dist')

/** The guard as it is delivered. */
export const guard = () => {
  const [name] = fs.readdirSync(dist).filter(name => /^guard-\w+\.js$/.test(name))
  return fs.readFileSync(path.join(dist, name), 'utf8')
}

/** The guard's script element with these rules. */
export const guardTag = rules => `<script data-consent-rules="${rules}">${guard()}</script>`

/**
 * Serves these pages on a free port, each path with its HTML or its `{type, body, headers}`.
 *
 * @param {Record<string, string | {type?: string, body: string | Buffer, headers?: Record<string, string>}>} pages
 */
export async function serve(pages) {
  const server = http.createServer((request, response) => {
    const page = pages[new URL(request.url, 'http://localhost').pathname]
    const { type = 'text/html; charset=utf-8', body, headers = {} } = typeof page === 'string' ? { body: page } : page ?? { body: '' }
    response.writeHead(page == null ? 404 : 200, { 'content-type': type, ...headers })
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`
  return {
    origin,
    url: address => new URL(address, origin).href,
    stop: () => new Promise(done => {
      server.close(done)
      server.closeAllConnections()
    }),
  }
}

/**
 * Both browsers: `open(t, url)` starts one with an empty profile, shows the page there and returns
 * `evaluate(expression)`, which resolves with what the expression resolves with, and `show(url)`.
 */
export const BROWSERS = {
  async Chromium(t, url) {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    await page.goto(url)
    return {
      evaluate: expression => page.evaluate(expression),
      show: address => page.goto(address),
      visitor,
    }
  },
  async Firefox(t, url) {
    const firefox = await Firefox.start(t)
    const context = await firefox.open(url)
    return {
      // The driver returns nested values in a form of its own.
      evaluate: async expression => {
        const text = await firefox.evaluate(context, `(async () => JSON.stringify(await (${expression})) ?? 'null')()`)
        return JSON.parse(text)
      },
      show: address => firefox.send('browsingContext.navigate', { context, url: address, wait: 'complete' }),
    }
  },
}
