import Expressions
import Settings
import StoreColumns

/// A role and a model → what is seen of every field, with everything that does not fit.
struct RoleViewMaker {
    typealias Word = Settings.Placed<String>

    let role: RoleSettings
    let model: Model
    private let file: String
    private let reads: FieldReads
    private(set) var problems: [SettingsProblem] = []

    private(set) var views: [[FieldView]] = []
    private(set) var isSeen: [Bool] = []
    private(set) var isWritten: [Bool] = []
    var cells = RoleCellFields()
    private(set) var isClear: [Bool] = []
    private(set) var minimums: [(rows: Int, fields: [Int])] = []

    /// By class of data.
    private var ofClasses: [String: RoleSettings.View] = [:]
    private var ofFields: [FieldPlace: RoleSettings.View] = [:]
    /// What a field tells about persons, whatever types are seen; nil while it is not worked out.
    private var personal: [[FieldView?]]

    init(_ role: RoleSettings, _ model: Model, file: String) {
        self.role = role
        self.model = model
        self.file = file
        reads = FieldReads(model)
        personal = model.types.map { Array(repeating: nil, count: $0.fields.count) }
    }

    var what: String { "the role '\(role.name.value)'" }

    mutating func report(_ line: Int, _ message: String) {
        problems.append(SettingsProblem(file: file, line: line, message: message))
    }

    mutating func make() {
        isSeen = Array(repeating: false, count: model.types.count)
        isWritten = isSeen
        for name in role.types { if let type = type(named: name, "types") { isSeen[type.nodeType.index] = true } }
        for name in role.writes { if let type = type(named: name, "writes") { isWritten[type.nodeType.index] = true } }
        for scope in role.scopes { _ = type(named: scope.type, "scopes") }
        readClasses()
        for named in role.fields { readField(named) }
        views = model.types.map { type in type.fields.indices.map { view(FieldPlace(type: type.nodeType, position: $0)) } }
        for cells in role.cells { readCells(cells) }
        if role.seesRows { checkKeys() }
        makeClear()
        makeMinimums()
    }

    // MARK: - Names

    mutating func type(named name: Word, _ member: String) -> ModelType? {
        if let type = model.type(named: name.value) { return type }
        report(
            name.line,
            "\(member) of \(what) names '\(name.value)', and the model has no such type."
                + didYouMean(name.value, among: model.types.map(\.name)))
        return nil
    }

    private mutating func readClasses() {
        let known = Set(model.types.flatMap { $0.fields.compactMap { $0.personal?.about ?? $0.givenWith } }).sorted()
        var said = role.views.map(\.name) + role.reasonRequired
        // A field has a dot, a class has none.
        said += role.minimumCells.map(\.name).filter { !$0.value.contains(".") }
        said.removeAll { known.contains($0.value) }
        for name in said {
            report(
                name.line,
                "\(what) names the class of data '\(name.value)'; the model has \(known.joined(separator: ", "))."
                    + didYouMean(name.value, among: known))
        }
        for named in role.views {
            ofClasses[named.name.value] = named.value
            refuseAggregate(named, "the class '\(named.name.value)'")
        }
    }

    private mutating func refuseAggregate(_ named: RoleSettings.Named<RoleSettings.View>, _ subject: String) {
        guard named.value == .aggregate, role.seesRows else { return }
        report(
            named.name.line, "\(what) sees rows, and of \(subject) figures only; that is for roles without rows ('rows: false')")
    }

    private mutating func readField(_ named: RoleSettings.Named<RoleSettings.View>) {
        guard let place = place(named.name, "fields") else { return }
        let field = model[place.type].fields[place.position]
        refuseAggregate(named, named.name.value)
        if named.value == .masked, maskedView(of: place) == .none {
            report(
                named.name.line,
                "\(what) sees \(named.name.value) masked; "
                    + (field.personal == nil ? "the model gives it no mask" : "its mask leaves nothing of it: say none"))
        }
        ofFields[place] = named.value
    }

    private mutating func place(_ path: Word, _ member: String) -> FieldPlace? {
        let parts = path.value.split(separator: ".").map(String.init)
        guard parts.count == 2, let type = type(named: Word(parts[0], line: path.line), member) else { return nil }
        guard let position = type.position(of: parts[1]) else {
            report(
                path.line,
                "\(member) of \(what) names \(path.value), and \(type.name) has no field '\(parts[1])'."
                    + didYouMean(parts[1], among: type.fields.map(\.name)))
            return nil
        }
        guard isSeen[type.nodeType.index] else {
            report(path.line, "\(member) of \(what) names \(path.value), and \(type.name) is not among the role's types")
            return nil
        }
        return FieldPlace(type: type.nodeType, position: position)
    }

    // MARK: - Views

    private mutating func view(_ place: FieldPlace) -> FieldView {
        guard isSeen[place.type.index], !leadsToUnseenRows(place) else { return .none }
        return personalView(of: place)
    }

    private func leadsToUnseenRows(_ place: FieldPlace) -> Bool {
        func isUnseen(_ type: NodeTypeID) -> Bool { !isSeen[type.index] }
        switch model[place.type].fields[place.position].source {
        case .column, .derived: return false
        case .validColumn(let lookup, _, _): return isUnseen(lookup.periodType)
        case .toOne(let edge, let target):
            if case .valid(let lookup, _) = edge, isUnseen(lookup.periodType) { return true }
            return isUnseen(target)
        case .toMany(let edge, let target):
            if case .valid(let lookup, _) = edge, isUnseen(lookup.periodType) { return true }
            return isUnseen(target)
        }
    }

    /// What the role sees of a field as far as persons go: as is said of the field, else of its class, else as little as of what it
    /// is read from.
    private mutating func personalView(of place: FieldPlace) -> FieldView {
        if let known = personal[place.type.index][place.position] { return known }
        let field = model[place.type].fields[place.position]
        var view = FieldView.full
        if let said = ofFields[place] {
            view = made(said, place)
        } else if let personal = field.personal {
            view = made(ofClasses[personal.about] ?? .none, place)
        } else if let kind = field.givenWith {
            view = made(ofClasses[kind] ?? .none, place)
        } else if !field.tellsOfNobody {
            // Derived fields never read themselves, and references end in columns, so this comes to an end.
            for read in reads.reads(of: field.source, of: place.type) { view = .least(view, personalView(of: read)) }
            // What is masked there has no mask here.
            if case .masked = view { view = .none }
        }
        personal[place.type.index][place.position] = view
        return view
    }

    private func made(_ view: RoleSettings.View, _ place: FieldPlace) -> FieldView {
        switch view {
        case .full: .full
        case .masked: maskedView(of: place)
        case .aggregate: .aggregate
        case .none: .none
        }
    }

    /// `none` where the mask leaves nothing.
    private func maskedView(of place: FieldPlace) -> FieldView {
        let field = model[place.type].fields[place.position]
        guard let personal = field.personal, personal.mask.leavesSomething(of: field.source, in: model) else { return .none }
        return .masked(personal.mask)
    }

    // MARK: - Keys

    /// Rows are named by their keys, in global ids too.
    private mutating func checkKeys() {
        for name in role.types {
            guard let type = model.type(named: name.value) else { continue }
            for position in type.key where !views[type.nodeType.index][position].isFull {
                let field = type.fields[position]
                var why = "is not seen in full"
                if case .toOne(_, let target) = field.source, !isSeen[target.index] {
                    why = "leads to \(model[target].name), which is not among the role's types"
                }
                report(name.line, "\(what) sees rows of \(type.name), whose key holds \(type.name).\(field.name), which \(why)")
            }
        }
    }

    // MARK: - Figures of few

    private mutating func makeMinimums() {
        var ofClasses: [String: Int] = [:]
        var ofFields: [FieldPlace: Int] = [:]
        for named in role.minimumCells {
            if !named.name.value.contains(".") {
                ofClasses[named.name.value] = named.value
            } else if let place = place(named.name, "minimum-cells") {
                ofFields[place] = named.value
            }
        }
        // What is computed of several classes and says none may be of any.
        let most = max(role.minimumCell, ofClasses.values.max() ?? 0)
        for type in model.types {
            var rows = role.minimumCell
            let fields = type.fields.indices.map { position in
                let field = type.fields[position]
                let kind = field.personal?.about ?? field.givenWith
                let said = ofFields[FieldPlace(type: type.nodeType, position: position)] ?? 0
                let cell = kind.map { max(role.minimumCell, ofClasses[$0] ?? 0) }
                if case .toOne(.reference, _) = field.source, let cell { rows = max(rows, cell) }
                return max(said, cell ?? (views[type.nodeType.index][position] == .aggregate ? most : role.minimumCell))
            }
            minimums.append((rows, fields))
        }
    }

    // MARK: - Parts

    /// Derived fields read only those with smaller numbers.
    private mutating func makeClear() {
        for derived in model.parametricTypes.derived {
            isClear.append(
                reads.reads(of: derived.expression).allSatisfy { read in
                    guard views[read.type.index][read.position].isFull else { return false }
                    guard case .derived(let id, _) = model[read.type].fields[read.position].source else { return true }
                    return isClear[id.index]
                })
        }
    }
}
