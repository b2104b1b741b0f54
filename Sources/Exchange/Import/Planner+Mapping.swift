import Model
import Settings
import StoreColumns

/// Another system's shape: a mapping says what its files mean.
extension Planner {
    mutating func plan(_ files: [SourceFile], by mapping: ImportMapping) {
        var byName: [String: SourceFile] = [:]
        for file in files { byName[file.name] = file }
        for file in files {
            guard mapping.files.allSatisfy({ $0.name.value != file.name }) else { continue }
            if mapping.ignoredFiles.contains(where: { $0.value == file.name }) {
                report.notes.append("\(file.name) is not read")
            } else {
                add(
                    ImportProblem(
                        .unknownFile, file: file.name,
                        message: "\(mapping.file) does not know the file."
                            + didYouMean(file.name, among: mapping.files.map(\.name.value))))
            }
        }
        for fileMapping in mapping.files {
            guard let file = byName[fileMapping.name.value] else {
                report.notes.append("\(fileMapping.name.value) is not there")
                continue
            }
            report.files.append(ImportReport.File(name: file.name, byteCount: file.byteCount))
            let known = fileMapping.columnNames
            let header = Header(file, limits: limits, checksText: checksText, into: &report) { known.contains($0) }
            guard let header else { continue }
            header.checkNames(limit: limits.problems, into: &report)
            headers[file.name] = header
        }
        for fileMapping in mapping.files {
            guard let header = headers[fileMapping.name.value] else { continue }
            plan(fileMapping, of: mapping, header, byName)
        }
    }

    private mutating func plan(
        _ fileMapping: FileMapping, of mapping: ImportMapping, _ header: Header, _ files: [String: SourceFile]
    ) {
        var columns = ColumnFinder(header: header, mapping: mapping)
        for typeMapping in fileMapping.types {
            guard let type = model.type(named: typeMapping.type.value) else {
                add(
                    ImportProblem(
                        .unknownType, file: mapping.file, line: typeMapping.type.line,
                        message: "the model has no type '\(typeMapping.type.value)'."
                            + didYouMean(typeMapping.type.value, among: model.types.map(\.name))))
                continue
            }
            var sources: [Int: CellSource] = [:]
            for field in typeMapping.fields {
                guard let column = type.field(named: field.field.value)?.column else {
                    let isThere = type.field(named: field.field.value) != nil
                    let known = type.fields.filter { $0.column != nil }.map(\.name)
                    add(
                        ImportProblem(
                            isThere ? .computedField : .unknownHeading, file: mapping.file, line: field.field.line,
                            message: isThere
                                ? "\(type.name).\(field.field.value) is computed from other data"
                                : "\(type.name) has no field '\(field.field.value)'.\(didYouMean(field.field.value, among: known))"
                        ))
                    continue
                }
                if let source = source(field.source, &columns, files) { sources[column] = source }
            }
            let needed = typeMapping.neededFields.compactMap { neededColumn($0, type, mapping) }
            let conditions = typeMapping.conditions.compactMap { condition($0, &columns) }
            finish(
                type, sources, conditions: conditions, isDistinct: typeMapping.isDistinct, needed: Set(needed), header)
        }
        for problem in columns.problems { add(problem) }
        let ignored = Set(fileMapping.ignoredColumns.map(\.value))
        let unread = header.names.enumerated().filter {
            !columns.used.contains($0.offset) && !ignored.contains($0.element) && !$0.element.isEmpty
        }
        if !unread.isEmpty {
            let names = unread.map { "'\($0.element)'" }.joined(separator: ", ")
            report.notes.append("\(header.file.name): \(mapping.file) does not know \(names)")
        }
    }

    private mutating func neededColumn(_ field: Placed<String>, _ type: ModelType, _ mapping: ImportMapping) -> Int? {
        if let column = type.field(named: field.value)?.column { return column }
        add(
            ImportProblem(
                .unknownHeading, file: mapping.file, line: field.line,
                message:
                    "\(type.name) stores no field '\(field.value)'.\(didYouMean(field.value, among: type.fields.map(\.name)))"))
        return nil
    }

    private mutating func condition(_ condition: ColumnCondition, _ columns: inout ColumnFinder) -> RowCondition? {
        guard let column = columns.find(condition.column) else { return nil }
        let test: RowCondition.Test =
            switch condition.test {
            case .isPresent(let wanted): .isPresent(wanted)
            case .isOneOf(let texts): .isOneOf(texts.map { Array($0.utf8) })
            case .isNoneOf(let texts): .isNoneOf(texts.map { Array($0.utf8) })
            }
        return RowCondition(column: column, test: test)
    }

    private mutating func source(
        _ source: ValueSource, _ columns: inout ColumnFinder, _ files: [String: SourceFile]
    ) -> CellSource? {
        switch source {
        case .column(let name): return columns.find(name).map(CellSource.column)
        case .constant(let text): return .constant(Array(text.utf8))
        case .template(let parts):
            var found: [CellSource.Part] = []
            for part in parts {
                switch part {
                case .text(let text): found.append(.text(Array(text.utf8)))
                case .column(let name):
                    guard let column = columns.find(name) else { return nil }
                    found.append(.column(column))
                }
            }
            return .template(found)
        case .laterOf(let sources), .firstOf(let sources):
            var found: [CellSource] = []
            for element in sources {
                guard let element = self.source(element, &columns, files) else { return nil }
                found.append(element)
            }
            if case .laterOf = source { return .laterOf(found) }
            return .firstOf(found)
        case .characters(let inner, let from, let count):
            return self.source(inner, &columns, files).map { .characters($0, from: from, count: count) }
        case .part(let inner, let number, let separator):
            return self.source(inner, &columns, files).map { .part($0, number: number, separator: Array(separator.utf8)) }
        case .translated(let inner, let values, let otherwise):
            return self.source(inner, &columns, files).map {
                .translated($0, Translation(values), otherwise: CellSource.Otherwise(otherwise))
            }
        case .conditional(let conditions, let inner):
            let tests = conditions.compactMap { condition($0, &columns) }
            return self.source(inner, &columns, files).map { .conditional(tests, $0) }
        case .lookUp(let file, let match, let with, let take, let otherwise):
            guard let inner = self.source(with, &columns, files), let table = lookUp(file, match, take, columns.mapping) else {
                return nil
            }
            return .lookUp(table: table, file: file.value, inner, otherwise: CellSource.Otherwise(otherwise))
        }
    }

    private mutating func lookUp(
        _ file: Placed<String>, _ match: Placed<String>, _ take: Placed<String>, _ mapping: ImportMapping
    ) -> Int? {
        guard let header = headers[file.value] else {
            add(
                ImportProblem(
                    .missingFile, file: file.value,
                    message: "the file is missing, or cannot be read; \(mapping.file):\(file.line) looks up '\(take.value)' in it"
                ))
            return nil
        }
        var columns = ColumnFinder(header: header, mapping: mapping)
        guard columns.find(match) != nil, columns.find(take) != nil else {
            for problem in columns.problems { add(problem) }
            return nil
        }
        let wanted = LookUpPlan(file: file.value, match: match.value, take: take.value)
        if let table = plan.lookUps.firstIndex(of: wanted) { return table }
        plan.lookUps.append(wanted)
        return plan.lookUps.count - 1
    }
}

extension CellSource.Otherwise {
    fileprivate init(_ otherwise: Otherwise) {
        switch otherwise {
        case .refuse: self = .refuse
        case .keep: self = .keep
        case .nothing: self = .nothing
        case .constant(let text): self = .constant(Array(text.utf8))
        }
    }
}

/// Finds the columns of a file that a mapping names, and remembers which it named.
private struct ColumnFinder {
    let header: Header
    let mapping: ImportMapping
    private(set) var used: Set<Int> = []
    private(set) var problems: [ImportProblem] = []
    private var missing: Set<String> = []

    init(header: Header, mapping: ImportMapping) {
        self.header = header
        self.mapping = mapping
    }

    /// The position of a column; nil where it was reported as missing, once.
    mutating func find(_ name: Placed<String>) -> Int? {
        if let position = header.names.firstIndex(where: { $0.utf8.elementsEqual(name.value.utf8) }) {
            used.insert(position)
            return position
        }
        if missing.insert(name.value).inserted {
            problems.append(
                header.problem(
                    .missingHeading,
                    "the column '\(name.value)' is missing, which \(mapping.file):\(name.line) reads."
                        + didYouMean(name.value, among: header.names)))
        }
        return nil
    }
}
