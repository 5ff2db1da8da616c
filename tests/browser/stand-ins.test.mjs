// The objects with which the guard replaces native ones behave as in a browser that blocks storage.

import assert from 'node:assert/strict'
import path from 'node:path'
import { before, describe, test } from 'node:test'
import { build } from 'esbuild'
import { BROWSERS, guardTag, serve } from './harness/guarded.mjs'
import { root } from './harness/site.mjs'
import { Visitor } from './harness/visitor.mjs'

const RULES = ['consent /consent 1 180 @functionality:g:1', 'i0::idb', 'i0::localforage', 'i0::Dexie', 'i0::firebaseLocalStorageDb',
  'c0::js-cookie', 'c0::universal-cookie', 'l0::store2', 'k0::cache', 'w0::/worker.js'].join(' ')
const CONSENT = { undecided: undefined, refused: 'r', granted: 'g' }
const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')

/** What was not caught, for every document. */
const WATCH = `<script>
  window.uncaught = []
  addEventListener('unhandledrejection', event => uncaught.push('rejection: ' + event.reason))
  addEventListener('error', event => uncaught.push('error: ' + event.message))
</script>`

let bundle
before(async () => {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'tests/browser/libraries/storing.js')],
    bundle: true, write: false, format: 'iife', target: 'es2022', logLevel: 'error',
  })
  bundle = Buffer.from(outputFiles[0].contents)
})

async function arrive(t, open, state, { guarded = true } = {}) {
  const letter = CONSENT[state]
  const server = await serve({
    '/': {
      body: `<!doctype html>${guarded ? guardTag(RULES) : ''}${WATCH}<body><script src="/libraries.js"></script>`,
      headers: letter ? { 'set-cookie': `consent=1-${day}.functionality:${letter}; Path=/` } : {},
    },
    '/libraries.js': { type: 'text/javascript', body: bundle },
    '/worker.js': { type: 'text/javascript', body: '' },
    '/look': '<!doctype html>',
  })
  t.after(() => server.stop())
  return { server, tab: await open(t, server.url('/')) }
}

/** Everything that a page of this origin can find. */
const FOUND = `(async () => ({
  cookies: document.cookie.split('; ').map(pair => pair.split('=')[0]).filter(name => name && name !== 'consent'),
  storages: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
  databases: (await indexedDB.databases()).map(({ name }) => name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
}))()`
const NOTHING = { cookies: [], storages: [], databases: [], caches: [], workers: 0 }

for (const [browser, open] of Object.entries(BROWSERS)) {
  describe(browser, () => {
    for (const state of ['undecided', 'refused']) {
      test(`${state}: real libraries settle, and nothing is stored`, async t => {
        const { server, tab } = await arrive(t, open, state)
        assert.deepEqual(await tab.evaluate('settles()'), {
          idb: 'UnknownError',
          localforage: 'Error',
          Dexie: 'UnknownError',
          Firebase: 'not stored',
          'js-cookie': 'not stored',
          'universal-cookie': 'not stored',
          store2: 'not stored',
        })
        assert.deepEqual(await tab.evaluate('uncaught'), [])
        await tab.show(server.url('/look'))
        assert.deepEqual(await tab.evaluate(FOUND), NOTHING)
      })
    }

    test('granted: real libraries store', async t => {
      const { tab } = await arrive(t, open, 'granted')
      const outcomes = await tab.evaluate('settles()')
      for (const [name, outcome] of Object.entries(outcomes)) assert.equal(outcome, 'stored', name)
      assert.deepEqual(await tab.evaluate('uncaught'), [])
      const found = await tab.evaluate(FOUND)
      assert.deepEqual(found.databases.sort(), ['Dexie', 'firebaseLocalStorageDb', 'idb', 'localforage'])
    })

    test('a refused database is a request of the browser that fails', async t => {
      const { server, tab } = await arrive(t, open, 'refused')
      const seen = await tab.evaluate(`new Promise(resolve => {
        const events = []
        const request = indexedDB.open('other', 3)
        const kinds = [request instanceof IDBOpenDBRequest, request instanceof IDBRequest, request instanceof EventTarget,
          Object.prototype.toString.call(request)]
        const first = [request.readyState, request.source, request.transaction, request.onerror]
        for (const name of ['success', 'upgradeneeded', 'blocked']) {
          request['on' + name] = () => events.push('on' + name)
          request.addEventListener(name, () => events.push(name))
        }
        request.addEventListener('error', event => events.push('error ' + [event.constructor.name, event.bubbles, event.cancelable, event.target === request]))
        request.onerror = function (event) {
          events.push('onerror ' + (this === request))
          const { error } = request
          setTimeout(() => resolve({
            kinds, first, events,
            error: [error instanceof DOMException, error.name, request.error === error],
            last: [request.readyState, String(request.result)],
          }))
        }
        events.push('returned')
      })`)
      assert.deepEqual(seen, {
        kinds: [true, true, true, '[object IDBOpenDBRequest]'],
        first: ['pending', null, null, null],
        events: ['returned', 'error Event,true,true,true', 'onerror true'],
        error: [true, 'UnknownError', true],
        last: ['done', 'undefined'],
      })
      await tab.show(server.url('/look'))
      assert.deepEqual(await tab.evaluate(FOUND), NOTHING)
    })

    test('a Domain is refused unless it is declared', async t => {
      const rules = 'consent /consent 1 180 @functionality:g:1 c0::narrow C0::wide C0::wide_*'
      const server = await serve({
        '/': { body: `<!doctype html>${guardTag(rules)}`, headers: { 'set-cookie': `consent=1-${day}.functionality:g; Path=/` } },
      })
      t.after(() => server.stop())
      const tab = await open(t, server.url('/').replace('127.0.0.1', 'app.site.localhost'))
      const seen = await tab.evaluate(`(async () => {
        const refused = []
        document.addEventListener('consent:refused', ({ detail }) => refused.push(detail.name + ' ' + detail.reason))
        for (const text of ['narrow=1; domain=site.localhost', 'narrow=2; Path=/;DOMAIN = .site.localhost', 'narrow=3; domain=app.site.localhost',
          'wide=1; domain=site.localhost', 'wide_a=1; domain=site.localhost', 'none=1; domain=site.localhost']) document.cookie = text
        await cookieStore.set({ name: 'narrow', value: '4', domain: 'site.localhost' }).catch(() => {})
        const before = document.cookie
        document.cookie = 'narrow=5; domain='
        return { refused, before, after: document.cookie }
      })()`)
      assert.deepEqual(seen.refused, [...Array(3).fill('narrow scope-wider-than-declared'), 'none undeclared', 'narrow scope-wider-than-declared'])
      const names = text => text.split('; ').map(pair => pair.split('=')[0]).sort()
      assert.deepEqual(names(seen.before), ['consent', 'wide', 'wide_a'])
      assert.deepEqual(names(seen.after), ['consent', 'narrow', 'wide', 'wide_a'])
    })

    test('other refused calls reject with the errors of browsers, and none is unhandled', async t => {
      const { server, tab } = await arrive(t, open, 'refused')
      const seen = await tab.evaluate(`(async () => {
        const outcomes = {}
        const calls = {
          'cookieStore.set': () => cookieStore.set('other', '1'),
          'cookieStore.set dictionary': () => cookieStore.set({ name: 'other', value: '1' }),
          'cookieStore.delete of the consent': () => cookieStore.delete('consent'),
          'cookieStore.delete of the consent, dictionary': () => cookieStore.delete({ name: 'consent' }),
          'caches.open': () => caches.open('other'),
          'serviceWorker.register': () => navigator.serviceWorker.register('/worker.js'),
          'storage.getDirectory': () => navigator.storage.getDirectory(),
          'storageBuckets.open': () => navigator.storageBuckets?.open('other'),
          'login.setStatus': () => navigator.login?.setStatus('logged-in'),
          joinAdInterestGroup: () => navigator.joinAdInterestGroup?.({ owner: location.origin, name: 'other', lifetimeMs: 1000 }),
          requestStorageAccess: () => document.requestStorageAccess.length === 0 && window.StorageAccessHandle && document.requestStorageAccess({ all: true }),
          webkitRequestFileSystem() {
            if (!window.webkitRequestFileSystem) return undefined
            const promise = new Promise((resolve, reject) => webkitRequestFileSystem(0, 1, resolve, reject))
            promise.catch(() => {})
            return promise
          },
        }
        for (const [name, call] of Object.entries(calls)) {
          // No code handles the first promise.
          call()
          const promise = call()
          outcomes[name] = promise ? await promise.then(() => 'stored', error => [error.constructor.name, error.name].join(' ')) : 'absent'
        }
        await new Promise(resolve => setTimeout(resolve))
        return { outcomes, consent: document.cookie, uncaught }
      })()`)
      const expected = {
        'cookieStore.set': 'TypeError TypeError',
        'cookieStore.set dictionary': 'TypeError TypeError',
        'cookieStore.delete of the consent': 'TypeError TypeError',
        'cookieStore.delete of the consent, dictionary': 'TypeError TypeError',
      }
      for (const [name, outcome] of Object.entries(seen.outcomes)) {
        if (outcome === 'absent' && browser === 'Firefox') continue
        const wanted = [expected[name] ?? 'DOMException SecurityError', ...(name === 'requestStorageAccess' ? ['absent'] : [])]
        assert.ok(wanted.includes(outcome), `${name}: ${outcome}`)
      }
      assert.match(seen.consent, /^consent=[^;]*:r$/)
      assert.deepEqual(seen.uncaught, [])
      await tab.show(server.url('/look'))
      assert.deepEqual(await tab.evaluate(FOUND), NOTHING)
    })
  })
}

test('databases fail as in a Chromium that blocks storage', async t => {
  const run = async (guarded, options) => {
    const { tab } = await arrive(t, async (t, url) => {
      const { page } = await Visitor.arrive(t, options)
      await page.goto(url)
      return { evaluate: expression => page.evaluate(expression) }
    }, 'undecided', { guarded })
    const { idb, localforage, Dexie } = await tab.evaluate('settles()')
    return { idb, localforage, Dexie }
  }
  assert.deepEqual(await run(true, {}), await run(false, { cookiesBlocked: true }))
})
