// The promise: no cookie before a decision, and then only cookies that the visitor allowed. With and without
// scripts, over plain http and with the cookies of https.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startSite } from './harness/site.mjs'
import {
  PAGES, banner, chooseTheme, decide, jarSettles, shownTheme, storesSettle, withdraw,
} from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

for (const secure of [false, true]) {
  describe(secure ? 'with __Host-consent' : 'over plain http', () => {
    let site
    before(async () => { site = await startSite({ secure }) })
    after(() => site.stop())

    for (const javaScript of [true, false]) {
      describe(javaScript ? 'with scripts' : 'without scripts', () => {
        const arrive = (t, options) => Visitor.arrive(t, { javaScript, ...options })

        test('a fresh visitor has no cookie on any page', async t => {
          const visitor = await arrive(t)
          for (const page of PAGES) {
            await visitor.page.goto(site.url(page))
            if (javaScript) await storesSettle(visitor.page)
            assert.deepEqual(await visitor.cookieNames(), [], page)
          }
        })

        test('after Reject there is exactly the consent cookie, and no banner', async t => {
          const visitor = await arrive(t)
          await visitor.page.goto(site.url('/'))
          await decide(visitor.page, 'refuse')
          await jarSettles(visitor, [site.consentCookie])
          const cookie = await visitor.cookie(site.consentCookie)
          assert.match(cookie.value, /^\d+-\d{8}\.functionality:r$/)
          assert.equal(cookie.secure, secure)
          assert.equal(cookie.sameSite, 'Lax')
          assert.equal(cookie.path, '/')
          const days = (cookie.expires - Date.now() / 1000) / 86_400
          assert.ok(days > 179 && days <= 180, `${days} days`)
          for (const page of PAGES) {
            await visitor.page.goto(site.url(page))
            assert.equal(await banner(visitor.page).isVisible(), false, `asked again on ${page}`)
            assert.deepEqual(await visitor.cookieNames(), [site.consentCookie], page)
          }
        })

        test('after Accept a theme stays over a restart, and goes with the response to the withdrawal', async t => {
          const visitor = await arrive(t, { restarts: true })
          await visitor.page.goto(site.url('/'))
          await decide(visitor.page, 'accept')
          await jarSettles(visitor, [site.consentCookie])
          await chooseTheme(visitor.page, site, 'dark')
          await jarSettles(visitor, [site.consentCookie, 'theme'])
          assert.equal((await visitor.cookie('theme')).value, 'dark')

          await visitor.restart()
          await visitor.page.goto(site.url('/'))
          assert.equal(await shownTheme(visitor.page), 'dark')
          assert.deepEqual(await visitor.cookieNames(), [site.consentCookie, 'theme'].sort())
          if (javaScript) await visitor.page.locator('#last-read[data-awake]').waitFor()

          // With scripts, those that ran under the consent end when the page reloads.
          const response = await withdraw(visitor.page, { reloads: true })
          const lines = (await response.headersArray()).filter(({ name }) => /^set-cookie$/i.test(name))
          const theme = lines.flatMap(({ value }) => value.split('\n')).filter(line => line.startsWith('theme='))
          assert.equal(theme.length, 1, 'the same response clears the theme')
          assert.match(theme[0], /^theme=;.*max-age=0/i)
          assert.deepEqual(await visitor.cookieNames(), [site.consentCookie])
          assert.match(await visitor.cookieValue(site.consentCookie), /functionality:r$/)

          await visitor.page.goto(site.url('/'))
          assert.equal(await shownTheme(visitor.page), null)
          assert.equal(await banner(visitor.page).isVisible(), false)
        })

        test('saving the settings stores what the box shows', async t => {
          const visitor = await arrive(t)
          for (const granted of [true, false]) {
            await visitor.page.goto(site.url('/consent?return=/notes'))
            const box = visitor.page.locator('input[name="category"][value="functionality"]').first()
            assert.equal(await box.isChecked(), !granted && true, 'the box shows what was decided')
            await box.setChecked(granted, { force: true })
            await Promise.all([
              visitor.page.waitForURL(/\/notes(#|$)/),
              visitor.page.locator('button[value="save"]').first().click(),
            ])
            assert.match(await visitor.cookieValue(site.consentCookie), granted ? /:g$/ : /:r$/)
          }
        })

        test('signing in needs no consent, and nobody else gets a session', async t => {
          for (const word of [undefined, 'refuse']) {
            const visitor = await arrive(t)
            await visitor.page.goto(site.url('/sign-in'))
            const decided = word ? [site.consentCookie] : []
            if (word) await decide(visitor.page, word)
            await jarSettles(visitor, decided)
            await visitor.page.locator('input[name="name"]').fill('Ada')
            await visitor.page.locator('input[name="password"]').fill('demo')
            await visitor.page.locator('form.sign-in button[type="submit"]').click()
            await visitor.page.waitForURL('**/account')
            assert.deepEqual(await visitor.cookieNames(), [...decided, 'sid'])
            const sid = await visitor.cookie('sid')
            assert.equal(sid.httpOnly, true)
            assert.equal(sid.session, true)
            assert.match(await visitor.page.locator('main').innerText(), /Ada/)
            await visitor.page.goto(site.url('/misbehaviour'))
            await visitor.page.goto(site.url('/account'))
            assert.match(await visitor.page.locator('main').innerText(), /Ada/, 'still signed in')
            await Promise.all([
              visitor.page.waitForEvent('load'),
              visitor.page.locator('form[action="/sign-out"] button').click(),
            ])
            assert.deepEqual(await visitor.cookieNames(), decided)
          }
        })
      })
    }
  })
}
