// A site that consists of files on a static file host.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { programs } from './harness/site.mjs'
import { action, banner, dialog, jarSettles, openSettings, until } from './harness/steps.mjs'
import { NOTHING_STORED, Visitor, storages } from './harness/visitor.mjs'

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm' }
const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; form-action 'self'; require-trusted-types-for 'script'"

let folder, server, origin, posts
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'consent-static-'))
  execFileSync(path.join(programs(), 'static-site'), [folder, '--http'])
  posts = 0
  server = http.createServer((request, response) => {
    if (request.method !== 'GET') {
      posts++
      response.writeHead(405).end()
      return
    }
    const { pathname } = new URL(request.url, 'http://localhost')
    let file = path.join(folder, pathname)
    if (fs.existsSync(file) && fs.statSync(file).isDirectory()) {
      if (!pathname.endsWith('/')) {
        response.writeHead(301, { location: pathname + '/' }).end()
        return
      }
      file = path.join(file, 'index.html')
    }
    if (!fs.existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': TYPES[path.extname(file).slice(1)], 'content-security-policy': CSP })
    response.end(fs.readFileSync(file))
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${server.address().port}`
})
after(() => {
  server.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

async function arrive(t, address = '/', options) {
  const visitor = await Visitor.arrive(t, options)
  await visitor.page.goto(origin + address)
  return visitor
}

/** Presses a button of the banner. The module writes the cookie in the same task in which the banner goes. */
async function decide(page, word) {
  await action(banner(page), word).click()
  await banner(page).waitFor({ state: 'hidden' })
}

const driven = page => banner(page).waitFor({ state: 'visible' })
const large = page => page.locator('[data-size="large"]').first().click()
const size = page => page.locator('body').getAttribute('data-size')

test('nothing is stored before a decision, not even by the page’s own script', async t => {
  const visitor = await arrive(t)
  await driven(visitor.page)
  await large(visitor.page)
  assert.equal(await size(visitor.page), 'large', 'it works while the page is open')
  assert.deepEqual(await visitor.cookieNames(), [])
  assert.deepEqual(await storages(visitor.page), NOTHING_STORED)
  await visitor.page.reload()
  await driven(visitor.page)
  assert.equal(await size(visitor.page), null)
})

test('accepted items are remembered on every page, also after the browser was closed', async t => {
  const visitor = await arrive(t, '/', { restarts: true })
  await driven(visitor.page)
  await decide(visitor.page, 'accept')
  await jarSettles(visitor, ['consent'])
  assert.match((await visitor.cookie('consent')).value, /^1-\d{8}\.functionality:g$/)
  await large(visitor.page)
  assert.deepEqual((await storages(visitor.page)).local, ['text-size'])
  await visitor.restart()
  await visitor.page.goto(origin + '/about/')
  await until('the size', async () => (await size(visitor.page)) === 'large')
  assert.equal(await banner(visitor.page).isVisible(), false)
  const { expires } = await visitor.cookie('consent')
  assert.ok(Math.abs(expires - Date.now() / 1000 - 180 * 86_400) < 600, 'as long as a decision stands')
})

test('a refusal is remembered, and nothing else is stored', async t => {
  const visitor = await arrive(t)
  await driven(visitor.page)
  await decide(visitor.page, 'refuse')
  await jarSettles(visitor, ['consent'])
  assert.match((await visitor.cookie('consent')).value, /^1-\d{8}\.functionality:r$/)
  await large(visitor.page)
  await visitor.page.reload()
  await visitor.page.waitForFunction(() => document.querySelector('#consent-banner') === null)
  assert.deepEqual(await storages(visitor.page), NOTHING_STORED)
  assert.equal(posts, 0, 'nothing is posted to a host for files')
})

test('the settings dialog shows the decision and withdraws it', async t => {
  const visitor = await arrive(t)
  await driven(visitor.page)
  await decide(visitor.page, 'accept')
  await large(visitor.page)
  let settings = await openSettings(visitor.page)
  const box = settings.locator('input[name="category"]')
  assert.equal(await box.isChecked(), true)
  await action(settings, 'refuse').click()
  await dialog(visitor.page).waitFor({ state: 'hidden' })
  await jarSettles(visitor, ['consent'])
  assert.match((await visitor.cookie('consent')).value, /:r$/)
  assert.deepEqual((await storages(visitor.page)).local, [], 'what was kept with consent is gone')
  settings = await openSettings(visitor.page)
  assert.equal(await settings.locator('input[name="category"]').isChecked(), false)
})

test('the settings work as a page', async t => {
  const visitor = await arrive(t, '/consent/')
  const { page } = visitor
  const box = page.locator('main input[name="category"]')
  await driven(page)
  await box.setChecked(true, { force: true })
  await page.locator('main button[value="save"]').click()
  await jarSettles(visitor, ['consent'])
  assert.match((await visitor.cookie('consent')).value, /:g$/)
  await until('the word', async () => /saved/.test(await page.locator('main [role="status"]').textContent()))
  await page.reload()
  await until('the tick', () => box.isChecked())
  await page.locator('header a').first().click()
  await page.waitForURL(origin + '/')
})

test('a second tab is notified', async t => {
  const visitor = await arrive(t)
  await driven(visitor.page)
  const other = await visitor.newTab()
  await other.goto(origin + '/about/')
  await driven(other)
  await decide(visitor.page, 'accept')
  await banner(other).waitFor({ state: 'hidden' })
})

test('without scripts nothing is asked and nothing is stored', async t => {
  const visitor = await arrive(t, '/', { javaScript: false })
  assert.equal(await banner(visitor.page).isVisible(), false)
  await visitor.page.goto(origin + '/consent/')
  assert.match(await visitor.page.locator('noscript').textContent(), /only choose if scripts run/)
  assert.deepEqual(await visitor.cookieNames(), [])
})

test('the policy page works alone', async t => {
  const visitor = await arrive(t, '/consent/policy/')
  assert.match(await visitor.page.locator('main').textContent(), /text-size/)
  await driven(visitor.page)
  await decide(visitor.page, 'refuse')
  await jarSettles(visitor, ['consent'])
})
