import Synchronization

/// A reference that is set once, by whoever comes first, and read by any number of threads without waiting.
///
/// In place of `AtomicLazyReference`, whose `load` is not specialised: it looks for metadata while it runs, which was a twelfth of
/// answering a question about one row.
@usableFromInline @safe package struct OnceReference<Value: AnyObject & Sendable>: ~Copyable, Sendable {
    /// The address of the value, which is held; 0 before there is one.
    @usableFromInline let address = Atomic<UInt>(0)

    @inlinable package init() {}

    deinit {
        let known = address.load(ordering: .acquiring)
        guard let pointer = unsafe UnsafeRawPointer(bitPattern: known) else { return }
        // Retained once, when it was stored.
        unsafe Unmanaged<Value>.fromOpaque(pointer).release()
    }

    /// The value; nil before there is one.
    @inlinable package func load() -> Value? {
        let known = address.load(ordering: .acquiring)
        guard let pointer = unsafe UnsafeRawPointer(bitPattern: known) else { return nil }
        // Held from when it was stored until `self` ends.
        return unsafe Unmanaged<Value>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// What `body` says of the value, which is lent to it and not counted; nil before there is one.
    @inlinable package func withLoaded<Said>(_ body: (borrowing Value) -> Said) -> Said? {
        let known = address.load(ordering: .acquiring)
        guard let pointer = unsafe UnsafeRawPointer(bitPattern: known) else { return nil }
        // Held from when it was stored until `self` ends, which is lent here.
        return unsafe Unmanaged<Value>.fromOpaque(pointer)._withUnsafeGuaranteedRef { body($0) }
    }

    /// Sets the value if there is none yet.
    /// - Returns: the value that there is now.
    @inlinable package func storeIfNil(_ value: Value) -> Value {
        let held = unsafe Unmanaged.passRetained(value)
        let (isStored, known) = unsafe address.compareExchange(
            expected: 0, desired: UInt(bitPattern: held.toOpaque()), ordering: .acquiringAndReleasing)
        if isStored { return value }
        unsafe held.release()
        guard let pointer = unsafe UnsafeRawPointer(bitPattern: known) else { preconditionFailure("an address that is not 0") }
        // Held, as in `load`.
        return unsafe Unmanaged<Value>.fromOpaque(pointer).takeUnretainedValue()
    }
}
