import GraphQLSyntax

/// Every input object can be given a finite value. GraphQL §3.10, InputObjectHasUnbreakableCycle
///
/// Finite is what needs nothing: found by working backwards from the types without needs, each field once. What is left
/// over leads round in a circle, and every circle is reported by its fields.
enum InputObjectsAreFinite: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        let isFinite = finiteTypes(schema)
        var isVisited = isFinite
        for index in schema.types.indices where !isVisited[index] && schema.types[index].kind == .inputObject {
            report(from: index, isFinite, &isVisited, schema, system, into: &diagnostics)
        }
    }

    /// The input object that a field needs a value of; nil where it can do without.
    private static func need(of field: InputValueType, in type: NamedType, _ schema: Schema) -> Int? {
        guard schema[field.type.named].kind == .inputObject, type.isOneOf ? field.type.isNamed : field.type.isNonNull,
            field.type.isNamed
        else { return nil }
        return field.type.named.index
    }

    private static func finiteTypes(_ schema: Schema) -> [Bool] {
        var isFinite = schema.types.map { $0.kind != .inputObject }
        var needCounts = Array(repeating: 0, count: schema.types.count)
        var dependents: [[Int]] = Array(repeating: [], count: schema.types.count)
        var ready: [Int] = []
        for (index, type) in schema.types.enumerated() where type.kind == .inputObject {
            let needs = type.inputFields.compactMap { need(of: $0, in: type, schema) }
            // Of a oneOf, one field that needs nothing is enough; an empty one is another rule's business.
            if type.isOneOf ? needs.count < max(1, type.inputFields.count) : needs.isEmpty {
                isFinite[index] = true
                ready.append(index)
            }
            needCounts[index] = needs.count
            for need in needs { dependents[need].append(index) }
        }
        while let index = ready.popLast() {
            for dependent in dependents[index] where !isFinite[dependent] {
                needCounts[dependent] -= 1
                guard schema.types[dependent].isOneOf || needCounts[dependent] == 0 else { continue }
                isFinite[dependent] = true
                ready.append(dependent)
            }
        }
        return isFinite
    }

    /// Walks depth first, without recursion, over what is not finite, and reports the way back to where it came through.
    private static func report(
        from start: Int, _ isFinite: [Bool], _ isVisited: inout [Bool], _ schema: Schema, _ system: TypeSystem,
        into diagnostics: inout DiagnosticList
    ) {
        var path: [(type: Int, field: Int)] = [(start, -1)]
        var depths = [start: 0]
        isVisited[start] = true
        while let last = path.last {
            let fields = schema.types[last.type].inputFields
            let next = (last.field + 1..<fields.count).first { index in
                need(of: fields[index], in: schema.types[last.type], schema).map { !isFinite[$0] } ?? false
            }
            guard let next else {
                depths[last.type] = nil
                path.removeLast()
                continue
            }
            path[path.count - 1].field = next
            let target = fields[next].type.named.index
            if let depth = depths[target] {
                guard !diagnostics.isFull else { return }
                let circle = path[depth...].prefix(Circles.shownCount)
                let names = circle.map { schema.types[$0.type].name + "." + schema.types[$0.type].inputFields[$0.field].name }
                diagnostics.report(
                    "'\(schema.types[target].name)' can never be given a value: it needs itself through "
                        + Circles.text(of: names, stepCount: path.count - depth) + ".",
                    at: circle.map { step in
                        let node = system.types[step.type].inputFields[step.field]
                        return node.site(node.node.range)
                    })
            } else if !isVisited[target] {
                isVisited[target] = true
                depths[target] = path.count
                path.append((target, -1))
            }
        }
    }
}

/// How a way that leads back to where it came from is told.
enum Circles {
    /// A circle can be as long as the schema; nobody reads more of it.
    static let shownCount = 20

    /// `'A.b', 'B.a'`, and how many more there are.
    static func text(of shown: [String], stepCount: Int) -> String {
        shown.map { "'\($0)'" }.joined(separator: ", ")
            + (stepCount > shown.count ? " and \(stepCount - shown.count) more fields" : "")
    }
}
