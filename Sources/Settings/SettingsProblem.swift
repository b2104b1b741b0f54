/// One thing that is wrong in a settings file, and where it stands.
package struct SettingsProblem: Hashable, Sendable, CustomStringConvertible {
    /// As the caller named it.
    package var file: String
    /// From 1; nil where the problem is the file as a whole.
    package var line: Int?
    /// What was found, what is allowed, and what may have been meant.
    package var message: String

    package init(file: String, line: Int?, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// `hearth.yaml:3: …`
    package var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }
}

/// Why a file makes no settings: everything that was found in it, in reading order; never empty.
package struct SettingsErrors: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [SettingsProblem]
    package init(_ problems: [SettingsProblem]) { self.problems = problems }
    /// One problem a line.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Something with the line on which it was written, so that a later check can still say where.
package struct Placed<Value: Hashable & Sendable>: Hashable, Sendable {
    package var value: Value
    package var line: Int
    package init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }
}
