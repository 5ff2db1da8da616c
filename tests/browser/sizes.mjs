// Prints the bytes that a visitor's browser loads, file by file, with brotli. Fails if they exceed the
// budget.
//
// Measures the bytes that the demo sends: the banner's HTML, compressed alone, and the files with
// `Accept-Encoding: br`.

import assert from 'node:assert/strict'
import zlib from 'node:zlib'
import { NAVIGATION, get } from './harness/fetch.mjs'
import { startSite } from './harness/site.mjs'

/** In bytes. */
const BUDGET = { seen: 3 * 1024, all: 14 * 1024 - 1792, guard: 1792 }

const brotli = bytes => zlib.brotliCompressSync(bytes, {
  params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
}).length

/** The files of the page and what those load, by what they are: `consent.css`, `module.js`. */
async function load(site, page) {
  const files = new Map()
  const pending = [...page.matchAll(/\/consent\/assets\/([\w.-]+)/g)].map(([, file]) => file)
  pending.push('consent.js')
  for (let file = pending.pop(); file; file = pending.pop()) {
    const name = file.replace(/-[0-9a-f]{16}(?=\.)/, '')
    if (files.has(name)) continue
    const { status, headers, body } = await get(site.url(`/consent/assets/${file}`), { 'accept-encoding': 'br' })
    assert.equal(status, 200, file)
    assert.equal(headers['content-encoding'], 'br', `${file} is not compressed`)
    const text = zlib.brotliDecompressSync(body)
    files.set(name, { file, plain: text.length, brotli: body.length })
    if (file.endsWith('.js')) {
      pending.push(...[...text.toString().matchAll(/[\w-]+-[0-9a-f]{16}\.(?:js|wasm)/g)].map(([found]) => found))
    }
  }
  return files
}

const site = await startSite()
try {
  const page = (await get(site.url('/notes'), NAVIGATION)).body.toString()
  const [html] = /<section[^>]*id="consent-banner"[\s\S]*?<\/section>/.exec(page) ?? []
  assert.ok(html, 'the page has no banner')
  const files = await load(site, page)
  const rows = [{ file: 'the banner’s HTML', plain: Buffer.byteLength(html), brotli: brotli(Buffer.from(html)) }, ...files.values()]
  console.log(`${'file'.padEnd(36)}   plain  brotli`)
  for (const { file, plain, brotli } of rows) {
    console.log(`${file.padEnd(36)} ${String(plain).padStart(7)} ${String(brotli).padStart(7)}`)
  }

  const of = name => {
    assert.ok(files.has(name), `${name} is not loaded`)
    return files.get(name).brotli
  }
  const seen = rows[0].brotli + of('consent.css')
  const sums = {
    seen,
    all: seen + of('consent.js') + of('module.js') + of('module.wasm'),
    guard: of('guard.js'),
  }
  const known = ['consent.css', 'consent.js', 'module.js', 'module.wasm', 'guard.js']
  assert.deepEqual([...files.keys()].filter(name => !known.includes(name)), [], 'a file that no budget counts')
  for (const [name, sum] of Object.entries(sums)) {
    const over = sum > BUDGET[name]
    const what = { seen: 'until the banner is seen', all: 'all of the browser side', guard: 'the guard' }[name]
    console.log(`${what.padEnd(28)} ${String(sum).padStart(6)} of ${BUDGET[name]} bytes${over ? ': OVER' : ''}`)
    if (over) process.exitCode = 1
  }
} finally {
  await site.stop()
}
