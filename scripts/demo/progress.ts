import cliProgress from 'cli-progress'

/** Shows how far long work has come: a bar on a terminal, now and then a line elsewhere. */
export interface Progress {
  add(actions: number, note: string): void
  stop(): void
}

const lineEveryMilliseconds = 5000

export function startProgress(total: number, terminal: NodeJS.WriteStream): Progress {
  return terminal.isTTY ? bar(total, terminal) : lines(total, terminal)
}

function bar(total: number, stream: NodeJS.WriteStream): Progress {
  const shown = new cliProgress.SingleBar(
    {
      stream,
      format: '{bar} {percentage}% · {note} · {value}/{total} · {duration_formatted}',
      hideCursor: true,
    },
    cliProgress.Presets.shades_classic,
  )
  shown.start(total, 0, { note: '' })
  return { add: (actions, note) => shown.increment(actions, { note }), stop: () => shown.stop() }
}

function lines(total: number, stream: NodeJS.WriteStream): Progress {
  const started = performance.now()
  let done = 0
  let lastLine = started
  const say = (note: string) => {
    lastLine = performance.now()
    const seconds = Math.round((lastLine - started) / 1000)
    stream.write(`${note} · ${done}/${total} · ${seconds} s\n`)
  }
  return {
    add(actions, note) {
      done += actions
      if (performance.now() - lastLine >= lineEveryMilliseconds) say(note)
    },
    stop: () => say('done'),
  }
}
