import GraphQLSyntax
import GraphQLTypes

/// One thing that is wrong in a file of the model, where it stands.
package struct ModelProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// The bytes are not UTF-8.
        case encoding
        /// The file does not parse.
        case syntax
        /// A rule of GraphQL's type system is broken; the name of the rule.
        case typeSystem(rule: String)
        /// A definition, type or wrapping that a model cannot hold.
        case unsupported
        /// A directive is missing, or does not go with another.
        case directive
        /// A directive names a field, or a field's field, that is not there.
        case unknownField
        /// A directive names a field that cannot serve.
        case unsuitableField
        /// A name that the API needs for itself, or that two things would get.
        case name
        /// Keys or derived fields that go round in a circle.
        case cycle
        /// A derived field's expression does not compile.
        case expression
    }

    package var kind: Kind
    /// The file, as the caller named it.
    package var file: String
    /// Nil where the problem is the file, or the model, as a whole.
    package var location: SourceLocation?
    /// What was found, what was expected, and what may have been meant: one sentence or more.
    package var message: String

    package init(_ kind: Kind, file: String, location: SourceLocation?, message: String) {
        self.kind = kind
        self.file = file
        self.location = location
        self.message = message
    }

    /// `areas.graphql:12:3: …`
    package var description: String {
        let place = location.map { "\(file):\($0.line):\($0.column)" } ?? file
        return "\(place): \(message)"
    }
}

/// Why files make no model: everything that the first failing stage found, in reading order; never empty.
package struct ModelErrors: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [ModelProblem]
    package init(_ problems: [ModelProblem]) { self.problems = problems }
    /// One problem a line.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Gathers what is wrong, with its place, while the documents are at hand.
struct ProblemList {
    private(set) var problems: [ModelProblem] = []
    var isEmpty: Bool { problems.isEmpty }

    mutating func report(_ kind: ModelProblem.Kind, _ message: String, at place: Place) {
        report(kind, message, in: place.source, at: place.location)
    }

    mutating func report(_ kind: ModelProblem.Kind, _ message: String, in source: Source, at location: SourceLocation) {
        problems.append(ModelProblem(kind, file: source.name, location: location, message: message))
    }

    /// "Visit has no field 'x'. Did you mean 'y'?"
    mutating func reportUnknownField(_ name: String, of type: String, among known: [String], in user: String, at place: Place) {
        report(
            .unknownField,
            "\(user) names '\(name)', but \(type) has no field '\(name)'." + suggestion(for: name, among: known), at: place)
    }
}

/// A byte of a file.
struct Place {
    var source: Source
    var offset: Int
    /// Counted from the start of the file: only for messages.
    var location: SourceLocation { source.location(of: offset) }
}
