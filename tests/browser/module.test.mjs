// The module: decisions without a reload, other tabs, back and forward.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startSite } from './harness/site.mjs'
import {
  action, banner, decide, decisionOf, dialog, isMarked, jarSettles, mark, openSettings, ready, until, withdraw,
} from './harness/steps.mjs'
import { NOTHING_STORED, Visitor, storages } from './harness/visitor.mjs'

let site
before(async () => { site = await startSite() })
after(() => site.stop())

async function arrive(t, path = '/', options) {
  const visitor = await Visitor.arrive(t, options)
  await visitor.page.goto(site.url(path))
  await ready(visitor.page)
  return visitor
}

const map = page => page.frames().find(frame => frame.url().includes('/embed/office-map'))

describe('decisions without a reload', () => {
  test('accept and reject load no page, and set the same cookie as the forms', async t => {
    for (const [word, letter] of [['accept', 'g'], ['refuse', 'r']]) {
      const visitor = await arrive(t)
      await mark(visitor.page)
      await decide(visitor.page, word)
      await jarSettles(visitor, ['consent'])
      assert.match((await visitor.cookie('consent')).value, new RegExp(`^\\d+-\\d{8}\\.functionality:${letter}$`))
      assert.equal(await isMarked(visitor.page), true, `${word} loaded the page again`)
      assert.equal(await banner(visitor.page).count(), 0, 'hidden is not gone')
    }
  })

  test('the settings open as a dialog, show the state, and save it', async t => {
    // No gated script runs here that only a reload would end.
    const visitor = await arrive(t, '/notes')
    await mark(visitor.page)
    for (const granted of [true, false, true]) {
      const settings = await openSettings(visitor.page)
      const box = settings.locator('input[name="category"][value="functionality"]')
      assert.equal(await box.isChecked(), !granted, 'the box shows the state')
      await box.setChecked(granted, { force: true })
      await Promise.all([decisionOf(visitor.page), settings.locator('button[value="save"]').click()])
      await dialog(visitor.page).waitFor({ state: 'hidden' })
      assert.match(await visitor.cookieValue('consent'), granted ? /:g$/ : /:r$/)
    }
    assert.equal(await isMarked(visitor.page), true)
  })

  test('closing the settings decides nothing', async t => {
    const visitor = await arrive(t)
    const settings = await openSettings(visitor.page)
    await settings.locator('input[name="category"]').first().setChecked(true, { force: true })
    await action(settings, 'close').first().click()
    await dialog(visitor.page).waitFor({ state: 'hidden' })
    assert.deepEqual(await visitor.cookieNames(), [])
    assert.equal(await banner(visitor.page).isVisible(), true)
    const again = await openSettings(visitor.page)
    assert.equal(await again.locator('input[name="category"]').first().isChecked(), false, 'edits are discarded')
  })

  test('withdrawing takes no more presses than granting', async t => {
    const visitor = await arrive(t)
    let presses = 0
    await visitor.page.exposeFunction('pressed', () => { presses += 1 })
    await visitor.page.evaluate(() => document.addEventListener('click', () => window.pressed(), true))
    await openSettings(visitor.page)
    await Promise.all([decisionOf(visitor.page), action(dialog(visitor.page), 'accept').first().click()])
    await dialog(visitor.page).waitFor({ state: 'hidden' })
    await visitor.page.locator('#last-read[data-awake]').waitFor()
    const granting = presses
    await withdraw(visitor.page, { reloads: true })
    assert.match(await visitor.cookieValue('consent'), /:r$/)
    assert.ok(presses - granting <= granting, `${presses - granting} presses to withdraw, ${granting} to grant`)
  })
})

describe('gated elements', () => {
  test('embed and scripts become live on Accept, and are gone after Withdraw', async t => {
    const visitor = await arrive(t)
    const requests = []
    visitor.page.on('request', request => requests.push(new URL(request.url()).pathname))
    await visitor.page.locator('.map').scrollIntoViewIfNeeded()
    assert.equal(map(visitor.page), undefined)
    assert.equal(await visitor.page.locator('#visits[data-awake]').count(), 0)

    await decide(visitor.page, 'accept')
    await visitor.page.locator('.map').scrollIntoViewIfNeeded()
    await until('the map', async () => map(visitor.page))
    await visitor.page.locator('#visits[data-awake]').waitFor()
    await visitor.page.locator('#last-read[data-awake]').waitFor()
    const visits = requests.indexOf('/static/visits.js')
    const lastRead = requests.indexOf('/static/last-read.js')
    assert.ok(visits >= 0 && visits < lastRead, 'scripts wake in document order')
    assert.deepEqual((await storages(visitor.page)).local, ['visits'])

    await withdraw(visitor.page, { reloads: true })
    assert.deepEqual(await visitor.cookieNames(), ['consent'])
    for (const load of ['reloaded by the module', 'opened again']) {
      if (load === 'opened again') await visitor.page.goto(site.url('/'))
      await ready(visitor.page)
      await visitor.page.locator('.map').scrollIntoViewIfNeeded()
      assert.equal(await visitor.page.locator('.map iframe[src]').count(), 0, load)
      assert.equal(map(visitor.page), undefined, load)
      assert.equal(await visitor.page.locator('script[data-consent]:not([type="text/plain"])').count(), 0, load)
      assert.deepEqual(await storages(visitor.page), NOTHING_STORED, load)
    }
  })

  test('the button of the placeholder grants, and is gone after a refusal', async t => {
    const visitor = await arrive(t)
    await visitor.page.locator('.map').scrollIntoViewIfNeeded()
    await visitor.page.locator('.map button').click()
    await until('the map', async () => map(visitor.page))
    assert.deepEqual(await visitor.cookieNames(), ['consent'])

    const refusing = await arrive(t)
    await decide(refusing.page, 'refuse')
    await refusing.page.goto(site.url('/'))
    assert.equal(await refusing.page.locator('.map button').count(), 0)
    assert.ok(await refusing.page.locator('.map [data-consent-action="settings"]').count() > 0)
  })

  test('elements that the page inserts later are gated, and become live once', async t => {
    const visitor = await arrive(t, '/notes')
    await visitor.page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.dataset.consent = 'functionality'
      frame.dataset.src = '/embed/office-map'
      frame.id = 'late'
      document.querySelector('main').append(frame)
      // The observer of the module has seen the frame when this one is called, which was made later.
      return new Promise(resolve => {
        new MutationObserver(resolve).observe(frame, { attributes: true })
        frame.dataset.seen = ''
      })
    })
    assert.equal(await visitor.page.locator('#late[src]').count(), 0)
    assert.equal(map(visitor.page), undefined)
    await decide(visitor.page, 'accept')
    await until('the late map', async () => map(visitor.page))
  })
})

describe('tabs and history', () => {
  test('a second tab follows, both ways', async t => {
    const visitor = await arrive(t, '/notes')
    const other = await visitor.newTab()
    await other.goto(site.url('/notes'))
    await ready(other)
    await mark(other)
    await decide(visitor.page, 'accept')
    await banner(other).waitFor({ state: 'detached' })
    await until('the grant', () => other.evaluate(() => window.consentOfTest.allows('functionality')))
    await withdraw(visitor.page)
    await until('the withdrawal', () => other.evaluate(() => !window.consentOfTest.allows('functionality')))
    assert.equal(await isMarked(other), true)
    await jarSettles(visitor, ['consent'])
  })

  test('back and forward show the current state', async t => {
    const visitor = await arrive(t, '/notes')
    await visitor.page.goto(site.url('/preferences'))
    await ready(visitor.page)
    await decide(visitor.page, 'refuse')
    await jarSettles(visitor, ['consent'])
    await visitor.page.goBack()
    await until('the page before', async () => !(await banner(visitor.page).isVisible()))
    await openSettings(visitor.page)
    await Promise.all([decisionOf(visitor.page), action(dialog(visitor.page), 'accept').first().click()])
    await dialog(visitor.page).waitFor({ state: 'hidden' })
    assert.match(await visitor.cookieValue('consent'), /:g$/)
    await visitor.page.goForward()
    await ready(visitor.page)
    await until('the page after', () => visitor.page.evaluate(() => window.consentOfTest.allows('functionality')))
  })

  test('a decision in a form reaches an open tab when the visitor returns to it', async t => {
    const visitor = await arrive(t)
    const other = await visitor.newTab()
    await other.goto(site.url('/consent'))
    await Promise.all([decisionOf(other), other.locator('button[value="refuse"]').first().click()])
    assert.deepEqual(await visitor.cookieNames(), ['consent'])
    // The event of a visitor who returns to the tab. In a headless browser every tab is visible.
    await visitor.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await banner(visitor.page).waitFor({ state: 'detached' })
  })
})

describe('the API', () => {
  test('returns states, reports changes, and throws on unknown categories', async t => {
    // No gated script runs here, so the page stays and every promise resolves.
    const visitor = await arrive(t, '/notes')
    await mark(visitor.page)
    const seen = await visitor.page.evaluate(async () => {
      const consent = window.consentOfTest
      const events = []
      document.addEventListener('consent:change', () => events.push('event'))
      const stop = consent.onChange(() => events.push('listener'))
      const before = [consent.state('functionality'), consent.allows('functionality')]
      await consent.save({ functionality: true })
      const granted = [consent.state('functionality'), consent.allows('functionality')]
      await consent.withdraw()
      const withdrawn = [consent.state('functionality'), consent.allows('functionality')]
      const count = events.length
      if (typeof stop === 'function') stop()
      const errors = []
      for (const call of [
        () => consent.state('marketing'),
        () => consent.allows('marketing'),
        () => consent.save({ marketing: true }),
      ]) {
        try {
          await call()
          errors.push('none')
        } catch {
          errors.push('thrown')
        }
      }
      return { before, granted, withdrawn, count, kinds: [...new Set(events)].sort(), errors }
    })
    assert.deepEqual(seen.before, ['undecided', false])
    assert.deepEqual(seen.granted, ['granted', true])
    assert.deepEqual(seen.withdrawn, ['refused', false])
    assert.equal(seen.count, 4)
    assert.deepEqual(seen.kinds, ['event', 'listener'])
    assert.deepEqual(seen.errors, ['thrown', 'thrown', 'thrown'])
    assert.match(await visitor.cookieValue('consent'), /:r$/)
    assert.equal(await isMarked(visitor.page), true)
  })

  test('preferences stay in memory until granted, then persist, and are deleted on withdrawal', async t => {
    const visitor = await arrive(t, '/notes/one-press')
    const preferences = (method, ...given) => visitor.page.evaluate(
      ([method, given]) => window.consentOfTest.preferences[method](...given), [method, given])
    await preferences('set', 'reading-size', 'large')
    assert.equal(await preferences('get', 'reading-size'), 'large', 'in memory')
    assert.deepEqual(await storages(visitor.page), NOTHING_STORED)
    await decide(visitor.page, 'accept')
    assert.ok((await storages(visitor.page)).local.includes('reading-size'), 'stored after the grant')

    await visitor.page.reload()
    await ready(visitor.page)
    assert.equal(await preferences('get', 'reading-size'), 'large', 'persisted')
    await until('the gated script', async () => (await storages(visitor.page)).local.includes('last-read'))
    await withdraw(visitor.page, { reloads: true })
    await ready(visitor.page)
    assert.deepEqual(await storages(visitor.page), NOTHING_STORED)
    assert.ok((await preferences('get', 'reading-size')) == null, 'erased')
  })

  test('blocked and full storage never throws', async t => {
    const blocked = await arrive(t, '/notes/one-press', { cookiesBlocked: true })
    const value = await blocked.page.evaluate(async () => {
      const { preferences } = window.consentOfTest
      preferences.set('reading-size', 'large')
      await window.consentOfTest.accept().catch(() => {})
      preferences.set('reading-size', 'small')
      return preferences.get('reading-size')
    })
    assert.equal(value, 'small')

    const full = await arrive(t, '/notes/one-press')
    await decide(full.page, 'accept')
    const kept = await full.page.evaluate(() => {
      const setItem = Storage.prototype.setItem
      Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }
      try {
        window.consentOfTest.preferences.set('reading-size', 'large')
        return window.consentOfTest.preferences.get('reading-size')
      } finally {
        Storage.prototype.setItem = setItem
      }
    })
    assert.equal(kept, 'large')
  })
})

describe('a decision that is not saved', () => {
  const failing = async (visitor, how) =>
    visitor.page.route(url => url.pathname === '/consent', route =>
      route.request().method() === 'POST' ? how(route) : route.continue())
  const WAYS = {
    'the network fails': route => route.abort('failed'),
    'the server answers 500': route => route.fulfill({ status: 500, body: '' }),
  }

  for (const [name, way] of Object.entries(WAYS)) {
    test(`${name}: a grant changes nothing and rejects`, async t => {
      const visitor = await arrive(t)
      await failing(visitor, way)
      const result = await visitor.page.evaluate(() =>
        window.consentOfTest.accept().then(() => 'resolved', () => 'rejected'))
      assert.equal(result, 'rejected')
      assert.equal(await visitor.page.evaluate(() => window.consentOfTest.allows('functionality')), false)
      assert.deepEqual(await visitor.cookieNames(), [])
      assert.equal(await visitor.page.locator('#visits[data-awake]').count(), 0)
    })

    test(`${name}: a withdrawal takes effect at once, and is sent again`, async t => {
      const visitor = await arrive(t)
      const { page } = visitor
      await decide(page, 'accept')
      await page.locator('#visits[data-awake]').waitFor()
      await page.locator('#last-read[data-awake]').waitFor()
      const notes = await notesOf(page)
      const retried = deferred()
      const released = deferred()
      let posts = 0
      await failing(visitor, async route => {
        posts += 1
        if (posts === 1) return way(route)
        retried.resolve()
        await released.promise
        await route.continue()
      })
      // The retry is held back: until it is released, nothing reloads the page.
      const state = await page.evaluate(async () => (await window.consentOfTest.withdraw()).functionality)
      assert.deepEqual(state, { state: 'refused', allowed: false }, 'the promise resolves in the page that stays')
      assert.deepEqual((await storages(page)).local, [])
      assert.deepEqual(notes, ['change', 'listener'])
      await retried.promise
      assert.deepEqual(notes, ['change', 'listener'], 'no reload before the server has saved the decision')
      assert.match(await visitor.cookieValue('consent'), /:g$/)

      await Promise.all([page.waitForEvent('load'), released.resolve()])
      assert.deepEqual(notes, ['change', 'listener', 'reload'])
      assert.match(await visitor.cookieValue('consent'), /:r$/)
      assert.equal(posts, 2)
    })
  }
})

/** Notes, in order, what the page announces. `notes` outlives the page; a reload ends it. */
async function notesOf(page) {
  const notes = []
  await page.exposeFunction('note', note => { notes.push(note) })
  await page.evaluate(() => {
    document.addEventListener('consent:change', () => window.note('change'))
    window.consentOfTest.onChange(() => window.note('listener'))
    document.addEventListener('consent:reload', () => window.note('reload'))
  })
  return notes
}

describe('a reload', () => {
  /** A visitor on a page where two gated scripts run that only a reload ends. */
  async function arriveGranted(t) {
    const visitor = await arrive(t)
    await decide(visitor.page, 'accept')
    await visitor.page.locator('#visits[data-awake]').waitFor()
    await visitor.page.locator('#last-read[data-awake]').waitFor()
    return visitor
  }

  const CALLS = [
    'withdraw()',
    'refuse()',
    'object()',
    'save({ functionality: false })',
    'save({})',
  ]
  for (const call of CALLS) {
    test(`${call}: it is announced after the change, and no promise settles in the page that reloads`, async t => {
      const { page } = await arriveGranted(t)
      const notes = await notesOf(page)
      // The page lives on until its scripts have run for a while after the reload began.
      const ranOn = deferred()
      await page.exposeFunction('ranOn', ranOn.resolve)
      await page.route(site.url('/'), async route => {
        await ranOn.promise
        await route.continue()
      })
      await Promise.all([
        page.waitForEvent('load'),
        page.evaluate(`{
          const consent = window.consentOfTest
          const settled = () => window.note('settled')
          document.addEventListener('consent:reload', () => {
            consent.refuse().then(settled, settled)
            setTimeout(() => window.ranOn(), 500)
          })
          consent.${call}.then(settled, settled)
          undefined
        }`),
      ])
      assert.deepEqual(notes, ['change', 'listener', 'reload'])
    })
  }

  test('the event names the scripts that it ends', async t => {
    const { page } = await arriveGranted(t)
    const named = deferred()
    await page.exposeFunction('named', named.resolve)
    await Promise.all([
      page.waitForEvent('load'),
      page.evaluate(() => {
        document.addEventListener('consent:reload', ({ cancelable, detail }) =>
          window.named([cancelable, ...detail.scripts.map(script => new URL(script.src).pathname)]))
        window.consentOfTest.withdraw()
      }),
    ])
    assert.deepEqual(await named.promise, [true, '/static/visits.js', '/static/last-read.js'])
  })

  test('a listener prevents it: the promise resolves, and it is not announced again', async t => {
    const visitor = await arriveGranted(t)
    const { page } = visitor
    await mark(page)
    const notes = await notesOf(page)
    const state = await page.evaluate(async () => {
      document.addEventListener('consent:reload', event => event.preventDefault())
      return (await window.consentOfTest.withdraw()).functionality
    })
    assert.deepEqual(state, { state: 'refused', allowed: false })
    assert.match(await visitor.cookieValue('consent'), /:r$/)
    assert.deepEqual((await storages(page)).local, [], 'everything else has ended')
    assert.equal(map(page), undefined)
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    assert.deepEqual(notes, ['change', 'listener', 'reload'])

    // Another grant and withdrawal is announced anew.
    await page.evaluate(async () => {
      await window.consentOfTest.accept()
      await window.consentOfTest.withdraw()
    })
    assert.deepEqual(notes.slice(3), ['change', 'listener', 'change', 'listener', 'reload'])
    assert.equal(await isMarked(page), true)
  })

  test('a listener delays it: the page reloads when it has saved its edits', async t => {
    const { page } = await arriveGranted(t)
    const notes = await notesOf(page)
    await Promise.all([
      page.waitForEvent('load'),
      page.evaluate(() => {
        document.addEventListener('consent:reload', async event => {
          event.preventDefault()
          await fetch('/notes')
          window.note('saved')
          location.reload()
        })
        window.consentOfTest.withdraw()
      }),
    ])
    assert.deepEqual(notes, ['change', 'listener', 'reload', 'saved'])
  })

  test('listeners that throw stop neither the other listeners nor the reload', async t => {
    const visitor = await arriveGranted(t)
    const { page } = visitor
    const notes = []
    await page.exposeFunction('note', note => { notes.push(note) })
    await Promise.all([
      page.waitForEvent('load'),
      page.evaluate(() => {
        const fail = name => () => {
          window.note(name)
          throw new Error(name)
        }
        window.consentOfTest.onChange(fail('listener'))
        window.consentOfTest.onChange(fail('second listener'))
        document.addEventListener('consent:change', fail('change'))
        document.addEventListener('consent:reload', fail('reload'))
        window.consentOfTest.withdraw()
      }),
    ])
    assert.deepEqual(notes, ['listener', 'second listener', 'change', 'reload'])
    assert.match(await visitor.cookieValue('consent'), /:r$/)
    visitor.reports = visitor.reports.filter(report => !/uncaught Error: (second )?(listener|change|reload)$/.test(report))
  })

  test('a withdrawal in another tab announces it here', async t => {
    const visitor = await arriveGranted(t)
    const notes = await notesOf(visitor.page)
    const other = await visitor.newTab()
    await other.goto(site.url('/notes'))
    await ready(other)
    await Promise.all([visitor.page.waitForEvent('load'), withdraw(other)])
    assert.deepEqual(notes, ['change', 'listener', 'reload'])
  })

  test('open() never resolves if it leaves for the settings page', async t => {
    const { page } = await arrive(t, '/notes')
    const notes = await notesOf(page)
    const ranOn = deferred()
    await page.exposeFunction('ranOn', ranOn.resolve)
    await page.route(url => url.pathname === '/consent', async route => {
      if (!route.request().isNavigationRequest()) return route.abort('failed')
      await ranOn.promise
      await route.continue()
    })
    await Promise.all([
      page.waitForURL(site.url('/consent')),
      page.evaluate(() => {
        const settled = () => window.note('settled')
        navigation.addEventListener('navigate', () => setTimeout(() => window.ranOn(), 500))
        window.consentOfTest.open().then(settled, settled)
      }),
    ])
    assert.deepEqual(notes, [])
  })
})

function deferred() {
  let resolve
  const promise = new Promise(done => { resolve = done })
  return { promise, resolve }
}

describe('the banner in the page', () => {
  test('a second banner is removed', async t => {
    const visitor = await Visitor.arrive(t)
    await visitor.page.route(site.url('/notes'), async route => {
      const response = await route.fetch()
      const html = await response.text()
      const [section] = /<section[^>]*id="consent-banner"[\s\S]*?<\/section>/.exec(html)
      await route.fulfill({ response, body: html.replace('</main>', `</main>${section}`) })
    })
    await visitor.page.goto(site.url('/notes'))
    await ready(visitor.page)
    await until('one banner', async () => (await banner(visitor.page).count()) === 1)
    await decide(visitor.page, 'refuse')
    await jarSettles(visitor, ['consent'])
    assert.equal(await banner(visitor.page).count(), 0)
  })

  test('if the page removes it before a decision, it is put back, and decides', async t => {
    const visitor = await arrive(t, '/notes')
    await visitor.page.evaluate(() => document.getElementById('consent-banner').remove())
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'refuse')
    // The module looks for the banner after every change of the document; it has seen this one when the promise resolves.
    await visitor.page.evaluate(() => new Promise(resolve => {
      new MutationObserver(resolve).observe(document.body, { childList: true })
      document.body.append(document.createElement('p'))
    }))
    assert.equal(await banner(visitor.page).count(), 0, 'after a decision it stays away')
    await jarSettles(visitor, ['consent'])
  })

  test('a replaced body keeps the banner and its buttons', async t => {
    const visitor = await arrive(t, '/notes')
    await visitor.page.evaluate(() => {
      const body = document.createElement('body')
      const main = document.createElement('main')
      main.textContent = 'another page'
      body.append(main)
      document.body.replaceWith(body)
    })
    await banner(visitor.page).waitFor({ state: 'visible' })
    await mark(visitor.page)
    await decide(visitor.page, 'accept')
    await jarSettles(visitor, ['consent'])
    assert.equal(await isMarked(visitor.page), true)
  })

  test('HTML that visitors write cannot change the rules or block the module', async t => {
    const visitor = await Visitor.arrive(t)
    const asked = []
    visitor.page.on('request', request => asked.push(request.url()))
    // A comment of a visitor, in a page that loads the module alone: elements and attributes that a sanitiser
    // may keep, without a script.
    const comment = `<data data-consent-rules="consent https://elsewhere.example/consent 1 180 @functionality:g:1"></data>
      <form data-consent="functionality"><input name="matches"></form>
      <iframe data-consent="functionality" data-src="/embed/office-map"></iframe>`
    await visitor.page.route(site.url('/notes'), async route => {
      const response = await route.fetch()
      const html = await response.text()
      const written = html.replace(/<script[^>]*data-consent-rules=[\s\S]*?<\/script>/, '').replace('</main>', `${comment}</main>`)
      assert.ok(written.length < html.length + comment.length && written.includes(comment))
      await route.fulfill({ response, body: written })
    })
    await visitor.page.goto(site.url('/notes'))
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'accept')
    await until('the map', async () => map(visitor.page))
    await jarSettles(visitor, ['consent'])
    assert.deepEqual(asked.filter(address => !address.startsWith(site.origin)), [])
  })

  test('a page without a banner gets one', async t => {
    const visitor = await Visitor.arrive(t)
    await visitor.page.route(site.url('/notes'), async route => {
      const response = await route.fetch()
      const html = await response.text()
      await route.fulfill({
        response,
        body: html.replace(/<section[^>]*id="consent-banner"[\s\S]*?<\/section>/, ''),
      })
    })
    await visitor.page.goto(site.url('/notes'))
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'refuse')
    await jarSettles(visitor, ['consent'])
  })
})
