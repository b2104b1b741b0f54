import Bytes
import Synchronization

/// An index that is made, or read from a file, when it is first asked.
package final class LateIndex: Sendable {
    private final class Box: Sendable {
        let index: BucketIndex
        init(_ index: BucketIndex) { self.index = index }

        /// A call, so that the index is lent and not copied with its three lists.
        @inline(never)
        func first(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? { index.first(hash, where: matches) }
    }
    private let known = OnceReference<Box>()
    private let making: Mutex<(@Sendable () -> BucketIndex)?>

    package init(_ index: BucketIndex) {
        making = Mutex(nil)
        _ = known.storeIfNil(Box(index))
    }

    /// - Parameter make: called once, by whoever asks first; others wait meanwhile.
    package init(making make: @escaping @Sendable () -> BucketIndex) { making = Mutex(make) }

    /// The index, made if need be.
    package var index: BucketIndex { box.index }

    /// As of the index, which is not copied for it.
    @inline(__always)
    func first(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? { box.first(hash, where: matches) }

    private var box: Box {
        if let box = known.load() { return box }
        return making.withLock { make in
            if let box = known.load() { return box }
            guard let made = make?() else { preconditionFailure("an index is known, or can be made") }
            make = nil
            return known.storeIfNil(Box(made))
        }
    }
}
