import GraphQLSyntax

/// Why an input value could not be coerced: the client's mistake, at one place of one value.
package struct InputProblem: Error, Hashable, Sendable {
    /// What was found and what was expected; names nothing that the client did not name, but for its types.
    package var message: String
    /// " Did you mean 'limit'?", or nothing. Apart from the message, as not everybody may be told what the schema holds.
    package var suggestion: String
    /// `$where.size.lt` in a variable's value, `where.size.lt` in an argument.
    package var path: String
    /// What to point at in the document: the literal, the variable, or the variable's definition.
    /// Nil where the value stands in no document.
    package var range: SourceRange?
    package init(_ message: String, suggestion: String = "", path: String, range: SourceRange?) {
        self.message = message
        self.suggestion = suggestion
        self.path = path
        self.range = range
    }
}

/// Several of them; never empty.
package struct InputProblems: Error, Hashable, Sendable {
    package var problems: [InputProblem]
    package init(_ problems: [InputProblem]) { self.problems = problems }
}

/// The state of one coercion: the way to where it is, and what it has found.
struct CoercionState {
    /// Values nested deeper are refused. Whoever reads JSON or parses documents has a smaller bound; this one only keeps
    /// the recursion from running over its stack.
    static let depthLimit = 200
    /// Nobody reads more.
    static let problemLimit = 50

    private enum Step {
        case name(String)
        case index(Int)
    }

    private let root: String
    private var steps: [Step] = []
    private(set) var problems: [InputProblem] = []

    init(root: String) { self.root = root }

    var isFull: Bool { problems.count >= Self.problemLimit }

    var path: String {
        if steps.isEmpty { return root }
        return steps.reduce(into: root) { text, step in
            switch step {
            case .name(let name):
                text += "."
                text += name
            case .index(let index): text += "[\(index)]"
            }
        }
    }

    mutating func enter(_ name: String) { steps.append(.name(name)) }
    mutating func enter(_ index: Int) { steps.append(.index(index)) }
    mutating func leave() { steps.removeLast() }

    /// Lets everything found so far point at one place.
    mutating func pointAll(at range: SourceRange) {
        for index in problems.indices { problems[index].range = range }
    }

    /// False, and reported, where the next level would be too deep.
    mutating func mayDescend(_ range: SourceRange?) -> Bool {
        guard steps.count >= Self.depthLimit else { return true }
        report("The value is nested more than \(Self.depthLimit) levels deep.", range)
        return false
    }

    /// Takes over what was found before, as if it was found now.
    mutating func add(_ found: [InputProblem]) {
        for problem in found where !isFull { problems.append(problem) }
    }

    mutating func report(_ message: String, suggestion: String = "", _ range: SourceRange?) {
        guard !isFull else { return }
        problems.append(InputProblem(message, suggestion: suggestion, path: path, range: range))
    }
}
