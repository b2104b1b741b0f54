import GraphQLSyntax
import GraphQLTypes
import Model
import QueryExecution
import QueryPlanning

/// Where an argument, or a part of one, stands in a document.
struct ArgumentPlace {
    /// The value; the variable where the part lies in its value; the nearest that is written, where the part is a default.
    let range: SourceRange
    /// Set where the value is a string of the document.
    private let text: ExpressionText?
    private let source: Source

    /// - Parameters:
    ///   - path: `where.and[0].size.lt`, as messages have it.
    ///   - field: The range of the field.
    /// - Returns: nil where the document has no such field, or the field no such argument.
    init?(of path: String, ofField field: SourceRange, in document: Document) {
        let steps = path.split { $0 == "." || $0 == "[" || $0 == "]" }
        var arguments: Run<Argument>?
        for case .field(let found) in document.selections where found.range == field { arguments = found.arguments }
        guard let name = steps.first, let arguments,
            let argument = document[arguments].first(where: { document[$0.name.id] == name })
        else { return nil }
        var value = document[argument.value]
        steps: for step in steps.dropFirst() {
            switch value.kind {
            // One value stands for a list of it, and no name is a number. GraphQL §3.12, §2.1.9
            case .object where Int(step) != nil: continue
            case .object(let fields):
                guard let field = document[fields].first(where: { document[$0.name.id] == step }) else { break steps }
                value = document[field.value]
            case .list(let items):
                guard let index = Int(step), document[items].indices.count > index else { break steps }
                value = document[items][document[items].startIndex + index]
            default: if step != "0" { break steps }
            }
        }
        range = value.range
        source = document.source
        if case .string(let string) = value.kind {
            text = ExpressionText(text: document.text(of: string), token: string.range, isBlock: string.isBlock)
        } else {
            text = nil
        }
    }

    /// - Parameter place: In the text that the value is.
    func location(of place: TextPlace?) -> SourceLocation {
        guard let place, let text else { return source.location(of: range) }
        return text.location(line: place.line, column: place.column, in: source)
    }
}

extension QueryError {
    /// Arguments that cannot be answered: told at their place in the document, and with the position that they would have filled.
    init(_ error: BindingProblem, of plan: Plan, in document: Document) {
        let problem = error.problem
        var locations = (problem.range.map { [$0] } ?? error.node.ranges).map { document.source.location(of: $0) }
        if problem.range == nil, let field = error.node.ranges.first,
            let place = ArgumentPlace(of: problem.argumentPath, ofField: field, in: document)
        {
            locations = [place.location(of: problem.textPlace)]
        }
        self.init(
            problem.message, code: problem.code, locations: locations, path: plan.path(to: error.node) ?? [],
            argumentPath: problem.argumentPath, limit: problem.limit)
    }

    /// An error of a position; where an argument is to blame, it is told at its place.
    init(_ error: FieldError, in document: Document) {
        var locations = error.ranges.map { document.source.location(of: $0) }
        if let path = error.argumentPath, let field = error.ranges.first,
            let place = ArgumentPlace(of: path, ofField: field, in: document)
        {
            locations = [place.location(of: nil)]
        }
        self.init(
            error.message, code: error.code ?? .internalServerError, locations: locations, path: error.path,
            argumentPath: error.argumentPath, limit: error.limit)
    }
}

extension Plan {
    /// The response keys down to a node; nil where a list is on the way, whose index nobody knows before there are rows.
    fileprivate func path(to wanted: PlanNode) -> [FieldError.PathSegment]? {
        var open: [(selection: SelectionIndex, path: [FieldError.PathSegment])] = [(root, [])]
        var seen: Set<SelectionIndex> = []
        while let (selection, path) = open.popLast() {
            guard seen.insert(selection).inserted else { continue }
            for index in self[selection].nodes {
                let node = nodes[index]
                if node === wanted { return path + [.key(node.responseName)] }
                guard !node.type.isList else { continue }
                switch node.children {
                case .none: break
                case .one(let inner): open.append((inner, path + [.key(node.responseName)]))
                case .byType(let byType): for inner in byType { open.append((inner.selection, path + [.key(node.responseName)])) }
                }
            }
        }
        return nil
    }
}
