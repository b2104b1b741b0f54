extension Array {
    /// The same element so many times.
    ///
    /// In place of `init(repeating:count:)` where a document is new: the compiler leaves that one generic, so that it looks for the array's
    /// type while it runs, which costs more than to fill a short array.
    @inlinable package init(filling count: Int, with element: Element) {
        self = []
        reserveCapacity(count)
        for _ in 0..<count { append(element) }
    }
}
