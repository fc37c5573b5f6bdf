/**
 * Answers many calls with few round trips: while one is under way, what is asked waits for the
 * next. A call is always answered by a round trip that began after it was made.
 *
 * @param work answers a batch, one result an item, in its order
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  limit: number,
): (item: Item) => Promise<Result> {
  let waiting: Call<Item, Result>[] = []
  let running = false

  async function run(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      const calls = waiting.slice(0, limit)
      waiting = waiting.slice(limit)
      await settle(calls, work)
    }
    running = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!running) void run()
    })
}

interface Call<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (reason: unknown) => void
}

async function settle<Item, Result>(
  calls: readonly Call<Item, Result>[],
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<void> {
  try {
    const results = await work(calls.map((call) => call.item))
    for (const [at, result] of results.entries()) calls[at]?.resolve(result)
    if (results.length !== calls.length) throw new Error('a batch with a wrong number of results')
  } catch (error) {
    // Those that were resolved stay so.
    for (const call of calls) call.reject(error)
  }
}
