// A browser keeps what it loaded as one kind of page, and asks whether it changed when it needs another kind. A `304` must
// never show a page without guard, banner or gate. The pages come from an upstream that answers conditional requests.

import assert from 'node:assert/strict'
import http from 'node:http'
import { after, before, describe, test } from 'node:test'
import { BROWSERS } from './harness/guarded.mjs'
import { start } from './harness/site.mjs'

const PAGE = `<!doctype html><html lang="en"><head><title>A page</title></head><body><p>Text</p>
<img alt="" data-consent="functionality" data-src="/picture.png"></body></html>`

let upstream, proxy, unchanged
before(async () => {
  unchanged = 0
  upstream = http.createServer((request, response) => {
    const headers = { etag: '"v1"', 'cache-control': 'no-cache' }
    if (request.url.endsWith('.png') || request.url === '/favicon.ico') return response.writeHead(204).end()
    if (/"v1"/.test(request.headers['if-none-match'] ?? '')) {
      unchanged += 1
      return response.writeHead(304, headers).end()
    }
    response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(PAGE)
  })
  await new Promise(resolve => upstream.listen(0, '127.0.0.1', resolve))
  proxy = await start('proxy', { UPSTREAM: `127.0.0.1:${upstream.address().port}`, INVENTORY_PORT: '0' })
})
after(async () => {
  await proxy.stop()
  upstream.closeAllConnections()
  upstream.close()
})

/** What the markup of a page shows of how the layer wrote it. */
const facts = `(html => ({
  guarded: html.includes('data-consent-rules'),
  asks: html.includes('id="consent-banner"'),
  live: / src="\\/picture.png"/.test(html),
}))`

/** The ways in which a browser loads an address: expressions in another page of the site. `document` is a visit. */
const WAYS = {
  document: null,
  frame: address => `new Promise((resolve, reject) => {
    const frame = document.createElement('iframe')
    frame.onload = () => { resolve(${facts}(frame.contentDocument.documentElement.outerHTML)); frame.remove() }
    frame.onerror = reject
    frame.src = ${JSON.stringify(address)}
    document.body.append(frame)
  })`,
  fetch: address => `fetch(${JSON.stringify(address)}).then(response => response.text()).then(${facts})`,
  'fetch of HTML': address =>
    `fetch(${JSON.stringify(address)}, { headers: { accept: 'text/html' } }).then(response => response.text()).then(${facts})`,
  prefetch: address => `new Promise(resolve => {
    const link = document.createElement('link')
    link.rel = 'prefetch'
    link.onload = link.onerror = () => { link.remove(); resolve(null) }
    link.href = ${JSON.stringify(address)}
    document.head.append(link)
  })`,
}

/** What a page of each kind must show, for a visitor in this state. */
const expected = {
  document: state => ({ guarded: true, asks: state === 'erase', live: state === 'accept' }),
  frame: state => ({ guarded: true, asks: false, live: state === 'accept' }),
  fetch: state => ({ guarded: false, asks: false, live: state === 'accept' }),
  'fetch of HTML': state => ({ guarded: false, asks: false, live: state === 'accept' }),
}

/** The decisions before the first load and before the second: undecided, and changes in both directions. */
const STATES = [['erase', 'erase'], ['erase', 'accept'], ['accept', 'refuse']]

for (const [name, arrive] of Object.entries(BROWSERS)) {
  describe(name, () => {
    for (const [earlier, later] of STATES) {
      test(`no 304 shows the page as it was written for another purpose: ${earlier}, then ${later}`, async t => {
        const base = proxy.url('/base')
        const browser = await arrive(t, base)
        const decide = action => browser.evaluate(
          `fetch('/consent', { method: 'POST', body: new URLSearchParams({ action: '${action}' }) }).then(response => response.ok)`)
        const load = async (way, address) => {
          if (WAYS[way]) return browser.evaluate(WAYS[way](address))
          await browser.show(proxy.url(address))
          const seen = await browser.evaluate(`${facts}(document.documentElement.outerHTML)`)
          await browser.show(base)
          return seen
        }
        let number = 0
        const before = unchanged
        for (const first of Object.keys(WAYS)) {
          for (const [second, written] of Object.entries(expected)) {
            const address = `/${earlier}-${later}/${number++}`
            assert.equal(await decide(earlier), true)
            await load(first, address)
            if (later !== earlier) assert.equal(await decide(later), true)
            assert.deepEqual(await load(second, address), written(later), `${first}, then ${second}`)
          }
        }
        assert.equal(number, 20)
        // Where nothing changed, the browser does revalidate: else this test would show nothing.
        if (earlier === later) assert.ok(unchanged > before, 'no response was 304')
      })
    }
  })
}
