import StoreColumns

/// Where versions other than the one that a request is answered from come from.
package struct VersionSource: Sendable {
    package enum Found: Sendable {
        case version(GraphVersion)
        /// It is not kept; the nearest that is.
        case gone(nearest: UInt64)
    }

    /// Asked on the thread that answers, before the answer begins; may open a file.
    package var version: @Sendable (UInt64) -> Found

    package init(_ version: @escaping @Sendable (UInt64) -> Found) { self.version = version }

    /// Only the version that the request is answered from.
    package static let none = VersionSource { _ in .gone(nearest: 0) }
}
