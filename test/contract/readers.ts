import { afterEach, beforeEach, describe } from 'vitest'
import { accountTests } from './readers/accounts.ts'
import { bedOf, type OpenReaders } from './readers/bed.ts'
import { changeTests } from './readers/change.ts'
import { enteringTests } from './readers/entering.ts'
import { erasingTests } from './readers/erasing.ts'
import { letterTests } from './readers/letters.ts'
import { limitTests } from './readers/limits.ts'
import { sessionTests } from './readers/sessions.ts'

/** What every `ReaderStore` must do, whatever database is behind it. */
export function readerContract(name: string, open: () => Promise<OpenReaders>): void {
  describe(`readers on ${name}`, () => {
    let stores: OpenReaders
    beforeEach(async () => {
      stores = await open()
    })
    afterEach(() => stores.close())
    const bed = bedOf(
      () => stores,
      async () => {
        await stores.close()
        stores = await open()
      },
    )
    describe('letters', () => letterTests(bed))
    describe('entering', () => enteringTests(bed))
    describe('sessions', () => sessionTests(bed))
    describe('accounts', () => accountTests(bed))
    describe('a change of address', () => changeTests(bed))
    describe('erasing', () => erasingTests(bed))
    describe('limits and upkeep', () => limitTests(bed))
  })
}
