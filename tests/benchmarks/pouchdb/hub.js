// A PouchDB server over a folder: node hub.js FOLDER. Prints {"url": ...} once it answers.
const http = require('http')
const path = require('path')
const express = require('express')
const PouchDB = require('pouchdb')

const folder = process.argv[2]
const Kept = PouchDB.defaults({ prefix: folder + path.sep })
const app = express()
const quiet = { inMemoryConfig: true, logPath: path.join(folder, 'log.txt'), mode: 'minimumForPouchDB' }
app.use('/', require('express-pouchdb')(Kept, quiet))
const server = http.createServer(app)
server.listen(0, '127.0.0.1', async () => {
  await new Kept('city').info()
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }))
})
