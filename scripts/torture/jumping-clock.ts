import { readFileSync } from 'node:fs'

/**
 * Loaded before a service under attack: its clock is the machine's, put forward or back by the
 * milliseconds that stand in the file `TORTURE_CLOCK`. The product has no part in it.
 */
const file = process.env['TORTURE_CLOCK']
const lookMilliseconds = 50
const machineNow = Date.now
let aheadMilliseconds = 0

function look(): void {
  try {
    aheadMilliseconds = Number(readFileSync(String(file), 'utf8'))
  } catch {
    aheadMilliseconds = 0
  }
}

function now(): number {
  return machineNow() + aheadMilliseconds
}

look()
setInterval(look, lookMilliseconds).unref()
globalThis.Date = new Proxy(Date, {
  construct: (date, given, newTarget) =>
    Reflect.construct(date, given.length === 0 ? [now()] : given, newTarget),
  get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
})
