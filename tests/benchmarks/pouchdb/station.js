// One PouchDB station: node station.js FOLDER NAME URL BATCH. Obeys one JSON line at a time, as station_process.py does.
// BATCH 0 leaves the size of a batch to PouchDB. A document holds the fields our entries hold, as a program would write it.
const path = require('path')
const readline = require('readline')
const PouchDB = require('pouchdb')

const [folder, name, url, batch] = process.argv.slice(2)
const START = Date.parse('2026-11-24T11:40:00Z')
const WRITTEN_AT_ONCE = 1000
const db = new PouchDB(path.join(folder, name))
const hub = new PouchDB(`${url}/city`)
const sized = Number(batch) ? { batch_size: Number(batch) } : {}

const now = () => (performance.timeOrigin + performance.now()) / 1000

function documentOf (number) {
  const who = { author: number % 2 ? 'wang' : 'rule:intake', reason: '', cause: '' }
  if (number % 2) {
    return { _id: `log:${number}`, kind: 'log', act: 'log.write', ...who, incident: `i${number - 1}`, text: '到场' }
  }
  const at = new Date(START + number * 1000).toISOString()
  const fields = { title: '人民路下穿积水', type: 'N02', state: 'reported', opened_at: at }
  return { _id: `incident:i${number}`, kind: 'incident', act: 'incident.open', ...who, ...fields }
}

async function save (documents) {
  for (const answer of await db.bulkDocs(documents)) if (answer.error) throw new Error(answer.message)
}

async function write ({ count, first }) {
  for (let from = first; from < first + count; from += WRITTEN_AT_ONCE) {
    const size = Math.min(WRITTEN_AT_ONCE, first + count - from)
    await save(Array.from({ length: size }, (_, offset) => documentOf(from + offset)))
  }
  return {}
}

async function edit ({ count, first, trapped }) {
  for (let from = 0; from < count; from += WRITTEN_AT_ONCE) {
    const size = Math.min(WRITTEN_AT_ONCE, count - from)
    const keys = Array.from({ length: size }, (_, offset) => `incident:i${first + 2 * (from + offset)}`)
    const { rows } = await db.allDocs({ keys, include_docs: true })
    await save(rows.map(row => ({ ...row.doc, trapped, act: 'incident.casualties.set' })))
  }
  return {}
}

async function touch ({ trapped }) {
  const at = now()
  await edit({ count: 1, first: 0, trapped })
  return { at }
}

const seen = new Map()
const waiting = new Map()

async function follow () {
  db.changes({ live: true, since: 'now', include_docs: true }).on('change', ({ id, doc }) => {
    if (id !== 'incident:i0' || seen.has(doc.trapped)) return
    seen.set(doc.trapped, now())
    waiting.get(doc.trapped)?.()
  })
  db.sync(hub, { live: true, retry: true, ...sized })
  return {}
}

async function saw ({ trapped }) {
  if (!seen.has(trapped)) await new Promise(resolve => waiting.set(trapped, resolve))
  return { at: seen.get(trapped) }
}

const orders = {
  write,
  edit,
  touch,
  saw,
  push: async () => { await db.replicate.to(hub, sized); return {} },
  pull: async () => { await db.replicate.from(hub, sized); return {} },
  follow,
  held: async () => {
    const { doc_count: held } = await db.info()
    const { rows } = await db.allDocs({ limit: 1000, conflicts: true, include_docs: true })
    return { held, refused: 0, digest: JSON.stringify(rows.map(row => [row.id, row.value.rev, row.doc._conflicts])) }
  }
}

readline.createInterface({ input: process.stdin })
  .on('line', async line => {
    const order = JSON.parse(line)
    console.log(JSON.stringify(await orders[order.do](order)))
  })
  .on('close', () => process.exit(0))
console.log('{}')
