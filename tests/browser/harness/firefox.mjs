// Firefox, driven through WebDriver BiDi, as far as reading a cookie jar needs.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import { LIMIT } from './steps.mjs'

/** Nothing is fetched but what the test asks for. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.reportingpolicy.firstRun': false,
}

export class Firefox {
  #child
  #profile
  #socket
  #waiting = new Map()
  #last = 0

  /** A Firefox with an empty profile and these preferences; it is closed when the test is over. */
  static async start(t, preferences = {}) {
    const firefox = new Firefox()
    t.after(() => firefox.#stop())
    const address = await firefox.#launch({ ...PREFERENCES, ...preferences })
    firefox.#socket = new WebSocket(`${address}/session`, { perMessageDeflate: false })
    firefox.#socket.on('message', message => firefox.#receive(JSON.parse(message)))
    await once(firefox.#socket, 'open')
    await firefox.send('session.new', { capabilities: {} })
    return firefox
  }

  #launch(preferences) {
    this.#profile = fs.mkdtempSync(path.join(os.tmpdir(), 'consent-firefox-'))
    const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`)
    fs.writeFileSync(path.join(this.#profile, 'user.js'), lines.join('\n'))
    const flags = ['--headless', '--no-remote', '--profile', this.#profile, '--remote-debugging-port=0', 'about:blank']
    this.#child = spawn(process.env.FIREFOX ?? 'firefox-esr', flags, { stdio: ['ignore', 'ignore', 'pipe'] })
    const said = []
    return new Promise((resolve, reject) => {
      createInterface(this.#child.stderr).on('line', line => {
        said.push(line)
        const address = /WebDriver BiDi listening on (ws:\S+)/.exec(line)
        if (address) resolve(address[1])
      })
      this.#child.once('error', reject)
      this.#child.once('exit', code => reject(new Error(`Firefox ended with ${code}:\n${said.join('\n')}`)))
      setTimeout(() => reject(new Error(`Firefox does not listen:\n${said.join('\n')}`)), LIMIT).unref()
    })
  }

  #receive({ id, type, result, error, message }) {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (type === 'success') waiting?.resolve(result)
    else if (type === 'error') waiting?.reject(new Error(`${error}: ${message}`))
  }

  /** One command, and what comes of it. */
  send(method, params = {}) {
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#socket.send(JSON.stringify({ id, method, params }))
    })
  }

  /** A tab that shows this address. */
  async open(url) {
    const { context } = await this.send('browsingContext.create', { type: 'tab' })
    await this.send('browsingContext.navigate', { context, url, wait: 'complete' })
    return context
  }

  /** What an expression gives in a tab, once it is settled. */
  async evaluate(context, expression) {
    const answer = await this.send('script.evaluate', { expression, target: { context }, awaitPromise: true })
    if (answer.type !== 'success') throw new Error(answer.exceptionDetails.text)
    return answer.result.value
  }

  async #stop() {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      await this.send('browser.close').catch(() => {})
      this.#socket.close()
    }
    if (this.#child && this.#child.exitCode === null) {
      const killing = setTimeout(() => this.#child.kill('SIGKILL'), 5000)
      this.#child.kill()
      await once(this.#child, 'exit')
      clearTimeout(killing)
    }
    fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
