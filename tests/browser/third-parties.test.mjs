// What pages load from other origins, as the network shows it: every way to load, in both browsers, without any mark.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { after, before, describe, test } from 'node:test'
import { BROWSERS } from './harness/guarded.mjs'
import { start } from './harness/site.mjs'
import { until } from './harness/steps.mjs'

/** A third party: keeps what was requested from it, and how many connections were made. */
class ThirdParty {
  requests = []
  connections = 0

  static async listen() {
    const party = new ThirdParty()
    party.server = http.createServer((request, response) => {
      const path = new URL(request.url, 'http://localhost').pathname
      party.requests.push(path.slice(1))
      const type = /script|module|worker/.test(path) ? 'text/javascript' : /style/.test(path) ? 'text/css' : /frame|object|embed/.test(path) ? 'text/html' : 'image/svg+xml'
      response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*', 'cache-control': 'no-store' })
      response.end(type == 'image/svg+xml' ? '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="a"/></svg>' : '')
    })
    party.server.on('connection', () => { party.connections += 1 })
    party.server.listen(0, '127.0.0.1')
    await once(party.server, 'listening')
    party.port = party.server.address().port
    return party
  }

  forget() {
    this.requests = []
    this.connections = 0
  }

  stop() {
    this.server.closeAllConnections()
    this.server.close()
  }
}

/** Elements in HTML, by a name for each: `@` stands for the origin. */
const ELEMENTS = {
  script: '<script src="@/script"></script>',
  module: '<script type=module src="@/module"></script>',
  style: '<link rel=stylesheet href="@/style">',
  preload: '<link rel=preload as=image href="@/preload">',
  modulepreload: '<link rel=modulepreload href="@/modulepreload">',
  prefetch: '<link rel=prefetch href="@/prefetch">',
  icon: '<link rel=icon href="@/icon">',
  manifest: '<link rel=manifest href="@/manifest">',
  image: '<img src="@/image">',
  srcset: '<img srcset="@/srcset 1x">',
  picture: '<picture><source srcset="@/picture"><img src="/own.svg"></picture>',
  frame: '<iframe src="@/frame"></iframe>',
  embed: '<embed src="@/embed" type="text/html">',
  object: '<object data="@/object" type="text/html"></object>',
  poster: '<video poster="@/poster" width=9 height=9></video>',
  video: '<video src="@/video" preload=auto></video>',
  audio: '<audio src="@/audio" preload=auto></audio>',
  source: '<video preload=auto><source src="@/source"></video>',
  input: '<input type=image src="@/input">',
  svg: '<svg width=9 height=9><image href="@/svg" width=9 height=9 /></svg>',
  xlink: '<svg width=9 height=9><image xlink:href="@/xlink" width=9 height=9 /></svg>',
  background: '<table background="@/background"><tr><td>x</table>',
  spelled: '<img src="&#104;ttp:\\\\&#47;@host/spelled">',
}

/** The nine ways of scripts and styles, which only the browser can hold. */
const SCRIPTED = {
  insertedScript: `const e = document.createElement('script'); e.src = '@/insertedscript'; document.head.append(e)`,
  insertedFrame: `const e = document.createElement('iframe'); e.src = '@/insertedframe'; document.body.append(e)`,
  insertedStyle: `const e = document.createElement('link'); e.rel = 'stylesheet'; e.href = '@/insertedstyle'; document.head.append(e)`,
  insertedPrefetch: `const e = document.createElement('link'); e.rel = 'prefetch'; e.href = '@/insertedprefetch'; document.head.append(e)`,
  newImage: `new Image().src = '@/newimage'`,
  beacon: `navigator.sendBeacon('@/beacon', 'x')`,
  fetch: `fetch('@/fetch', { mode: 'no-cors' }).catch(() => {})`,
  background: `const e = document.createElement('p'); e.style.background = 'url(@/stylebackground)'; e.textContent = 'x'; document.body.append(e)`,
  styleElement: `const e = document.createElement('style'); e.textContent = '\\x40import "@/styleimport";'; document.head.append(e)`,
  srcdoc: `const e = document.createElement('iframe'); e.srcdoc = '<img src="@/srcdocimage">'; document.body.append(e)`,
  socket: `try { new WebSocket('@/socket'.replace('http', 'ws')) } catch {}`,
  worker: `const worker = new Worker('/fetching-worker.js'); window.worked = new Promise(done => { worker.onmessage = worker.onerror = done }); worker.postMessage('@/workerfetch')`,
  moduleImport: `import('@/scriptimport').catch(() => {})`,
}

/** Ways that not every browser takes when it has no window to show, or that it takes later. */
const OPTIONAL = ['icon', 'manifest', 'prefetch', 'modulepreload', 'video', 'audio', 'source']

/** A worker of the application's own that fetches. It has the policy that its script came with. */
const FETCHING_WORKER = `onmessage = event => fetch(event.data, { mode: 'no-cors' }).catch(() => {}).then(() => postMessage('done'))`

/** What the application does itself. Each must work as it does without the layer. */
const OWN = `
const results = window.results = {}
results.inline = 'ran'
const button = document.querySelector('#own-handler'); button.click(); results.handler = window.handled ?? 'missing'
try { results.eval = eval('1 + 1') } catch (error) { results.eval = error.name }
const waits = []
waits.push(new Promise(done => { const worker = new Worker('/own-worker.js'); worker.onmessage = event => { results.worker = event.data; done() }; worker.onerror = () => { results.worker = 'error'; done() } }))
waits.push(new Promise(done => { const worker = new Worker(URL.createObjectURL(new Blob(['postMessage("blob")']))); worker.onmessage = event => { results.blob = event.data; done() }; worker.onerror = () => { results.blob = 'error'; done() } }))
waits.push(WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => { results.wasm = 'ran' }, error => { results.wasm = error.name }))
waits.push(new Promise(done => { const image = new Image(); image.onload = () => { results.data = 'loaded'; done() }; image.onerror = () => { results.data = 'error'; done() }; image.src = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' }))
waits.push(new Promise(done => { const frame = document.createElement('iframe'); frame.onload = () => { results.frame = frame.contentDocument?.body?.textContent ?? 'foreign'; done() }; frame.src = '/own-frame'; document.body.append(frame) }))
waits.push(fetch('/own-data').then(answer => { results.fetch = answer.status }))
waits.push(new Promise(done => { const socket = new WebSocket(location.origin.replace('http', 'ws') + '/own-socket'); socket.onerror = () => { results.socket = violated ? 'blocked' : 'tried'; done() } }))
window.settled = Promise.all(waits).then(() => results)
`

const own = '<button id=own-handler onclick="window.handled = \'ran\'">x</button>'
const violations = '<script NONCE>window.violations = []; let violated = false; document.addEventListener("securitypolicyviolation", event => { violations.push([event.effectiveDirective, event.blockedURI, event.disposition]); violated ||= /socket/.test(event.blockedURI) })</script>'

const body = (origin, nonce = '') => {
  const put = text => text.replaceAll('@host', origin.replace(/^http:\/\//, '')).replaceAll('@', origin)
  const elements = Object.values(ELEMENTS).map(put).join('\n')
  const scripts = Object.values(SCRIPTED).map(way => `<script${nonce}>try { (() => { ${put(way)} })() } catch {}</script>`).join('\n')
  const styled = `<p style="background: url(${origin}/inlinestyle)">x</p>`
  return `<!doctype html><html><head><title>x</title>${violations.replace('NONCE', nonce)}</head><body>${elements}\n${styled}\n${scripts}</body></html>`
}

const hints = origin => `<!doctype html><html><head><title>x</title><link rel=preconnect href="${origin}"><link rel=dns-prefetch href="${origin}"></head><body>x</body></html>`

for (const [name, open] of Object.entries(BROWSERS)) {
  describe(name, () => {
    const parties = {}
    let site
    const others = []
    /** Starts the same site in another mode. */
    let restart
    before(async () => {
      for (const party of ['declared', 'exempt', 'undeclared']) parties[party] = await ThirdParty.listen()
      const at = (party, host = 'localhost') => `http://${host}:${parties[party].port}`
      const pages = {
        '/declared': { body: body(at('declared')) },
        '/exempt': { body: body(at('exempt')) },
        '/undeclared': { body: body(at('undeclared')) },
        '/undeclared-host': { body: body(`http://b.localhost:${parties.declared.port}`) },
        '/strict': {
          body: body(at('undeclared'), ' nonce=abc'),
          nonce: 'abc',
          headers: { 'content-security-policy': "script-src 'nonce-abc' 'strict-dynamic'" },
        },
        '/hints': { body: hints(at('undeclared')) },
        '/own': { body: `<!doctype html><html><head><title>x</title>${violations.replace('NONCE', '')}</head><body>${own}<script>${OWN}</script></body></html>` },
        '/own-worker.js': { body: 'postMessage("worker")', headers: { 'content-type': 'text/javascript' } },
        '/fetching-worker.js': { body: FETCHING_WORKER, headers: { 'content-type': 'text/javascript' } },
        '/own-frame': { body: '<!doctype html><p>framed' },
        '/own-data': { body: '{}', headers: { 'content-type': 'application/json' } },
        '/own.svg': { body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', headers: { 'content-type': 'image/svg+xml' } },
      }
      const env = { PAGES: JSON.stringify(pages), DECLARED: at('declared'), EXEMPT: at('exempt') }
      site = await start('third_parties', env)
      restart = async mode => {
        const other = await start('third_parties', { ...env, MODE: mode })
        others.push(other)
        return other
      }
    })
    after(async () => {
      for (const started of [site, ...others]) await started?.stop()
      for (const party of Object.values(parties)) party.stop()
    })

    /** Everything that a page may ask for: all names in lower case. */
    const ways = [...Object.keys(ELEMENTS), 'insertedscript', 'insertedframe', 'insertedstyle', 'newimage', 'beacon', 'fetch', 'stylebackground', 'styleimport', 'srcdocimage', 'inlinestyle', 'scriptimport', 'workerfetch']

    /** Shows a page in a new browser, and returns it when the page has asked for everything. */
    const visit = async (t, path, decision, from = site) => {
      const browser = await open(t, from.url('/own-frame'))
      if (browser.visitor) browser.visitor.page.on('close', () => {})
      if (decision) await decide(browser, decision)
      for (const party of Object.values(parties)) party.forget()
      await browser.show(from.url(path))
      // A request of the page itself, which browsers send last.
      await browser.evaluate(`new Promise(done => {
        const last = () => requestIdleCallback(() => fetch('/own-data').then(() => fetch('/own-data')).then(() => done(1)))
        if (document.readyState == 'complete') last(); else addEventListener('load', last)
      })`)
      await browser.evaluate('window.worked?.then(() => 1)')
      if (browser.visitor) browser.visitor.reports = []
      return browser
    }

    const decide = (browser, action) => browser.evaluate(`fetch('/consent', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ action: '${action}' }),
    }).then(answer => answer.status)`)

    /** The names that reached a party. */
    const reached = party => [...new Set(parties[party].requests)].sort()

    /** Waits until every way has reached a party. */
    const allReach = async (party, except = []) => {
      const missing = () => ways.filter(way => ![...reached(party), ...OPTIONAL, ...except].includes(way))
      await until('every way', () => missing().length == 0).catch(() => assert.deepEqual(missing(), [], 'not taken'))
    }

    test('without the layer, every way reaches the third party', async t => {
      await visit(t, '/bare/undeclared')
      // Its worker comes through the layer.
      await allReach('undeclared', ['workerfetch'])
    })

    for (const decision of [undefined, 'refuse', 'accept']) {
      for (const path of ['/undeclared', '/strict']) {
        test(`${decision ?? 'undecided'}: nothing reaches an origin that no service declares (${path})`, async t => {
          await visit(t, path, decision)
          assert.deepEqual(reached('undeclared'), [])
        })
      }
    }

    test('another host of a declared port is another origin', async t => {
      await visit(t, '/undeclared-host', 'accept')
      assert.deepEqual(reached('declared'), [])
    })

    for (const decision of [undefined, 'refuse']) {
      test(`${decision ?? 'undecided'}: nothing reaches a service that is not allowed`, async t => {
        const browser = await visit(t, '/declared', decision)
        // The header permits frames of services before a choice, and with them prefetches (in Chromium).
        const frames = decision ? [] : ['insertedframe', 'insertedprefetch']
        assert.deepEqual(reached('declared').filter(way => !frames.includes(way)), [])
        assert.equal(await browser.evaluate('document.querySelectorAll("[data-consent-placeholder]").length') > 0, true)
      })
    }

    test('granted: everything of the declared service loads', async t => {
      await visit(t, '/declared', 'accept')
      // Scripts of workers are the same for everybody.
      await allReach('declared', ['workerfetch'])
    })

    for (const decision of [undefined, 'refuse']) {
      test(`${decision ?? 'undecided'}: an exempt service loads`, async t => {
        await visit(t, '/exempt', decision)
        await allReach('exempt')
      })
    }

    test('exact: before a choice, nothing at all reaches a service', async t => {
      await visit(t, '/declared', undefined, await restart('exact'))
      assert.deepEqual(reached('declared'), [])
    })

    test('report: everything loads, and the browser reports it', async t => {
      const reporting = await restart('report')
      const browser = await visit(t, '/undeclared', undefined, reporting)
      await allReach('undeclared')
      const dispositions = await browser.evaluate('violations.map(violation => violation[2])')
      assert.deepEqual([...new Set(dispositions)], ['report'])
      const drafts = () => browser.evaluate(`fetch('/inventory').then(answer => answer.text())`)
      await until('a report arrived', async () => /img-src/.test(await drafts()))
    })

    test('no connection is made ahead', async t => {
      await visit(t, '/hints')
      assert.equal(parties.undeclared.connections, 0)
    })

    test('what the application does itself works as it does without the layer', async t => {
      const browser = await visit(t, '/bare/own')
      const bare = await browser.evaluate('settled')
      await browser.show(site.url('/own'))
      const layered = await browser.evaluate('settled')
      assert.deepEqual(layered, bare)
      assert.deepEqual(
        { ...layered },
        { inline: 'ran', handler: 'ran', eval: 2, worker: 'worker', blob: 'blob', wasm: 'ran', data: 'loaded', frame: 'framed', fetch: 200, socket: 'tried' },
      )
      assert.deepEqual(await browser.evaluate('violations'), [])
    })

    test('the browser reports what it held, and the inventory drafts a service', async t => {
      const browser = await visit(t, '/undeclared')
      const origin = `http://localhost:${parties.undeclared.port}`
      const drafts = () => browser.evaluate(`fetch('/inventory').then(answer => answer.text())`)
      await until('a report arrived', async () => /connect-src|img-src|script-src/.test(await drafts()))
      assert.match(await drafts(), new RegExp(`origins = \\["${origin}"\\]`))
    })
  })
}
