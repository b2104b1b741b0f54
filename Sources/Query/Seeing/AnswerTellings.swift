import Model
import QueryExecution
import QueryPlanning
import StoreColumns

/// What an answer tells about persons: which classes of data, and of which rows something sensitive in full.
package struct AnswerTellings: Sendable {
    /// By class of personal data, as the model names it, in alphabetical order: `full`, `masked`, `figures` of rows, or `asked`, where rows
    /// were chosen, sorted or counted by it and it is shown nowhere.
    package let views: [(kind: String, view: String)]
    /// Whether of something no more is shown than a mask leaves.
    package let isMasked: Bool
    /// Fields of sensitive data that are shown in full, as `Type.field`, in alphabetical order.
    package let sensitiveFields: [String]
    /// Of which rows; each type once.
    private let rows: [ToldRows]
    private let version: GraphVersion

    init(_ plan: PlanTellings, _ notes: RowNotes?, _ rows: [ToldRows], in version: GraphVersion, _ subjects: Subjects) {
        var plan = plan
        for (telling, view) in notes?.tellings ?? [] { plan.add(telling, view) }
        views = plan.views.sorted { $0.key < $1.key }.map { ($0.key, $0.value.word) }
        isMasked = plan.views.values.contains(.masked)
        sensitiveFields = plan.sensitiveFields
        self.rows = subjects.subjects(of: rows, in: version)
        self.version = version
    }

    /// The rows about which something sensitive was shown, by type: how many, and on demand their keys, as `KeyText` writes them.
    package var subjects: [(type: String, count: Int, forEachKey: ((String) -> Void) -> Void)] {
        rows.map { told in
            (
                version.catalog[told.type].name, told.rows.count,
                { body in
                    for row in told.rows {
                        body(KeyText.text(version.key(of: row, type: told.type), of: told.type, in: version.catalog))
                    }
                }
            )
        }
    }
}

/// How one comes from a row to the rows that it is about, by references that are stored.
struct Subjects: Sendable {
    /// By type: the columns of references to be followed one after another; nil where a row is named itself.
    private let paths: [[(column: Int, target: NodeTypeID)]?]

    /// - Parameter types: Whose rows are named; of several that are as near the one that is named first.
    init(_ types: [NodeTypeID], in catalog: Catalog) {
        paths = catalog.nodeTypes.indices.map { Self.path(from: NodeTypeID($0), to: types, catalog) }
    }

    /// Nobody is so far from a person.
    private static let lengthLimit = 4

    private static func path(
        from type: NodeTypeID, to subjects: [NodeTypeID], _ catalog: Catalog
    ) -> [(column: Int, target: NodeTypeID)]? {
        guard !subjects.contains(type) else { return nil }
        var paths: [[(column: Int, target: NodeTypeID)]] = [[]]
        for _ in 0..<lengthLimit {
            var longer: [[(column: Int, target: NodeTypeID)]] = []
            for path in paths {
                let end = path.last?.target ?? type
                for (column, definition) in catalog[end].columns.enumerated() {
                    guard case .reference(let target) = definition.kind, target != type,
                        !path.contains(where: { $0.target == target })
                    else { continue }
                    longer.append(path + [(column, target)])
                }
            }
            for subject in subjects {
                if let found = longer.first(where: { $0.last?.target == subject }) { return found }
            }
            paths = longer
        }
        return nil
    }

    /// The rows that some rows are about, each once. A row that refers to nobody is named itself.
    func subjects(of told: [ToldRows], in version: GraphVersion) -> [ToldRows] {
        var found: [NodeTypeID: [RowNumber]] = [:]
        for told in told {
            guard let path = paths[told.type.index] else {
                found[told.type, default: []] += told.rows
                continue
            }
            for row in told.rows {
                let subject = Self.follow(path, from: row, told.type, version)
                found[subject.type, default: []].append(subject.row)
            }
        }
        return found.sorted { $0.key.index < $1.key.index }.map { ToldRows(type: $0.key, rows: Self.once($0.value)) }
    }

    private static func follow(
        _ path: [(column: Int, target: NodeTypeID)], from row: RowNumber, _ type: NodeTypeID, _ version: GraphVersion
    ) -> (type: NodeTypeID, row: RowNumber) {
        var (current, at) = (row, type)
        for step in path {
            guard case .reference(let column) = version[at].column(step.column), let next = column[Int(current)] else {
                return (type, row)
            }
            (current, at) = (next, step.target)
        }
        return (at, current)
    }

    private static func once(_ rows: [RowNumber]) -> [RowNumber] {
        var last: RowNumber?
        return rows.sorted().filter { row in
            defer { last = row }
            return row != last
        }
    }
}

extension PlanTellings.View {
    fileprivate var word: String {
        switch self {
        case .full: "full"
        case .masked: "masked"
        case .aggregate: "figures"
        case .asked: "asked"
        }
    }
}
