/// A bound on what comes from outside, as the room that checks it declares it.
package struct LimitDefinition: Hashable, Sendable {
    package enum Unit: Hashable, Sendable {
        case count
        /// Settings may write `64 KiB`, `2 MiB`, `1 GiB`.
        case bytes
        /// Settings may write `500 ms`, `10 s`, `2 min`.
        case milliseconds
    }
    /// As settings name it, such as `document-tokens`.
    package var name: String
    package var unit: Unit
    package var standard: Int
    package var minimum: Int
    /// What no setting can raise it above.
    package var hardCap: Int

    /// A limit with its standard value, between its ends.
    package init(_ name: String, unit: Unit = .count, standard: Int, minimum: Int = 1, hardCap: Int) {
        precondition(minimum <= standard && standard <= hardCap, "a limit's standard lies between its minimum and its cap")
        self.name = name
        self.unit = unit
        self.standard = standard
        self.minimum = minimum
        self.hardCap = hardCap
    }

    /// The number that a text means in this unit, or nil: digits, `_` between them, and a unit where it has one.
    package func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "_" }
        let suffix = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Int(String(digits.filter { $0 != "_" })) else { return nil }
        guard let factor = suffix.isEmpty ? 1 : factors[String(suffix)] else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// A number with its unit, for messages.
    package func text(_ number: Int) -> String {
        switch unit {
        case .count: "\(number)"
        case .bytes: "\(number) bytes"
        case .milliseconds: "\(number) ms"
        }
    }

    private var factors: [String: Int] {
        switch unit {
        case .count: [:]
        case .bytes: ["B": 1, "bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]
        case .milliseconds: ["ms": 1, "s": 1000, "min": 60_000]
        }
    }
}

/// The values of limits, by name.
package struct LimitValues: Hashable, Sendable {
    private var values: [String: Int]

    /// Every limit at its standard.
    package init(_ definitions: [LimitDefinition]) {
        values = Dictionary(definitions.map { ($0.name, $0.standard) }) { first, _ in first }
    }

    /// The value of a limit that was defined. Setting one does not check its bounds.
    package subscript(name: String) -> Int {
        get {
            guard let value = values[name] else { preconditionFailure("no limit is called '\(name)'") }
            return value
        }
        set { values[name] = newValue }
    }
}
