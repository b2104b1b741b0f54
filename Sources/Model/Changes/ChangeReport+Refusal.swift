import StoreColumns

extension ChangeReport {
    /// Adds what the graph found wrong with a change set, told in the words of the model.
    package mutating func add(_ refused: ChangeSetRefused, of changes: ChangeSet, in model: Model) {
        for problem in refused.problems { add(Problem(problem, of: changes, in: model)) }
        problemCount += refused.problemCount - refused.problems.count
    }
}

extension ChangeReport.Problem {
    /// - Parameter changes: With one entry a type at most.
    package init(_ problem: ChangeProblem, of changes: ChangeSet, in model: Model) {
        let type = model[problem.type]
        let given = changes.types.first { $0.type == problem.type }
        let field = problem.column.flatMap { column in type.fields.first { $0.column == column } }
        let cell = given.flatMap { $0.cell(problem.row, problem.column) }
        self.init(
            ChangeProblemCode(problem.reason), Self.message(problem, type, field: field, cell, model))
        self.type = type.name
        self.field = field?.name
        row = problem.row
        list = problem.reason.isOfDelete ? .delete : .upsert
        key = given.flatMap { given in
            if problem.reason.isOfDelete {
                return given.deletedKeys.indices.contains(problem.row) ? given.deletedKeys[problem.row] : nil
            }
            return given.key(ofRow: problem.row, in: model.catalog)
        }.map { KeyText.text($0, of: problem.type, in: model.catalog) }
    }

    private static func message(
        _ problem: ChangeProblem, _ type: ModelType, field: ModelField?, _ cell: Cell?, _ model: Model
    ) -> String {
        let name = field.map { "'\($0.name)'" } ?? "A field"
        switch problem.reason {
        case .missingKey: return "\(name) is part of the key of a \(type.name) and is missing."
        case .duplicateKey(let first):
            return first == problem.row
                ? "The \(type.name) is given and deleted at once." : "The \(type.name) is given twice, first as row \(first)."
        case .missingValue:
            return cell == .null
                ? "\(name) cannot be cleared; every \(type.name) has it." : "\(name) is missing; a new \(type.name) needs it."
        case .wrongKind: return "\(name) cannot hold the value: it is too long, or out of range."
        case .danglingReference:
            var text = "\(name) names a row that does not exist"
            if let problemColumn = problem.column, field?.personal == nil, case .reference(let key)? = cell,
                case .reference(let target) = model.catalog[problem.type].columns[problemColumn].kind
            {
                text += ": \(model[target].name) \(KeyText.text(key, of: target, in: model.catalog).prefix(200))"
            }
            return text + "."
        case .notUnique: return "Another \(type.name) has the same \(name), and no two may."
        case .noSuchRow: return "There is no \(type.name) with this key, or it is to be deleted twice."
        case .stillReferenced(let other): return "A \(model[other].name) that stays refers to the \(type.name)."
        case .tooManyRows: return "There are as many \(type.name) rows as there can be."
        }
    }
}

extension ChangeProblem.Reason {
    /// Whether its row is one of the deleted keys.
    fileprivate var isOfDelete: Bool {
        switch self {
        case .noSuchRow, .stillReferenced: true
        default: false
        }
    }
}

extension ChangeProblemCode {
    package init(_ reason: ChangeProblem.Reason) {
        self =
            switch reason {
            case .missingKey: .missingKey
            case .duplicateKey: .duplicateKey
            case .missingValue: .missingValue
            case .wrongKind: .wrongValue
            case .danglingReference: .danglingReference
            case .notUnique: .notUnique
            case .noSuchRow: .noSuchRow
            case .stillReferenced: .stillReferenced
            case .tooManyRows: .tooManyRows
            }
    }
}

extension TypeChanges {
    fileprivate func cell(_ row: Int, _ column: Int?) -> Cell? {
        guard let column, let place = columns.firstIndex(of: column), row < rowCount else { return nil }
        return cells[row * columns.count + place]
    }

    /// The key of a row, as it is given; nil where part of it is missing.
    package func key(ofRow row: Int, in catalog: Catalog) -> Key? {
        var parts: [KeyPart] = []
        for column in catalog[type].key {
            switch cell(row, column) {
            case .boolean(let value)?: parts.append(.boolean(value))
            case .int(let value)?: parts.append(.int(value))
            case .decimal(let value)?: parts.append(.decimal(value))
            case .date(let value)?: parts.append(.date(value))
            case .dateTime(let value)?: parts.append(.dateTime(value))
            case .enumeration(let value)?: parts.append(.enumeration(value))
            case .string(let value)?: parts.append(.string(value))
            case .reference(let value)?: parts.append(.reference(value))
            default: return nil
            }
        }
        return Key(parts)
    }
}
