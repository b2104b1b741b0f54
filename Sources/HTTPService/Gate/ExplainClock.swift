import NIOCore

/// The clock that plans are explained by.
package enum ExplainClock {
    /// Nanoseconds since any moment.
    package static let nanoseconds: @Sendable () -> Int64 = { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }
}
