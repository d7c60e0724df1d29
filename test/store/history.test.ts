import { join } from 'node:path'
import { openHistory } from '../../src/store/history.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { historyContract } from '../contract/history.ts'
import { openDesk } from '../delivery/desk.ts'

historyContract('SQLite', async () => {
  const desk = openDesk()
  const database = openDatabase(join(desk.folder, 'onrecord.db'))
  return {
    desk,
    history: openHistory(database),
    run: async (statement) => database.exec(statement),
    async close() {
      database.close()
      desk.close()
    },
  }
})
