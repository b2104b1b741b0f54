import Synchronization

/// A value that somebody has set and that may be another for one question: named by the model, read as `param('…')`.
///
/// An expression that was parsed holds parameters; before it is compiled, `bound` puts their values in their place, so that what
/// evaluates and what looks for candidates sees constants.
package struct ParameterDefinition: Sendable, Hashable {
    package var name: String
    /// Of the expression that reads it. A Decimal's value may have more digits.
    package var type: ExpressionType
    package init(name: String, type: ExpressionType) {
        self.name = name
        self.type = type
    }
}

/// The place of a parameter's value in `ParameterValues`.
package struct ParameterID: Hashable, Sendable {
    package var rawValue: UInt16
    package init(_ index: Int) { rawValue = UInt16(index) }
    package var index: Int { Int(rawValue) }
}

/// What expressions may name with `param`. Each parameter has one value as the request chooses among its variants, and one for
/// each variant.
package struct ParameterTable: Sendable {
    package var definitions: [ParameterDefinition]
    package var variants: [String]
    private let places: [String: Int]

    package init(_ definitions: [ParameterDefinition] = [], variants: [String] = []) {
        self.definitions = definitions
        self.variants = variants
        places = Dictionary(definitions.indices.map { (definitions[$0].name, $0) }) { first, _ in first }
    }

    /// Values a parameter has.
    private var width: Int { variants.count + 1 }
    /// How many values there are of all parameters.
    package var valueCount: Int { definitions.count * width }

    /// - Parameter variant: nil: as the request chooses.
    package func id(ofDefinition index: Int, variant: Int?) -> ParameterID {
        ParameterID(index * width + (variant.map { $0 + 1 } ?? 0))
    }
    package func index(named name: String) -> Int? { places[name] }
    package func definition(of id: ParameterID) -> Int { id.index / width }
    /// Nil: as the request chooses.
    package func variant(of id: ParameterID) -> Int? { id.index % width == 0 ? nil : id.index % width - 1 }
}

/// The values of all parameters, as one request reads them; equal ones give equal answers.
package struct ParameterValues: Sendable, Hashable {
    /// By `ParameterID`; null where nothing was set.
    package var scalars: [Scalar]
    package init(_ scalars: [Scalar]) { self.scalars = scalars }

    /// What differs between two of one model.
    package func changes(from other: ParameterValues) -> Set<ParameterID> {
        Set(scalars.indices.filter { $0 >= other.scalars.count || scalars[$0] != other.scalars[$0] }.map(ParameterID.init))
    }
}

/// The parameters that an answer was made with: noted while its expressions are compiled.
package final class ParameterNotes: Sendable {
    private let found = Mutex<Set<ParameterID>>([])
    private let foundCount = Atomic(0)
    package init() {}

    /// How many were noted; none is ever taken away.
    package var count: Int { foundCount.load(ordering: .acquiring) }

    /// In ascending order.
    package var all: [ParameterID] { found.withLock { $0.sorted { $0.rawValue < $1.rawValue } } }

    package func note(_ ids: Set<ParameterID>) {
        guard !ids.isEmpty else { return }
        found.withLock { found in
            found.formUnion(ids)
            foundCount.store(found.count, ordering: .releasing)
        }
    }

    /// What the derived fields read that an expression reads.
    func note(derivedFieldsOf expression: Expression, in rowTypes: RowTypes) {
        guard rowTypes.readsParameters else { return }
        for id in expression.derivedFields where id.index < rowTypes.derivedParameters.count {
            note(rowTypes.derivedParameters[id.index])
        }
    }
}

extension Expression {
    /// With every parameter's value in its place, and without what that decides: `x || param('p')` is `x` where the value is
    /// false, so that it costs what it would without the parameter.
    package func bound(to values: ParameterValues) -> Expression {
        replacing { part in
            switch part {
            case .parameter(let id, let type):
                return .constant(id.index < values.scalars.count ? values.scalars[id.index] : .null, type)
            case .and(let operands): return Self.joined(operands.map { $0.bound(to: values) }, neutral: true)
            case .or(let operands): return Self.joined(operands.map { $0.bound(to: values) }, neutral: false)
            case .not(let operand):
                let operand = operand.bound(to: values)
                return operand.truthConstant.map { .constant(.boolean(!$0), .boolean) } ?? .not(operand)
            case .conditional(let condition, let then, let other):
                let condition = condition.bound(to: values)
                let (then, other) = (then.bound(to: values), other.bound(to: values))
                guard let verdict = condition.truthConstant, then.type == other.type else {
                    return .conditional(condition, then: then, else: other)
                }
                return verdict ? then : other
            default: return nil
            }
        }
    }

    private var truthConstant: Bool? {
        guard case .constant(.boolean(let value), _) = self else { return nil }
        return value
    }

    /// `and` where true is neutral, `or` where false is.
    private static func joined(_ operands: [Expression], neutral: Bool) -> Expression {
        if operands.contains(where: { $0.truthConstant == !neutral }) { return .constant(.boolean(!neutral), .boolean) }
        let rest = operands.filter { $0.truthConstant == nil }
        if rest.isEmpty { return .constant(.boolean(neutral), .boolean) }
        if rest.count == 1 { return rest[0] }
        return neutral ? .and(rest) : .or(rest)
    }

    /// The parameters that it reads itself.
    package var parameters: Set<ParameterID> {
        var found: Set<ParameterID> = []
        _ = replacing { part in
            if case .parameter(let id, _) = part { found.insert(id) }
            return nil
        }
        return found
    }

    /// The same with some parts replaced; inside a replacement nothing is.
    private func replacing(_ replacement: (Expression) -> Expression?) -> Expression {
        if let replacement = replacement(self) { return replacement }
        func part(_ expression: Expression) -> Expression { expression.replacing(replacement) }
        return switch self {
        case .constant, .asOf, .parameter, .argument, .variable: self
        case .follow(let row, let edge): .follow(part(row), edge)
        case .extreme(let extreme, let set, let variable, let by):
            .extreme(extreme, of: part(set), variable: variable, by: part(by))
        case .rows(let row, let edge): .rows(from: part(row), edge)
        case .filter(let set, let variable, let body): .filter(part(set), variable: variable, where: part(body))
        case .column(let row, let column, let type): .column(of: part(row), column: column, type)
        case .derived(let row, let id, let type): .derived(of: part(row), id, type)
        case .and(let operands): .and(operands.map(part))
        case .or(let operands): .or(operands.map(part))
        case .not(let operand): .not(part(operand))
        case .compare(let comparison, let left, let right): .compare(comparison, part(left), part(right))
        case .isNull(let operand): .isNull(part(operand))
        case .isOneOf(let operand, let constants): .isOneOf(part(operand), constants)
        case .text(let match, let operand): .text(match, part(operand))
        case .quantified(let quantifier, let set, let variable, let body):
            .quantified(quantifier, over: part(set), variable: variable, part(body))
        case .optional(let row): .optional(part(row))
        case .contains(let set, let row): .contains(part(set), row: part(row))
        case .listIncludes(let list, let all, let codes): .listIncludes(part(list), all: all, codes)
        case .listIsEmpty(let list): .listIsEmpty(part(list))
        case .arithmetic(let sign, let left, let right): .arithmetic(sign, part(left), part(right))
        case .ratio(let left, let right): .ratio(part(left), part(right))
        case .conditional(let condition, let then, let other):
            .conditional(part(condition), then: part(then), else: part(other))
        case .coalesce(let operands): .coalesce(operands.map(part))
        case .function(let function, let operands): .function(function, operands.map(part))
        case .aggregate(let aggregate, let set, let variable, let element):
            .aggregate(aggregate, over: part(set), variable: variable, of: element.map(part))
        }
    }
}
