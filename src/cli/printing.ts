import cliProgress from 'cli-progress'
import type { Facts, OnProgress, Terminal } from './ports.js'

/** Prints facts a line each, or as one line of JSON. */
export function printFacts(terminal: Terminal, facts: Facts, json = false): void {
  if (json) {
    terminal.out(`${JSON.stringify(facts)}\n`)
    return
  }
  for (const [name, value] of Object.entries(facts)) {
    if (Array.isArray(value)) {
      terminal.out(`${name}:\n${value.map((line) => `  ${line}\n`).join('')}`)
    } else terminal.out(`${name}: ${value ?? '—'}\n`)
  }
}

/** A bar on the terminal's error stream while `work` runs; nothing where nobody looks. */
export async function withProgress<Result>(
  terminal: Terminal,
  what: string,
  work: (onProgress: OnProgress) => Promise<Result>,
): Promise<Result> {
  if (!terminal.interactive) return work(() => undefined)
  const bar = new cliProgress.SingleBar(
    { format: `${what} {bar} {percentage}% {value}/{total}`, stream: process.stderr },
    cliProgress.Presets.shades_classic,
  )
  let begun = false
  try {
    return await work(({ done, total }) => {
      if (!begun) bar.start(total, done)
      begun = true
      bar.setTotal(total)
      bar.update(done)
    })
  } finally {
    if (begun) bar.stop()
  }
}
