import Expressions
import Model
import StoreColumns

/// What somebody may ask who sees aggregates only: from how many rows on a cell is shown, and by what rows may be told apart.
///
/// A type without dimensions gives figures of all its rows, and nothing else.
package struct SmallCellPolicy: Sendable {
    package let rules: SmallCellRules
    /// So many dimensions meet in an answer at most, keys and filter together: what can be computed from more is not looked at.
    package static let dimensionLimit = 2
    private var dimensions: [NodeTypeID: [CellDimension]] = [:]
    /// By type: whom a row is about, over variable 0.
    private var subjects: [NodeTypeID: Expression] = [:]
    /// Of fields, and of rows of a type, where they are larger than the rules ask.
    private var minimumCells: [FieldPlace: Int] = [:]
    private var minimumRows: [NodeTypeID: Int] = [:]

    /// A column whose cells are larger than the rules ask.
    package struct RaisedColumn: Sendable, Hashable {
        package var type: String
        package var field: String
        package var minimumCell: Int
        package init(type: String, field: String, minimumCell: Int) {
            self.type = type
            self.field = field
            self.minimumCell = minimumCell
        }
    }

    private init(_ rules: SmallCellRules, in model: Model) {
        self.rules = rules
        for type in model.types {
            for (position, field) in type.fields.enumerated() where field.personal?.class == .sensitive {
                minimumCells[FieldPlace(type: type.nodeType, position: position)] = rules.minimumCellForSensitive
            }
        }
    }

    /// What a role without rows may ask.
    ///
    /// - Parameter model: The role's, or the whole one.
    /// - Throws: Where a level makes no groups, follows from another dimension, or a minimum is lower than the least.
    package init(_ view: RoleView, in model: Model) throws(SmallCellProblem) {
        self.init(
            try SmallCellRules(
                minimumCell: view.minimumCell,
                minimumCellForSensitive: max(view.minimumCell, SmallCellRules.leastMinimumCellForSensitive)), in: model)
        for type in model.types {
            let rows = view.minimumCell(of: nil, in: type.nodeType)
            if rows > rules.minimumCell { minimumRows[type.nodeType] = rows }
            for position in type.fields.indices {
                let place = FieldPlace(type: type.nodeType, position: position)
                let asked = view.minimumCell(of: position, in: type.nodeType)
                if asked > minimumCells[place] ?? rules.minimumCell { minimumCells[place] = asked }
            }
        }
        for table in view.cells.tables {
            subjects[table.type] = try Self.subject(of: table.type, table.each, in: model)
            try add(table.by, to: table.type, line: table.line, in: model)
        }
    }

    /// - Parameters:
    ///   - dimensions: by the name of a type: each dimension as its levels, the coarsest first.
    ///   - subjects: by the name of a type: the field that leads to whom a row is about.
    ///   - raised: columns with a minimum of their own.
    /// - Throws: Where a name is none of the model's, or a minimum is lower than the rules'.
    package init(
        rules: SmallCellRules = .standard, dimensions: [(type: String, levels: [[String]])], subjects: [String: String] = [:],
        raised: [RaisedColumn] = [], in model: Model
    ) throws(SmallCellProblem) {
        self.init(rules, in: model)
        for column in raised {
            guard let type = model.types.first(where: { $0.name == column.type }), let position = type.position(of: column.field)
            else { throw SmallCellProblem("There is no \(column.type).\(column.field) whose smallest cell could be raised.") }
            let place = FieldPlace(type: type.nodeType, position: position)
            let least = minimumCells[place] ?? rules.minimumCell
            guard column.minimumCell >= least else {
                throw SmallCellProblem(
                    "The smallest cell of \(column.type).\(column.field) is \(column.minimumCell); it is \(least) at least, and may only "
                        + "be raised.")
            }
            minimumCells[place] = column.minimumCell
        }
        for (name, field) in subjects {
            guard let type = model.types.first(where: { $0.name == name }), let position = type.position(of: field) else {
                throw SmallCellProblem("There is no \(name).\(field) that could lead to whom a row is about.")
            }
            self.subjects[type.nodeType] = try Self.subject(of: type.nodeType, [position], in: model)
        }
        for (name, list) in dimensions {
            guard let type = model.types.first(where: { $0.name == name })?.nodeType else {
                throw SmallCellProblem("There is no type \(name) that could have dimensions.")
            }
            guard self.dimensions[type] == nil else { throw SmallCellProblem("The dimensions of \(name) are given twice.") }
            try add(list.map { $0.map { ($0, nil) } }, to: type, line: nil, in: model)
        }
    }

    private mutating func add(
        _ list: [[(text: String, line: Int?)]], to type: NodeTypeID, line: Int?, in model: Model
    ) throws(SmallCellProblem) {
        let name = model.types[type.index].name
        var own: [CellDimension] = []
        for texts in list {
            var levels: [CellLevel] = []
            for (text, line) in texts {
                do throws(SmallCellProblem) {
                    let level = try Self.level(text, of: type, { minimumCell(ofField: $1, of: $0) }, in: model)
                    guard !(own.flatMap(\.levels) + levels).contains(where: { $0.key == level.key }) else {
                        throw SmallCellProblem("The dimension '\(text)' of \(name) is given twice.")
                    }
                    levels.append(level)
                } catch {
                    throw error.at(line)
                }
            }
            guard !levels.isEmpty else { throw SmallCellProblem("A dimension of \(name) has no levels.").at(line) }
            own.append(CellDimension(levels: levels))
        }
        do throws(SmallCellProblem) {
            try Self.checkApart(own, name, in: model)
        } catch {
            throw error.at(line)
        }
        dimensions[type] = own
    }

    /// Tables are protected one by one: two that told the same rows apart in other words would tell of each other.
    private static func checkApart(
        _ dimensions: [CellDimension], _ name: String, in model: Model
    ) throws(SmallCellProblem) {
        for (index, dimension) in dimensions.enumerated() {
            for other in dimensions.indices where other != index {
                let known = dimensions[other].levels.map(\.key.expression)
                guard
                    let level = dimension.levels.first(where: {
                        $0.key.expression.follows(from: known, in: model.parametricTypes)
                    })
                else { continue }
                throw SmallCellProblem(
                    "The dimension '\(level.text)' of \(name) follows from '\(dimensions[other].levels.map(\.text).joined(separator: "', '"))'; "
                        + "make both levels of one dimension, or leave one out.")
            }
        }
    }

    package func dimensions(of type: NodeTypeID) -> [CellDimension] { dimensions[type] ?? [] }

    /// How many rows a cell has at least of which a figure of a field is told.
    package func minimumCell(ofField position: Int, of type: NodeTypeID) -> Int {
        minimumCells[FieldPlace(type: type, position: position)] ?? rules.minimumCell
    }

    /// How many rows of a type a cell has at least of which they are counted.
    func minimumCell(ofRows type: NodeTypeID) -> Int { max(rules.minimumCell, minimumRows[type] ?? 0) }

    /// Whom a row is about, over variable 0; nil where each row is about another.
    func subject(of type: NodeTypeID) -> Expression? { subjects[type] }

    private static func subject(of type: NodeTypeID, _ steps: [Int], in model: Model) throws(SmallCellProblem) -> Expression? {
        var (row, owner) = (Expression.variable(0, type), type)
        for step in steps {
            guard case .toOne(let edge, let target) = model[owner].fields[step].source else {
                throw SmallCellProblem("\(model[owner].name).\(model[owner].fields[step].name) leads to no row.")
            }
            (row, owner) = (.follow(row, edge), target)
        }
        return steps.isEmpty ? nil : row
    }

    /// The dimension and level that a key of groups is.
    func place(of key: GroupingKey, on type: NodeTypeID) -> CellLevelPlace? {
        for (dimension, known) in dimensions(of: type).enumerated() {
            if let level = known.levels.firstIndex(where: { $0.key == key }) {
                return CellLevelPlace(dimension: dimension, level: level)
            }
        }
        return nil
    }
}

/// A level by its dimension's place among those of a type, and its own in the dimension.
struct CellLevelPlace: Hashable {
    var dimension: Int
    var level: Int
}
