import fc from 'fast-check'
import t from 'tap'
import { canonicalJson } from '../../src/integrity/canonical-json.js'

t.test('one text a value, as RFC 8785 has it', async (t) => {
  const vectors: readonly (readonly [unknown, string])[] = [
    [null, 'null'],
    [true, 'true'],
    ['', '""'],
    [0, '0'],
    [-0, '0'],
    [9007199254740991, '9007199254740991'],
    [-9007199254740991, '-9007199254740991'],
    [[], '[]'],
    [{}, '{}'],
    [[56, { d: true, '10': null, '1': [] }], '[56,{"1":[],"10":null,"d":true}]'],
    // RFC 8785 §3.2.3: names sort by UTF-16 code units, so the emoji comes before U+FB33.
    [
      {
        '\u20ac': 'Euro Sign',
        '\r': 'Carriage Return',
        '\ufb33': 'Hebrew Letter Dalet With Dagesh',
        '1': 'One',
        '\ud83d\ude00': 'Emoji: Grinning Face',
        '\u0080': 'Control',
        '\u00f6': 'Latin Small Letter O With Diaeresis',
      },
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control",' +
        '"\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign",' +
        '"\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    // §3.2.2.2: only what must be escaped is, control characters in lower-case hex.
    [
      '\u20ac$\u000f\nA\'B"\\\\"/\u007f\u2028',
      '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f\u2028"',
    ],
    ['\b\t\n\f\r\u001f', '"\\b\\t\\n\\f\\r\\u001f"'],
    ['低保 😀', '"低保 😀"'],
  ]
  for (const [value, text] of vectors) t.equal(canonicalJson(value), text)
})

t.test('what has no one text is refused with its place', async (t) => {
  const cyclic = new Array<number>(2)
  cyclic[1] = 1
  const refusals: readonly (readonly [unknown, string, string])[] = [
    [0.5, '', 'not a safe integer'],
    [{ a: [1, 2 ** 53] }, '/a/1', 'not a safe integer'],
    [{ a: Number.NaN }, '/a', 'not a safe integer'],
    [[Number.POSITIVE_INFINITY], '/0', 'not a safe integer'],
    [{ a: { b: undefined } }, '/a/b', 'undefined'],
    [cyclic, '/0', 'undefined'],
    [{ a: 'x\u0000' }, '/a', 'U+0000'],
    [{ 'x\u0000': 1 }, '/x\u0000', 'U+0000'],
    [['\ud83d'], '/0', 'lone surrogate'],
    [['\ude00\ud83d'], '/0', 'lone surrogate'],
    [{ a: 1n }, '/a', 'bigint'],
    [{ a: new Date(0) }, '/a', 'object'],
    [{ a: () => 1 }, '/a', 'function'],
  ]
  for (const [value, path, found] of refusals)
    t.throws(() => canonicalJson(value), { code: 'not-canonical-json', facts: { path, found } })
})

t.test('parsing and writing again changes nothing, in whatever order keys come', async (t) => {
  const integer = fc.maxSafeInteger()
  const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\u0000'))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      integer,
      text,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }))
  const property = fc.property(value, (one) => {
    const canonical = canonicalJson(one)
    const reversed = JSON.parse(canonical, (_, member: unknown) => backwards(member))
    return (
      canonicalJson(JSON.parse(canonical)) === canonical && canonicalJson(reversed) === canonical
    )
  })
  t.doesNotThrow(() => fc.assert(property))
})

function backwards(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).reverse())
}
