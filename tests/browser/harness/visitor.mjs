// A visitor: a browser context or a whole browser of its own, whose cookie jar can be read.

import assert from 'node:assert/strict'
import { after } from 'node:test'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { LIMIT, withoutScripts } from './steps.mjs'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What Chromium keeps in a profile to refuse all cookies and storage. */
const COOKIES_BLOCKED = { profile: { default_content_setting_values: { cookies: 2 } } }

const LAUNCH = { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS, headless: true }

let shared
/** The browser of this test file. Each visitor has a context of its own in it, with storage and jar in memory. */
const sharedBrowser = () => (shared ??= chromium.launch(LAUNCH))
after(async () => (await shared)?.close())

/** The longest that a visitor stays, in milliseconds. */
const STAY = 10 * LIMIT

export class Visitor {
  /** Reports of the content security policy and of Trusted Types, and errors that no script caught. */
  reports = []
  #options
  #profile
  #watched = new Map()
  #leaving

  /**
   * A visitor who comes for the first time. Leaves when the test is over. The test fails if a page broke the content
   * security policy, or if a script failed.
   *
   * @param {import('node:test').TestContext} t
   * @param {{javaScript?: boolean, cookiesBlocked?: boolean, restarts?: boolean}} options also what a Playwright context
   *   takes. `restarts`: the visitor has a browser with a profile on disk, which `restart` needs.
   */
  static async arrive(t, { cookiesBlocked = false, restarts = cookiesBlocked, ...options } = {}) {
    const visitor = new Visitor()
    visitor.#options = options
    if (restarts) visitor.#profile = fs.mkdtempSync(path.join(os.tmpdir(), 'consent-visitor-'))
    t.after(() => visitor.leave())
    // If an evaluated promise never settles, the test hangs. When its context is closed, the promise fails.
    visitor.#leaving = setTimeout(() => visitor.context?.close(), STAY)
    if (cookiesBlocked) {
      fs.mkdirSync(path.join(visitor.#profile, 'Default'))
      fs.writeFileSync(
        path.join(visitor.#profile, 'Default', 'Preferences'),
        JSON.stringify(COOKIES_BLOCKED),
      )
    }
    await visitor.#open()
    return visitor
  }

  async #open() {
    const { javaScript = true, ...given } = this.#options
    const options = { javaScriptEnabled: javaScript, viewport: { width: 1280, height: 800 }, ...given }
    this.context = this.#profile
      ? await chromium.launchPersistentContext(this.#profile, { ...LAUNCH, ...options })
      : await (await sharedBrowser()).newContext(options)
    if (!javaScript) withoutScripts.add(this.context)
    this.context.setDefaultTimeout(LIMIT)
    this.context.on('page', page => this.#watch(page))
    this.page = this.context.pages()[0] ?? (await this.context.newPage())
    await this.#watch(this.page)
  }

  /** Collects what the browser reports of a page; once for each. */
  #watch(page) {
    if (!this.#watched.has(page)) this.#watched.set(page, this.#listen(page))
    return this.#watched.get(page)
  }

  async #listen(page) {
    page.on('pageerror', error => this.reports.push(`${page.url()}: uncaught ${error}`))
    page.on('console', message => {
      if (/content security policy|trusted ?(types|html|script)/i.test(message.text())) {
        this.reports.push(`${page.url()}: ${message.text()}`)
      }
    })
    // A closed page has no violations to report.
    const devtools = await this.context.newCDPSession(page).catch(error => {
      if (!page.isClosed()) throw error
    })
    if (!devtools) return
    devtools.on('Audits.issueAdded', ({ issue }) => {
      if (issue.code === 'ContentSecurityPolicyIssue') {
        this.reports.push(`${page.url()}: ${JSON.stringify(issue.details.contentSecurityPolicyIssueDetails)}`)
      }
    })
    await devtools.send('Audits.enable').catch(error => {
      if (!page.isClosed()) throw error
    })
  }

  /** A second tab of the same browser. */
  async newTab() {
    const page = await this.context.newPage()
    await this.#watch(page)
    return page
  }

  async devtools(page = this.page) {
    return this.context.newCDPSession(page)
  }

  /** Every cookie of this visitor, of whatever site and path, as the DevTools protocol has it. */
  async jar() {
    const devtools = await this.devtools()
    // `Storage.getCookies` would read the jar of the browser's default context.
    const { cookies } = await devtools.send('Network.getAllCookies')
    await devtools.detach()
    return cookies
  }

  /** The sorted names in the jar. */
  async cookieNames() {
    return (await this.jar()).map(cookie => cookie.name).sort()
  }

  /** The one cookie of that name; fails where there is none, or more than one. */
  async cookie(name) {
    const found = (await this.jar()).filter(cookie => cookie.name === name)
    assert.equal(found.length, 1, `${found.length} cookies are called ${name}`)
    return found[0]
  }

  /** The value of that cookie, or nothing if the jar does not hold it. */
  async cookieValue(name) {
    return (await this.jar()).find(cookie => cookie.name === name)?.value
  }

  /** Closes the browser as a person does, and starts it again with the same profile. */
  async restart() {
    assert.ok(this.#profile, 'only a visitor who arrives with `restarts` has a profile')
    await this.context.close()
    this.#watched.clear()
    await this.#open()
  }

  async leave() {
    clearTimeout(this.#leaving)
    await this.context?.close()
    if (this.#profile) fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
    assert.deepEqual(this.reports, [], 'the browser reported violations')
  }
}

/** What scripts can see of what is stored, in the page's own origin. */
export const storages = page =>
  page.evaluate(async () => ({
    local: Object.keys(localStorage).sort(),
    session: Object.keys(sessionStorage).sort(),
    databases: (await indexedDB.databases()).map(database => database.name).sort(),
    caches: 'caches' in window ? (await caches.keys()).sort() : [],
    workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
  }))

export const NOTHING_STORED = { local: [], session: [], databases: [], caches: [], workers: 0 }
