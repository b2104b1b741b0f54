import GraphQLSyntax

/// Coerces the defaults of a valid draft, each once, those first that others need.
///
/// A default of an input object takes in the defaults of the fields that it leaves out, and so on. Going in the order of
/// need, nothing is coerced twice and nothing recurses deeper than one literal; values are shared, not copied.
struct DefaultCoercion {
    /// An input field that has a default.
    private struct Field: Hashable {
        var type: Int
        var field: Int
    }
    /// How large a coerced default is when written out. Sharing keeps it small in memory, but not for who walks it.
    private struct Size {
        var depth: Int
        var nodeCount: Int
    }

    /// Written out, a default may hold this many values. Without a bound, 30 input objects of two fields each reach 2³⁰.
    static let nodeLimit = 100_000

    private let draft: Schema
    private let system: TypeSystem
    private var types: [NamedType]
    private var sizes: [Field: Size] = [:]

    init(_ draft: Schema, _ system: TypeSystem) {
        self.draft = draft
        self.system = system
        types = draft.types
    }

    /// Reports circles and oversized defaults.
    /// - Returns: The draft with coerced defaults; what was reported, or does not fit, is left without.
    mutating func complete(into diagnostics: inout DiagnosticList) -> Schema {
        diagnostics.rule = "DefaultValues"
        for (type, named) in draft.types.enumerated() where named.kind == .inputObject {
            for (field, definition) in named.inputFields.enumerated() where definition.defaultLiteral != nil {
                complete(Field(type: type, field: field), into: &diagnostics)
            }
        }
        for index in types.indices {
            for field in types[index].fields.indices {
                for argument in types[index].fields[field].arguments.indices {
                    let coordinate = "\(types[index].name).\(types[index].fields[field].name)"
                    let node = system.types[index].fields[field]
                    types[index].fields[field].arguments[argument].defaultValue = completed(
                        types[index].fields[field].arguments[argument], of: coordinate,
                        node.sibling(node.node.arguments[argument]), into: &diagnostics)
                }
            }
        }
        var directives = draft.directives
        for index in directives.indices {
            for argument in directives[index].arguments.indices {
                let node = system.directives[index].definition
                directives[index].arguments[argument].defaultValue = completed(
                    directives[index].arguments[argument], of: "@\(directives[index].name)",
                    node.sibling(node.node.arguments[argument]), into: &diagnostics)
            }
        }
        return Schema(
            description: draft.description, queryType: draft.queryType, mutationType: draft.mutationType,
            subscriptionType: draft.subscriptionType, types: types, directives: directives,
            appliedDirectives: draft.appliedDirectives, hasCoercedDefaults: true)
    }

    // MARK: - Input fields, in the order of need

    /// Completes a field after all that it needs. Walks depth first with a stack of its own; a way back is a circle.
    private mutating func complete(_ start: Field, into diagnostics: inout DiagnosticList) {
        guard sizes[start] == nil else { return }
        var path: [(field: Field, needs: [Field], next: Int)] = [(start, needs(of: start), 0)]
        var depths = [start: 0]
        while let last = path.last {
            guard last.next < last.needs.count else {
                finish(last.field, needs: last.needs, into: &diagnostics)
                depths[last.field] = nil
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let need = last.needs[last.next]
            if let depth = depths[need] {
                guard !diagnostics.isFull else { return }
                let circle = path[depth...].prefix(Circles.shownCount).map(\.field)
                diagnostics.report(
                    "The default of '\(name(need))' needs itself, through the defaults of "
                        + Circles.text(of: circle.map(name), stepCount: path.count - depth) + ".",
                    at: circle.map(site))
            } else if sizes[need] == nil {
                depths[need] = path.count
                path.append((need, needs(of: need), 0))
            }
        }
    }

    private mutating func finish(_ field: Field, needs: [Field], into diagnostics: inout DiagnosticList) {
        let definition = draft.types[field.type].inputFields[field.field]
        guard let literal = definition.defaultLiteral else { return }
        let size = size(of: literal, needs: needs)
        sizes[field] = size
        guard isBounded(size, "The default of '\(name(field))'", at: site(field), into: &diagnostics) else { return }
        types[field.type].inputFields[field.field].defaultValue = coerced(literal, to: definition.type)
    }

    private func name(_ field: Field) -> String {
        draft.types[field.type].name + "." + draft.types[field.type].inputFields[field.field].name
    }

    private func site(_ field: Field) -> Site {
        let node = system.types[field.type].inputFields[field.field]
        return node.site(node.node.defaultValue.map { system.documents[node.document][$0].range } ?? node.node.range)
    }

    /// The fields whose defaults a field's default takes in.
    private func needs(of field: Field) -> [Field] {
        let definition = draft.types[field.type].inputFields[field.field]
        return definition.defaultLiteral.map { needs(of: $0, as: definition.type) } ?? []
    }

    private func needs(of literal: InputValue, as type: TypeReference) -> [Field] {
        if let element = type.element {
            guard case .list(let items) = literal else { return needs(of: literal, as: element) }
            return items.flatMap { needs(of: $0, as: element) }
        }
        let named = draft[type.named]
        guard named.kind == .inputObject, case .object(let object) = literal else { return [] }
        let given = Dictionary(object.entries.map { ($0.name, $0.value) }) { first, _ in first }
        return named.inputFields.enumerated().flatMap { index, field in
            if let value = given[field.name] { return needs(of: value, as: field.type) }
            return field.defaultLiteral == nil ? [] : [Field(type: type.named.index, field: index)]
        }
    }

    // MARK: - Values

    private func completed(
        _ definition: InputValueType, of holder: String, _ node: Placed<InputValueDefinition>,
        into diagnostics: inout DiagnosticList
    ) -> InputValue? {
        guard let literal = definition.defaultLiteral else { return nil }
        let size = size(of: literal, needs: needs(of: literal, as: definition.type))
        let phrase = "The default of '\(holder)(\(definition.name):)'"
        guard isBounded(size, phrase, at: node.site(node.node.range), into: &diagnostics) else { return nil }
        return coerced(literal, to: definition.type)
    }

    private func size(of literal: InputValue, needs: [Field]) -> Size {
        var size = Size(depth: literal.depth, nodeCount: 1)
        var deepest = 0
        for need in needs {
            guard let inner = sizes[need] else { continue }
            deepest = max(deepest, inner.depth)
            size.nodeCount = min(size.nodeCount + inner.nodeCount, Self.nodeLimit + 1)
        }
        size.depth += deepest
        return size
    }

    private func isBounded(_ size: Size, _ phrase: String, at site: Site, into diagnostics: inout DiagnosticList) -> Bool {
        if size.depth > CoercionState.depthLimit {
            diagnostics.report("\(phrase) nests \(size.depth) levels deep; \(CoercionState.depthLimit) are allowed.", at: site)
            return false
        }
        if size.nodeCount > Self.nodeLimit {
            diagnostics.report("\(phrase) takes in more than \(Self.nodeLimit) other defaults.", at: site)
            return false
        }
        return true
    }

    /// A literal as a value of its type, with the defaults of what it leaves out; nil where it does not fit.
    private func coerced(_ literal: InputValue, to type: TypeReference) -> InputValue? {
        if literal == .null { return type.isNonNull ? nil : .null }
        if let element = type.element {
            guard case .list(let items) = literal else { return coerced(literal, to: element).map { .list([$0]) } }
            let values = items.compactMap { coerced($0, to: element) }
            return values.count == items.count ? .list(values) : nil
        }
        let named = types[type.named.index]
        switch (named.kind, literal) {
        case (.inputObject, .object(let object)):
            let given = Dictionary(object.entries.map { ($0.name, $0.value) }) { first, _ in first }
            var entries: [InputObject.Entry] = []
            for field in named.inputFields {
                let isAbsent = given[field.name] == nil && field.defaultLiteral == nil
                guard let value = given[field.name].map({ coerced($0, to: field.type) }) ?? field.defaultValue else {
                    if isAbsent { continue }
                    return nil
                }
                entries.append(.init(name: field.name, value: value))
            }
            return .object(InputObject(entries))
        case (.enumeration, .enumeration(let name)): return named.enumValueIndex(named: name) == nil ? nil : literal
        case (.scalar, _):
            do throws(ScalarError) {
                return try draft.coerceScalar(literal, type.named, isLiteral: true)
            } catch {
                return nil
            }
        default: return nil
        }
    }
}

extension InputValue {
    /// How deep lists and objects nest; 1 for a leaf.
    var depth: Int {
        switch self {
        case .list(let items): 1 + (items.map(\.depth).max() ?? 0)
        case .object(let object): 1 + (object.entries.map(\.value.depth).max() ?? 0)
        default: 1
        }
    }
}
