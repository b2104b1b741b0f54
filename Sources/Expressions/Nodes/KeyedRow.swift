import StoreColumns

/// Whether a row is the one that a business key names, in place of reading the key of each row and comparing it. Two-valued: no row is
/// not that row.
final class IsKeyedRow: TruthNode, @unchecked Sendable {
    enum Wanted: Sendable {
        /// Known when compiled.
        case row(RowNumber)
        /// What an argument comes to, by its place in `Frame.tests`.
        case argument(Int)
    }
    private let row: IntegerNode
    private let wanted: Wanted
    /// The row as it stands in the condition.
    private let asked: Expression

    init(_ row: IntegerNode, _ wanted: Wanted, asking asked: Expression) {
        self.row = row
        self.wanted = wanted
        self.asked = asked
    }

    /// Whether it asks that this row be the one that an argument names.
    func asks(_ row: Expression, test: Int) -> Bool {
        guard case .argument(test) = wanted else { return false }
        return asked == row
    }

    /// Nil where no row has the key.
    @inline(__always)
    private func wantedRow(_ frame: borrowing Frame) -> Int64? {
        switch wanted {
        case .row(let row): return Int64(row)
        case .argument(let place):
            guard case .compare(_, let row) = frame.tests[place] else { return nil }
            return row
        }
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame), let wanted = wantedRow(frame) else { return .no }
        return Truth(row == wanted)
    }

    override func truths(_ block: Block, _ mask: BlockBits, _ frame: inout Frame) throws(EvaluationError) -> BlockTruth {
        guard let wanted = wantedRow(frame) else { return .no }
        return BlockTruth(yes: try row.compare(.equal, wanted, block, mask, &frame).yes, unknown: .none)
    }
}

extension Compiler {
    /// A quantifier over a row or none that asks for nothing but the row's whole key: `owner: {number: {eq: …}}`.
    ///
    /// - Returns: nil where something else is asked.
    mutating func isKeyed(
        _ quantifier: Quantifier, _ row: Expression, _ variable: Int, _ body: Expression
    ) throws(EvaluationError) -> TruthNode? {
        guard quantifier != .every, let (type, key) = body.wantedKey(of: variable, in: version.catalog) else { return nil }
        let node: TruthNode
        switch key {
        case .constant(.string(let text), _):
            if let wanted = version.row(of: type, forKey: Key([.string(text)])) {
                node = IsKeyedRow(try integer(row), .row(wanted), asking: row)
            } else {
                node = ConstantTruth(.no)
            }
        case .argument(let argument, _):
            guard let use = ArgumentUse(keyOf: version[type], isArgument: argument) else { return nil }
            node = IsKeyedRow(try integer(row), .argument(makeTest(use)), asking: row)
        default: return nil
        }
        return quantifier == .none ? NotNode(node) : node
    }
}

extension ArgumentUse {
    /// Whether a row is the one whose whole key is the argument; nil where the key is no text.
    convenience init?(keyOf table: Table, isArgument argument: Int) {
        guard let keys = table.textKeys else { return nil }
        self.init(argument: argument, comparison: .equal, operand: .rowByKey(table, keys))
    }
}

extension Expression {
    /// What the whole key of a variable's row has to be, where nothing else is asked of it, and a text is the key.
    fileprivate func wantedKey(of variable: Int, in catalog: Catalog) -> (type: NodeTypeID, key: Expression)? {
        let parts = conjuncts
        guard parts.count == 1,
            case .compare(.equal, .column(.variable(variable, let type), let column, .string), let key) = parts[0],
            catalog[type].key == [column]
        else { return nil }
        return (type, key)
    }

    /// The same, where it is an argument.
    func keyArgument(of variable: Int, in catalog: Catalog) -> (type: NodeTypeID, argument: Int)? {
        guard let (type, key) = wantedKey(of: variable, in: catalog), case .argument(let argument, _) = key else { return nil }
        return (type, argument)
    }
}
