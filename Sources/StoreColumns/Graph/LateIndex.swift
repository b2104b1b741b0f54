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

        @inline(never)
        func code(of text: Span<UInt8>, _ hash: UInt32, in dictionary: StringDictionary) -> UInt32? {
            index.first(hash) { dictionary.isText(of: $0, text) }
        }
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

    /// The newest code that is filed under the hash of a text and has it.
    func code(of text: Span<UInt8>, _ hash: UInt32, in dictionary: StringDictionary) -> UInt32? {
        switch known.withLoaded({ $0.code(of: text, hash, in: dictionary) }) {
        case let found?: found
        case nil: box.code(of: text, hash, in: dictionary)
        }
    }

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
