import Model
import Settings
import StoreColumns

/// Joins files, headings, mapping and model into a plan, and reports what does not fit.
struct Planner {
    let model: Model
    let limits: ImportLimits
    /// Whether every file's text is checked; without, the plan is one for files that are UTF-8.
    let checksText: Bool
    private let profile: CellProfile
    private let choices: ImportChoices
    var report: ImportReport
    var plan: ImportPlan
    var headers: [String: Header] = [:]

    init(
        model: Model, limits: ImportLimits, checksText: Bool = true, profile: CellProfile = .lenient,
        choices: ImportChoices = ImportChoices()
    ) {
        self.choices = choices
        self.profile = profile
        self.model = model
        self.limits = limits
        self.checksText = checksText
        report = ImportReport()
        plan = ImportPlan(typeCount: model.types.count)
    }

    mutating func add(_ problem: ImportProblem) { report.add(problem, limit: limits.problems) }

    /// Reports files that cannot be opened, and those that are not in a list of digests as they are.
    mutating func take(_ files: OpenedFiles) {
        if let list = files.given.first(where: { $0.name == ChecksumList.fileName }) {
            for problem in ChecksumList.problems(of: files.given, by: list) { add(problem) }
        }
        for problem in files.problems { add(problem) }
        report.notes += files.notes
        for part in files.passedOver { report.passOver(part.reason, file: part.sheet) }
    }

    // MARK: Our own shape

    /// A table is a type's: `Book.csv`, or the type's plural or label; its headings are fields.
    mutating func plan(_ files: [SourceFile]) {
        var owners: [Int: String] = [:]
        for file in files {
            report.files.append(ImportReport.File(name: file.name, byteCount: file.byteCount))
            if let name = choices.type {
                planChosen(file, name)
                continue
            }
            let stem = file.stems.first { model.type(forHeading: $0) != .none } ?? file.stems.last ?? ""
            // A name is what it names, whatever else is called so.
            let named = model.type(named: String(stem)).map { HeadingMatch.one($0.nodeType.index) }
            switch named ?? model.type(forHeading: stem) {
            case .one(let position):
                if let owner = owners[position] {
                    add(
                        ImportProblem(
                            .sameTypeTwice, file: file.name,
                            message: "\(owner) holds \(model.types[position].name) already; a type has one file"))
                    continue
                }
                owners[position] = file.name
                planOwn(file, model.types[position])
            case .several(let positions):
                let names = positions.map { model.types[$0].name }.joined(separator: " or ")
                report.tables.append(ChangeReport.Table(name: file.name))
                add(ImportProblem(.unknownFile, file: file.name, message: "the name may mean \(names); use one of these"))
            case .none:
                let names = model.types.map(\.name)
                report.tables.append(ChangeReport.Table(name: file.name))
                add(
                    ImportProblem(
                        .unknownFile, file: file.name,
                        message: "the name is no type of the model; files are called like their types."
                            + didYouMean(stem, among: names + model.types.map(\.plural))))
            }
        }
    }

    /// A table whose rows are what somebody says.
    private mutating func planChosen(_ file: SourceFile, _ name: String) {
        let match = model.type(named: name).map { HeadingMatch.one($0.nodeType.index) } ?? model.type(forHeading: name)
        guard case .one(let position) = match else {
            report.tables.append(ChangeReport.Table(name: file.name))
            let known = model.types.map(\.name)
            add(
                ImportProblem(
                    .unknownType, file: file.name, message: "'\(name)' is no type of the model.\(didYouMean(name, among: known))")
            )
            return
        }
        planOwn(file, model.types[position])
    }

    private mutating func planOwn(_ file: SourceFile, _ type: ModelType) {
        let (choices, headingRow) = (self.choices.columns, self.choices.headingRow)
        let header = Header(
            file, limits: limits, checksText: checksText, into: &report, at: headingRow
        ) { choices[$0] != nil || type.field(forHeading: $0) != .none }
        var table = ChangeReport.Table(name: file.name, type: type.name)
        defer { report.tables.append(table) }
        guard let header else { return }
        header.checkNames(limit: limits.problems, into: &report)
        var sources: [Int: CellSource] = [:]
        var parts: [Int: [String: Int]] = [:]
        for (position, heading) in header.names.enumerated() where !heading.isEmpty {
            table.columns.append(ChangeReport.Table.Column(heading: heading))
            // What somebody says of a column counts for its heading.
            let name = choices[heading] ?? heading
            if name.isEmpty {
                report.passOver(.otherColumn, file: file.name, heading: heading)
                continue
            }
            switch type.position(of: name).map(HeadingMatch.one) ?? type.field(forHeading: name) {
            case .one(let field):
                guard let column = type.fields[field].column else {
                    add(
                        header.problem(
                            .computedField, at: position,
                            "\(type.name).\(type.fields[field].name) is computed from other data; leave the column out"))
                    continue
                }
                if sources[column] != nil {
                    // The same words twice were reported already; this is the same field by another name.
                    if !header.names[..<position].contains(heading) {
                        add(
                            header.problem(
                                .duplicateHeading, at: position,
                                "another column is \(type.name).\(type.fields[field].name) already"))
                    }
                } else {
                    sources[column] = .column(position)
                    table.columns[table.columns.count - 1].field = type.fields[field].name
                }
            case .several(let fields):
                let names = fields.map { type.fields[$0].name }.joined(separator: " or ")
                add(header.problem(.ambiguousHeading, at: position, "the heading may mean \(names); use one of these"))
            case .none:
                if TableWords(name).countsRows {
                    report.passOver(.rowNumbers, file: file.name, heading: name)
                } else if let (column, path) = keyPart(name, of: type) {
                    parts[column, default: [:]][path] = position
                    table.columns[table.columns.count - 1].field = name
                } else {
                    let known = type.fields.filter { $0.column != nil }.map(\.name)
                    add(
                        header.problem(
                            .unknownHeading, at: position, "\(type.name) has no such field.\(didYouMean(name, among: known))"))
                }
            }
        }
        for (column, positions) in parts where sources[column] == nil {
            if let source = key(positions, column, of: type, header) { sources[column] = source }
        }
        finish(type, sources, conditions: [], isDistinct: false, needed: [], header)
    }

    /// `book.author` and `book.title`: the parts of a key in columns of their own. The field's column, and the rest of the name.
    private func keyPart(_ heading: String, of type: ModelType) -> (Int, String)? {
        guard let dot = heading.firstIndex(of: ".") else { return nil }
        guard let column = type.field(named: String(heading[..<dot]))?.column else { return nil }
        return (column, String(heading[heading.index(after: dot)...]))
    }

    private mutating func key(
        _ positions: [String: Int], _ column: Int, of type: ModelType, _ header: Header
    ) -> CellSource? {
        let definition = model.catalog[type.nodeType].columns[column]
        guard case .reference(let target) = definition.kind else {
            for position in positions.values.sorted() {
                add(
                    header.problem(
                        .unknownHeading, at: position, "\(type.name).\(definition.name) is no reference; it has no parts"))
            }
            return nil
        }
        let paths = KeyShape(of: target, in: model.catalog).paths
        var sources: [CellSource] = []
        var used: Set<String> = []
        for path in paths {
            // `author` stands for `author.number`, where that is all there is to say.
            let short = path.split(separator: ".").dropLast().joined(separator: ".")
            guard let name = positions[path] != nil ? path : positions[short] != nil ? short : nil, let position = positions[name]
            else {
                add(
                    header.problem(
                        .missingHeading, "\(type.name).\(definition.name) needs the column '\(definition.name).\(path)' too"))
                return nil
            }
            used.insert(name)
            sources.append(.column(position))
        }
        for (path, position) in positions where !used.contains(path) {
            add(
                header.problem(
                    .unknownHeading, at: position,
                    "the key of \(definition.name) has no part '\(path)'.\(didYouMean(path, among: paths))"))
        }
        return .key(sources)
    }

    /// Takes a type's columns into the plan, if its key is among them.
    mutating func finish(
        _ type: ModelType, _ sources: [Int: CellSource], conditions: [RowCondition], isDistinct: Bool, needed: Set<Int>,
        _ header: Header
    ) {
        let definition = model.catalog[type.nodeType]
        for column in definition.key where sources[column] == nil {
            let field = type.fields.first { $0.column == column }
            let names = ([definition.columns[column].name] + (field?.label.chinese.map { [$0] } ?? [])).joined(separator: " or ")
            add(
                header.problem(
                    .missingHeading, "the column '\(names)' is missing; without it no \(type.name) can be told from another"))
        }
        let slots = sources.sorted { $0.key < $1.key }.map { column, source in
            TypePlan.Slot(column: column, source: source, isNeeded: needed.contains(column))
        }
        let typePlan = TypePlan(
            type: type.nodeType, conditions: conditions, isDistinct: isDistinct, slots: slots, profile: profile)
        let known = plan.columns[type.nodeType.index] ?? []
        plan.columns[type.nodeType.index] = Set(known + slots.map(\.column)).sorted()
        if let last = plan.files.indices.last, plan.files[last].file.name == header.file.name {
            plan.files[last].types.append(typePlan)
        } else {
            plan.files.append(
                FilePlan(
                    file: header.file, headings: header.names, bodyStart: header.bodyStart, bodyLine: header.bodyLine,
                    types: [typePlan], profile: profile))
            plan.files[plan.files.count - 1].headingRecords = header.records
        }
    }
}
