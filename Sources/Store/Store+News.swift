import StoreColumns
import Synchronization

extension Store {
    /// Versions that came after one, with their times, oldest first: the newest of them, as far as they were published or read
    /// while the store is open.
    package func moments(after number: UInt64, atMost count: Int) -> [VersionMoment] {
        published.withLock { Array($0.log.reversed().prefix { $0.number > number }.prefix(count).reversed()) }
    }
}
