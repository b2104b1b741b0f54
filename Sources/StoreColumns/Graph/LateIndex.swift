import Synchronization

/// An index that is made, or read from a file, when it is first asked.
package final class LateIndex: Sendable {
    private final class Box: Sendable {
        let index: BucketIndex
        init(_ index: BucketIndex) { self.index = index }
    }
    private let known = AtomicLazyReference<Box>()
    private let making: Mutex<(@Sendable () -> BucketIndex)?>

    package init(_ index: BucketIndex) {
        making = Mutex(nil)
        _ = known.storeIfNil(Box(index))
    }

    /// - Parameter make: called once, by whoever asks first; others wait meanwhile.
    package init(making make: @escaping @Sendable () -> BucketIndex) { making = Mutex(make) }

    /// The index, made if need be.
    package var index: BucketIndex {
        if let box = known.load() { return box.index }
        return making.withLock { make in
            if let box = known.load() { return box.index }
            guard let made = make?() else { preconditionFailure("an index is known, or can be made") }
            make = nil
            return known.storeIfNil(Box(made)).index
        }
    }
}
