import Expressions
import StoreColumns

extension Structure {
    // MARK: - Keys

    mutating func key(of type: Int) -> [Int] {
        var positions: [Int] = []
        let owner = types[type].name
        for part in types[type].key {
            guard let position = types[type].field(named: part.value) else {
                problems.reportUnknownField(
                    part.value, of: owner, among: types[type].fields.map(\.name), in: "The key of \(owner)", at: part.place)
                continue
            }
            guard let source = sources[type][position] else { continue }
            guard let column = column(of: source), canBeKey(catalog.nodeTypes[type].columns[column].kind) else {
                problems.report(
                    .unsuitableField,
                    "\(owner).\(part.value) cannot be part of the key; a key holds stored fields that are no lists and no Float.",
                    at: part.place)
                continue
            }
            if catalog.nodeTypes[type].columns[column].isNullable {
                problems.report(
                    .unsuitableField,
                    "\(owner).\(part.value) is part of the key and may be null; write '\(types[type].fields[position].type.name)!'.",
                    at: part.place)
            }
            if positions.contains(position) {
                problems.report(.unsuitableField, "The key of \(owner) names '\(part.value)' twice.", at: part.place)
                continue
            }
            positions.append(position)
            catalog.nodeTypes[type].key.append(column)
        }
        return positions
    }

    func column(of source: FieldSource) -> Int? {
        switch source {
        case .column(let column, _), .toOne(.reference(let column, _), _), .toMany(.list(let column, _), _): column
        case .validColumn, .toOne, .toMany, .derived: nil
        }
    }

    func canBeKey(_ kind: ColumnKind) -> Bool {
        switch kind {
        case .float, .enumerationList, .referenceList: false
        case .boolean, .int, .decimal, .date, .dateTime, .enumeration, .string, .reference: true
        }
    }

    /// A key that holds a reference holds the key of its target; that must come to an end.
    mutating func checkKeyCycles() {
        func targets(of type: Int) -> [Int] {
            catalog.nodeTypes[type].key.compactMap {
                guard case .reference(let target) = catalog.nodeTypes[type].columns[$0].kind else { return nil }
                return target.index
            }
        }
        for cycle in cycles(count: types.count, edges: targets) {
            let path = (cycle + cycle.prefix(1)).map { types[$0].name }.joined(separator: " → ")
            problems.report(
                .cycle, "The keys of \(path) hold each other; a key must end in values.", at: types[cycle[0]].place)
        }
    }

    mutating func period(of type: Int) -> ModelPeriod? {
        guard let period = types[type].period else { return nil }
        guard let from = dateField(period.from, of: type, directive: "@period(from:)"),
            let to = dateField(period.to, of: type, directive: "@period(to:)")
        else { return nil }
        if catalog.nodeTypes[type].columns[from.column].isNullable {
            problems.report(
                .unsuitableField,
                "\(types[type].name).\(period.from.value) begins the period and may be null; write 'Date!'.",
                at: period.from.place)
        }
        return ModelPeriod(fromField: from.field, toField: to.field, fromColumn: from.column, toColumn: to.column)
    }

    mutating func dateField(_ name: Placed<String>, of type: Int, directive: String) -> (field: Int, column: Int)? {
        let owner = types[type].name
        guard let position = types[type].field(named: name.value) else {
            problems.reportUnknownField(
                name.value, of: owner, among: types[type].fields.map(\.name), in: "\(directive) of \(owner)", at: name.place)
            return nil
        }
        guard case .column(let column, .date)? = sources[type][position] else {
            problems.report(
                .unsuitableField,
                "\(directive) names \(owner).\(name.value) of type '\(types[type].fields[position].type.text)'; a stored Date is needed.",
                at: name.place)
            return nil
        }
        return (position, column)
    }
}

/// Every circle that a depth-first walk over a graph finds, as the nodes on it; each node is entered once.
func cycles(count: Int, edges: (Int) -> [Int]) -> [[Int]] {
    enum Mark { case new, open, done }
    var marks = Array(repeating: Mark.new, count: count)
    var path: [Int] = []
    var found: [[Int]] = []
    func visit(_ node: Int) {
        marks[node] = .open
        path.append(node)
        for next in edges(node) {
            switch marks[next] {
            case .new: visit(next)
            case .open: found.append(Array(path.drop { $0 != next }))
            case .done: break
            }
        }
        path.removeLast()
        marks[node] = .done
    }
    for node in 0..<count where marks[node] == .new { visit(node) }
    return found
}
