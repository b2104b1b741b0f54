import Synchronization

/// So many bytes that may be kept, shared by all who keep. Whoever takes gives back when it ends.
package final class ByteAllowance: Sendable {
    package let limit: Int
    private let taken = Atomic<Int>(0)
    private let refused = Atomic<Bool>(false)

    package init(limit: Int) { self.limit = limit }

    /// For whoever lives shorter than it matters.
    package static let unlimited = ByteAllowance(limit: .max)

    /// The bytes that are kept now.
    package var byteCount: Int { taken.load(ordering: .relaxed) }

    /// Whether somebody was refused since this was last asked.
    package func wasRefused() -> Bool {
        refused.load(ordering: .relaxed) && refused.exchange(false, ordering: .relaxed)
    }

    /// The same, which is then still to be asked.
    package var hasRefused: Bool { refused.load(ordering: .relaxed) }

    /// - Returns: false, with nothing taken, where it would be more than the limit.
    func take(_ count: Int) -> Bool {
        guard taken.add(count, ordering: .relaxed).newValue > limit else { return true }
        giveBack(count)
        refused.store(true, ordering: .relaxed)
        return false
    }

    func giveBack(_ count: Int) { taken.subtract(count, ordering: .relaxed) }
}

/// Something that is kept, and the bytes that were taken for it: given back when the last who keeps it lets go.
package final class Kept<Value: Sendable>: Sendable {
    package let value: Value
    private let byteCount: Int
    private let allowance: ByteAllowance

    private init(_ value: Value, byteCount: Int, _ allowance: ByteAllowance) {
        self.value = value
        self.byteCount = byteCount
        self.allowance = allowance
    }

    /// Nil where the allowance does not suffice.
    package static func make(_ value: Value, byteCount: Int, _ allowance: ByteAllowance) -> Kept? {
        allowance.take(byteCount) ? Kept(value, byteCount: byteCount, allowance) : nil
    }

    deinit { allowance.giveBack(byteCount) }
}
