import StoreSnapshot
import Testing

@Suite struct `The format of a snapshot` {
    @Test func `numbers once used are never used again`() {
        #expect(SnapshotFormat.number == 1)
    }
}
