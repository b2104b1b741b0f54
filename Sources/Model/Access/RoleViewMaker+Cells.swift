import Expressions
import GraphQLTypes
import Settings
import StoreColumns

/// What a role without rows asks by, held against the model. What its levels make of values, and whether one follows from another, is
/// looked at where figures are judged.
extension RoleViewMaker {
    private func isFigured(_ type: ModelType) -> Bool { model.schema.type(named: type.name + "Aggregate") != nil }

    mutating func readCells(_ settings: RoleCells) {
        guard let type = type(named: settings.type, "cells") else { return }
        guard isSeen[type.nodeType.index] else {
            return report(settings.type.line, "cells of \(what) names \(type.name), which is not among the role's types")
        }
        guard isFigured(type) else {
            return report(settings.type.line, "cells of \(what) names \(type.name), of whose rows the model makes no figures")
        }
        guard !cells.has(tableOf: type.nodeType) else {
            return report(settings.type.line, "\(what) has cells of \(type.name) twice")
        }
        var each: [Int] = []
        if let path = settings.each, let steps = steps(path, path.value, of: type, "'each' in the cells of \(type.name)") {
            each = steps
            if steps.isEmpty { report(path.line, "'each' in the cells of \(type.name) of \(what) names no field") }
        }
        for figure in settings.of { readFigure(figure, of: type) }
        for level in settings.by.flatMap(\.self) { readLevel(level, of: type) }
        cells.tables.append(
            RoleCellFields.Table(
                type: type.nodeType, each: each, by: settings.by.map { $0.map { ($0.value, $0.line) } },
                line: settings.type.line))
    }

    private mutating func position(_ name: String, of type: ModelType, _ line: Int, _ member: String) -> Int? {
        if let position = type.position(of: name) { return position }
        report(
            line,
            "\(member) of \(what) names '\(name)', which \(type.name) does not have."
                + didYouMean(name, among: type.fields.map(\.name)))
        return nil
    }

    /// The to-one fields of a path, all of which lead to rows of which the role sees something.
    private mutating func steps(_ word: Word, _ path: String, of type: ModelType, _ member: String) -> [Int]? {
        var (owner, steps) = (type, [Int]())
        for name in path.split(separator: ".") {
            guard let position = position(String(name), of: owner, word.line, member) else { return nil }
            guard case .toOne(_, let target) = owner.fields[position].source else {
                report(word.line, "\(member) of \(what) goes through \(owner.name).\(name), which leads to no single row")
                return nil
            }
            guard isAsked(FieldPlace(type: owner.nodeType, position: position), word, member) else { return nil }
            steps.append(position)
            owner = model[target]
        }
        return steps
    }

    private mutating func isAsked(_ place: FieldPlace, _ word: Word, _ member: String) -> Bool {
        let view = views[place.type.index][place.position]
        if view.isFull || view == .aggregate { return true }
        let type = model[place.type]
        report(
            word.line,
            "\(member) of \(what) asks by \(type.name).\(type.fields[place.position].name), of which the role sees neither all nor figures"
        )
        return false
    }

    private mutating func readFigure(_ word: Word, of type: ModelType) {
        let member = "'of' in the cells of \(type.name)"
        guard let position = position(word.value, of: type, word.line, member) else { return }
        switch type.fields[position].source {
        case .column(_, let value) where value.isNumeric, .validColumn(_, _, let value) where value.isNumeric,
            .derived(_, let value) where value.isNumeric:
            break
        default: return report(word.line, "\(member) of \(what) names \(type.name).\(word.value), which is no number")
        }
        let place = FieldPlace(type: type.nodeType, position: position)
        if isAsked(place, word, member) { cells.figures.insert(place) }
    }

    private mutating func readLevel(_ word: Word, of type: ModelType) {
        let member = "a dimension of \(type.name)"
        let parts = word.value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let hasUnit = parts.count > 1
        var names = parts[0].split(separator: ".").map { String($0.filter { $0 != " " }) }
        guard let last = names.popLast() else {
            return report(word.line, "\(member) of \(what) names no field; found '\(word.value)'")
        }
        guard let steps = steps(word, names.joined(separator: "."), of: type, member) else { return }
        var (owner, path) = (type, Set<FieldPlace>())
        for step in steps {
            path.insert(FieldPlace(type: owner.nodeType, position: step))
            if case .toOne(_, let target) = owner.fields[step].source { owner = model[target] }
        }
        cells.steps.formUnion(path)
        guard let position = position(last, of: owner, word.line, member) else { return }
        let place = FieldPlace(type: owner.nodeType, position: position)
        guard isAsked(place, word, member) else { return }
        // Periods and intervals make groups, and nothing is chosen by them.
        if case .toOne = owner.fields[position].source { cells.filterSteps.formUnion(path) }
        if !hasUnit { cells.filterSteps.formUnion(path) }
        switch owner.fields[position].source {
        case .toOne(_, let target): readRows(place, model[target], word, member, hasUnit: hasUnit)
        case .toMany, .column(_, .enumerationList), .validColumn(_, _, .enumerationList):
            report(word.line, "\(member) of \(what) is \(word.value), which is a list; groups are made by one value")
        case .column, .validColumn, .derived:
            if hasUnit { cells.intervals.insert(place) } else { cells.values.insert(place) }
        }
    }

    /// A level whose values are rows: those of a place, never those of a person.
    private mutating func readRows(_ place: FieldPlace, _ target: ModelType, _ word: Word, _ member: String, hasUnit: Bool) {
        if let field = target.fields.first(where: { $0.personal != nil }) {
            return report(
                word.line,
                "\(member) of \(what) is \(word.value), whose rows are about persons (\(target.name).\(field.name)); name a field of them"
            )
        }
        if hasUnit {
            cells.steps.insert(place)
            cells.filterSteps.insert(place)
            cells.trees.insert(target.nodeType)
        } else {
            cells.rows.insert(place)
        }
        for position in target.fields.indices {
            let shown = FieldPlace(type: target.nodeType, position: position)
            guard views[target.nodeType.index][position].isFull else { continue }
            switch target.fields[position].source {
            case .column(_, .string), .column(_, .enumeration):
                if target.key == [position], !hasUnit { cells.names.insert(shown) } else { cells.shown.insert(shown) }
            default: continue
            }
        }
    }
}
