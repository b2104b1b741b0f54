import StoreJournal
import Testing

@Suite struct `The format of a journal` {
    @Test func `numbers once used are never used again`() {
        #expect(JournalFormat.number == 1)
    }
}
