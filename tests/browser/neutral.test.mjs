// Neutral pages, as a shared cache stores them. The module fetches the rest for each visitor.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { start } from './harness/site.mjs'
import { action, banner, decide, isMarked, jarSettles, mark, until } from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

let site
before(async () => { site = await start('cached') })
after(() => site.stop())

const ARTICLE = '/articles/one'

const isAwake = page => page.evaluate(() => document.documentElement.dataset.awake === 'yes')
const allows = page => page.evaluate(async () => {
  const { default: init, consent } = await import('/consent/assets/consent.js')
  await init()
  return consent.allows('functionality')
})

/** Opens the page, and says what was fetched for it of the layer's routes. */
async function open(visitor, path = ARTICLE) {
  const fetched = []
  visitor.page.on('request', request => fetched.push(new URL(request.url()).pathname))
  const answer = await visitor.page.goto(site.url(path))
  const written = await answer.text()
  assert.ok(!written.includes('id="consent-banner"'), 'it is not in the page')
  return fetched
}

describe('a neutral page', () => {
  test('shows the banner, decides without a reload, and makes allowed elements live', async t => {
    const visitor = await Visitor.arrive(t)
    const fetched = await open(visitor)
    await banner(visitor.page).waitFor({ state: 'visible' })
    assert.ok(fetched.includes('/consent/banner'), fetched.join())
    assert.equal(await isAwake(visitor.page), false)
    assert.deepEqual(await visitor.cookieNames(), [], 'a script that writes is kept from it')
    await mark(visitor.page)
    await decide(visitor.page, 'accept')
    await until('the gated script', () => isAwake(visitor.page))
    assert.equal(await isMarked(visitor.page), true)
    await jarSettles(visitor, ['consent'])

    // From then on the same page is live for this visitor, without a banner.
    const again = await open(visitor)
    await until('the gated script', () => isAwake(visitor.page))
    assert.equal(await banner(visitor.page).count(), 0)
    assert.ok(!again.includes('/consent/banner'), again.join())
  })

  test('stays inert after a refusal, and does not ask again', async t => {
    const visitor = await Visitor.arrive(t)
    await open(visitor)
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'refuse')
    await jarSettles(visitor, ['consent'])
    await open(visitor)
    assert.equal(await allows(visitor.page), false)
    assert.equal(await isAwake(visitor.page), false)
    assert.equal(await banner(visitor.page).count(), 0)
    assert.deepEqual(await visitor.cookieNames(), ['consent'])
  })

  test('withdrawing in it takes effect at once', async t => {
    const visitor = await Visitor.arrive(t)
    await open(visitor)
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'accept')
    await until('the gated script', () => isAwake(visitor.page))
    // The script ends with its page.
    await Promise.all([
      visitor.page.waitForEvent('load'),
      visitor.page.evaluate(async () => {
        const { consent } = await import('/consent/assets/consent.js')
        // Not awaited: in a page that reloads, the promise never settles.
        consent.withdraw()
      }),
    ])
    assert.equal(await allows(visitor.page), false)
    assert.equal(await isAwake(visitor.page), false)
  })

  test('a signal is honoured although the page does not contain it', async t => {
    const visitor = await Visitor.arrive(t)
    await open(visitor)
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'accept')
    await until('the gated script', () => isAwake(visitor.page))

    await visitor.context.setExtraHTTPHeaders({ 'sec-gpc': '1' })
    const fetched = await open(visitor)
    assert.equal(await allows(visitor.page), false, 'the signal beats the grant')
    assert.equal(await isAwake(visitor.page), false)
    assert.ok(fetched.includes('/consent'), 'the rules of this visitor were asked for')
    const fresh = await Visitor.arrive(t, { extraHTTPHeaders: { 'sec-gpc': '1' } })
    await open(fresh)
    assert.equal(await allows(fresh.page), false)
    assert.equal(await banner(fresh.page).count(), 0, 'there is nothing to ask')
  })

  test('if the rules of a visitor cannot be fetched, the strictest apply', async t => {
    const visitor = await Visitor.arrive(t)
    await open(visitor)
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'accept')
    await until('the gated script', () => isAwake(visitor.page))
    await visitor.page.route(url => url.pathname === '/consent', route => route.abort('failed'))
    await open(visitor)
    assert.equal(await allows(visitor.page), false)
    assert.equal(await isAwake(visitor.page), false)
  })

  test('without scripts it links to the settings, where visitors can decide', async t => {
    for (const word of ['accept', 'refuse']) {
      const visitor = await Visitor.arrive(t, { javaScript: false })
      await open(visitor)
      assert.equal(await banner(visitor.page).count(), 0)
      await action(visitor.page, 'settings').first().click()
      await visitor.page.waitForURL(/\/consent$/)
      await visitor.page.locator(`form button[value="${word}"]`).first().click()
      await visitor.page.waitForURL(/\/articles\/one#consent-saved$/)
      await jarSettles(visitor, ['consent'])
      assert.match((await visitor.cookie('consent')).value, word === 'accept' ? /:g$/ : /:r$/)
    }
  })
})
