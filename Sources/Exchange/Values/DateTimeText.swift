import StoreColumns

/// Text of files → points in time, as ISO 8601 writes them in UTC.
enum DateTimeText {
    static func microseconds(_ text: Span<UInt8>) throws(ValueProblem) -> Int64 {
        guard let instant = Instant(isoText: String(checked: text)) else { throw .notDateTime }
        return instant.microseconds
    }
}
