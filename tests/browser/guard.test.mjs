// Scripts that store without consent.

import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { after, before, describe, test } from 'node:test'
import { guardTag } from './harness/guarded.mjs'
import { start, startSite } from './harness/site.mjs'
import { decide, jarSettles, ready, storesSettle, until } from './harness/steps.mjs'
import { NOTHING_STORED, Visitor, storages } from './harness/visitor.mjs'

describe('with the guard', () => {
  let site
  before(async () => { site = await startSite() })
  after(() => site.stop())

  for (const word of [undefined, 'refuse', 'accept']) {
    test(`nothing undeclared is stored ${word ? `after ${word}` : 'before a choice'}, not after a reload either`, async t => {
      const visitor = await Visitor.arrive(t)
      const { page } = visitor
      await page.goto(site.url('/misbehaviour'))
      const decided = word ? ['consent'] : []
      if (word) {
        await decide(page, word)
        await jarSettles(visitor, decided)
      }
      for (let load = 0; load < 2; load += 1) {
        await storesSettle(page)
        assert.deepEqual(await visitor.cookieNames(), decided)
        assert.deepEqual(await storages(page), NOTHING_STORED)
        await page.reload()
      }
      const value = word && (await visitor.cookie('consent')).value
      assert.match(value ?? '', word === 'accept' ? /:g$/ : word ? /:r$/ : /^$/, 'the forged consent is not there')
    })
  }

  test('each refused write dispatches an event with name and reason', async t => {
    const visitor = await Visitor.arrive(t)
    await visitor.page.addInitScript(() => {
      window.refused = []
      document.addEventListener('consent:refused', ({ detail }) => window.refused.push(detail))
    })
    await visitor.page.goto(site.url('/misbehaviour'))
    await storesSettle(visitor.page)
    const refused = await visitor.page.evaluate(() => window.refused)
    for (const [kind, name] of [
      ['cookie', '_fbp'],
      ['cookie', 'consent'],
      ['cookie', '__Host-consent'],
      ['cookie', '_pk_ses'],
      ['local-storage', 'ajs_anonymous_id'],
      ['local-storage', 'amplitude_id'],
      ['session-storage', '_hjSession'],
      ['indexed-db', 'tracker'],
    ]) {
      const found = refused.find(detail => detail.kind === kind && detail.name === name)
      assert.ok(found, `${kind} ${name} is not among ${JSON.stringify(refused)}`)
      assert.match(found.reason, /^(undeclared|reserved)$/)
    }
  })

  test('every other way to store is guarded too', async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    await page.goto(site.url('/notes'))
    await decide(page, 'refuse')
    await jarSettles(visitor, ['consent'])
    await page.evaluate(async () => {
      const attempt = async way => { try { await way() } catch { /* Refused loudly. */ } }
      const ways = [
        () => { document.cookie = 'a1=1' },
        () => { document.cookie = '  a2 = 1 ; path=/ ' },
        () => { document.cookie = 'visits=1' },
        () => { document.cookie = 'consent=1-20261123.functionality:g; path=/' },
        () => { document.cookie = 'consent=; max-age=0; path=/' },
        () => { document.cookie = 'CONSENT=x' },
        () => { document.cookie = 'a3' },
        () => { document.cookie = '=a4=1' },
        () => { document.cookie = 'a5=1; max-age=0; max-age=99' },
        () => { document.cookie = 'a6=1; max-age=0; max-age=x' },
        () => Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').set.call(document, 'a7=1'),
        () => Reflect.set(document, 'cookie', 'a8=1'),
        () => cookieStore.set('a9', '1'),
        () => cookieStore.set({ name: 'a10', value: '1' }),
        () => CookieStore.prototype.set.call(cookieStore, 'a11', '1'),
        () => { localStorage.b1 = '1' },
        () => { localStorage['b2'] = '1' },
        () => localStorage.setItem('b3', '1'),
        () => Storage.prototype.setItem.call(localStorage, 'b4', '1'),
        () => Object.assign(localStorage, { b6: '1' }),
        () => Reflect.set(localStorage, 'b7', '1'),
        () => { sessionStorage.b8 = '1' },
        () => localStorage.setItem('reading-size', 'large'),
        () => { window['localStorage'].b9 = '1' },
        () => { const { localStorage: other } = window; other.b10 = '1' },
        () => new Promise(resolve => {
          const request = indexedDB.open('d1')
          request.onsuccess = request.onerror = request.onblocked = resolve
          setTimeout(resolve, 500)
        }),
        () => caches.open('k1'),
        () => navigator.serviceWorker.register('/static/misbehave.js'),
        () => {
          const frame = document.createElement('iframe')
          document.body.append(frame)
          frame.contentWindow.document.cookie = 'f1=1'
          frame.contentWindow.localStorage.f2 = '1'
          frame.contentDocument.defaultView.sessionStorage.f3 = '1'
          return frame.contentWindow.indexedDB.open('f4')
        },
        () => {
          const opened = window.open('about:blank')
          opened.localStorage.o1 = '1'
          opened.document.cookie = 'o2=1'
          opened.close()
        },
      ]
      for (const way of ways) await attempt(way)
    })
    await storesSettle(page)
    assert.deepEqual(await visitor.cookieNames(), ['consent'])
    assert.match((await visitor.cookie('consent')).value, /:r$/)
    // Items that the guard cannot stop are swept on the next load.
    await page.reload()
    await ready(page)
    await until('the sweep', async () => isDeepStrictEqual(await storages(page), NOTHING_STORED))
  })

  test('granted items are stored as declared, and can be read and deleted', async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    await page.goto(site.url('/notes'))
    await decide(page, 'accept')
    await jarSettles(visitor, ['consent'])
    const read = await page.evaluate(() => {
      localStorage.setItem('reading-size', 'large')
      localStorage['last-read'] = '/notes/one-press'
      const seen = [localStorage.getItem('reading-size'), localStorage['last-read'], localStorage.length, 'last-read' in localStorage]
      localStorage.removeItem('reading-size')
      delete localStorage['last-read']
      return [...seen, localStorage.length, typeof localStorage.setItem, localStorage instanceof Storage]
    })
    assert.deepEqual(read, ['large', '/notes/one-press', 2, true, 0, 'function', true])
    assert.match(await page.evaluate(() => document.cookie), /^consent=/)
  })

  test('over plain http each refused write is in the console', async t => {
    const visitor = await Visitor.arrive(t)
    const written = []
    visitor.page.on('console', async message => {
      const [detail] = await Promise.all(message.args().map(arg => arg.jsonValue().catch(() => {})))
      if (detail?.kind) written.push(`${message.type()}: ${detail.kind} ${detail.name} ${detail.reason}`)
    })
    await visitor.page.goto(site.url('/misbehaviour'))
    await storesSettle(visitor.page)
    for (const expected of [
      'warning: cookie _fbp undeclared',
      'warning: local-storage ajs_anonymous_id undeclared',
      'warning: indexed-db tracker undeclared',
    ]) {
      await until(`${expected} is in the console`, () => written.includes(expected))
    }
  })

  test('the script for the inventory sends the names of what scripts store, and no values', async t => {
    const { page } = await Visitor.arrive(t)
    const bodies = []
    await page.route('**/consent/inventory', async route => {
      bodies.push(route.request().postData())
      await route.fulfill({ status: 204 })
    })
    // Without the guard, as on a site that only reports.
    await page.route('**/examined', route => route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><script src="${site.url('/consent/assets/inventory.js')}"></script><script>
        localStorage.setItem('a[b]', 'secret')
        sessionStorage.setItem('tab', 'secret')
        stored = Promise.all([
          new Promise(done => { indexedDB.open('notes').onsuccess = done }),
          caches.open('v1'),
        ]).then(() => document.dispatchEvent(new Event('visibilitychange')))
        document.dispatchEvent(new CustomEvent('consent:refused', { detail: { kind: 'cookie', name: '_ga', reason: 'undeclared' } }))
        document.dispatchEvent(new CustomEvent('consent:refused', { detail: { kind: 'cookie', name: 'theme', reason: 'not-allowed' } }))
      </script>`,
    }))
    await page.goto(site.url('/examined'))
    await page.evaluate(() => window.stored)
    const sent = () => bodies.flatMap(body => [...new URLSearchParams(body)].map(pair => pair.join(' '))).sort()
    const expected = ['cache-storage v1', 'cookie _ga', 'indexed-db notes', 'local-storage a[b]', 'session-storage tab']
    await until('every name is sent', () => sent().length >= expected.length)
    assert.deepEqual(sent(), expected)
    assert.doesNotMatch(bodies.join(), /secret/)
  })

  test("a cookie's pattern stands for names that a policy can declare, however they are written", async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    const rules = 'consent /consent 1 180 @functionality:g:1 c::pref_* l::pref_* c::cart[items] c::a:b C::_pk_id.*.1fff l::x*y'
    await page.route('**/pattern', route => route.fulfill({ contentType: 'text/html', body: `<!doctype html>${guardTag(rules)}` }))
    await page.goto(site.url('/pattern'))
    const stored = ['pref_a', 'pref_', 'pref_[b]', 'pref_{c}:/@', 'cart[items]', 'a:b', '_pk_id.7.1fff', '_pk_id..1fff']
    await page.evaluate(async stored => {
      for (const name of stored) document.cookie = `${name}=1`
      for (const name of [
        'pref_;c', 'pref_ d', 'pref_ü', 'pref_"e"', 'pref_,f', 'pref_\\g', 'cart[item]', 'cart', '_pk_id.7.2fff', '_pk_id.1fff', 'x_pk_id.7.1fff',
        '_pk_id.7.1fff2', '_pk_id.ü.1fff',
      ]) document.cookie = `${name}=1`
      for (const name of ['pref_set', 'pref_[s]', 'pref_ü', 'pref_"', '_pk_id.s.1fff', '_pk_id.s']) await cookieStore.set(name, '1').catch(() => {})
      for (const name of ['pref_ (ü', 'xy', 'x ü y', 'x', 'y', 'xyz']) localStorage.setItem(name, '1')
    }, stored)
    const written = ['pref_set', 'pref_[s]', '_pk_id.s.1fff']
    assert.deepEqual((await visitor.cookieNames()).sort(), [...stored, ...written].sort())
    assert.deepEqual((await storages(page)).local.sort(), ['pref_ (ü', 'x ü y', 'xy'], 'a key of a storage can be anything')
  })

  test('refused items are swept on load, whoever stored them', async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    await page.goto(site.url('/notes'))
    await decide(page, 'refuse')
    await jarSettles(visitor, ['consent'])
    // A page of the same origin that the layer does not rewrite has no guard.
    await page.goto(site.url('/static/icon.svg'))
    await page.evaluate(() => {
      localStorage.setItem('visits', '9 2026-11-23')
      localStorage.setItem('map-zoom', '3')
      document.cookie = 'theme=dark; path=/'
    })
    await page.goto(site.url('/notes'))
    await until('the sweep', async () => (await storages(page)).local.length === 0)
    await jarSettles(visitor, ['consent'])
  })
})

describe('with cookies that scripts can write', () => {
  let site
  before(async () => { site = await start('cached') })
  after(() => site.stop())

  test('a refused cookie that a script stored for a parent domain is swept', async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    const address = path => site.url(path).replace('127.0.0.1', 'app.site.localhost')
    await page.goto(address('/page'))
    await decide(page, 'refuse')
    await jarSettles(visitor, ['consent'])
    // A style sheet that is shown as a page has no guard.
    await page.goto(address('/site.css'))
    await page.evaluate(() => {
      document.cookie = 'pref_wide=1; path=/; domain=site.localhost'
      document.cookie = 'other=kept; path=/; domain=site.localhost'
    })
    assert.deepEqual((await visitor.cookieNames()).sort(), ['consent', 'other', 'pref_wide'])
    await page.goto(address('/page'))
    await jarSettles(visitor, ['consent', 'other'])
  })
})

describe('without the guard', () => {
  let site
  let guarded
  before(async () => {
    site = await startSite({ env: { GUARD: 'off' } })
    guarded = await startSite()
  })
  after(() => Promise.all([site.stop(), guarded.stop()]))

  test('scripts can store anything, and the server still sets nothing', async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    await page.goto(site.url('/notes'))
    await decide(page, 'refuse')
    await jarSettles(visitor, ['consent'])
    await page.goto(site.url('/misbehaviour'))
    await storesSettle(page)
    const names = await visitor.cookieNames()
    for (const name of ['_fbp', '_pk_ses', 'frame_cookie']) assert.ok(names.includes(name), `${name} in ${names}`)
    for (const name of ['_ga', '_pk_id.1.1fff', 'sid', 'theme']) assert.ok(!names.includes(name), `${name} came from the server`)
    // Everything that the page writes is stored, so the tests with the guard wait long enough.
    const { local, session, databases } = await storages(page)
    for (const key of ['ajs_anonymous_id', 'amplitude_id', 'frame_id', 'blank_id']) assert.ok(local.includes(key), `${key} in ${local}`)
    assert.deepEqual(session, ['_hjSession'])
    assert.deepEqual(databases, ['tracker'])
  })

  test('the generated texts claim less', async t => {
    const visitor = await Visitor.arrive(t)
    const text = async address => {
      await visitor.page.goto(address)
      return visitor.page.locator('main, body').first().innerText()
    }
    const [more, less] = [await text(guarded.url('/consent/policy')), await text(site.url('/consent/policy'))]
    assert.ok(less.length < more.length, 'the policy claims as much as with the guard')
    const page = await text(site.url('/'))
    assert.equal(await visitor.page.locator('script[src*="guard"]').count(), 0, page.slice(0, 50))
  })
})
