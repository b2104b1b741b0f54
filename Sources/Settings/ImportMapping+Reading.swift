extension ImportMapping {
    /// Reads a mapping file.
    ///
    /// - Parameter file: What messages call it.
    /// - Throws: Everything that is wrong with the file; a key that is not known is wrong.
    package init(reading bytes: [UInt8], file: String) throws(SettingsErrors) {
        let root = try YAMLFile.read(bytes, file: file)
        var reader = MappingReader(file: file)
        let mapping = reader.mapping(root)
        try reader.settings.finish()
        self = mapping
    }
}

/// YAML → mapping.
private struct MappingReader {
    var settings: SettingsReader
    let file: String

    init(file: String) {
        settings = SettingsReader(file: file)
        self.file = file
    }

    mutating func mapping(_ root: YAMLValue) -> ImportMapping {
        let members = settings.members(
            root, of: "a mapping", allowing: ["name", "description", "files", "ignore-files", "definitions"])
        var mapping = ImportMapping(name: "", file: file, files: [], ignoredFiles: [])
        if let name = members["name"] {
            mapping.name = settings.text(name.value, of: "name") ?? ""
        } else {
            settings.report(root.line, "a mapping has a name")
        }
        if let text = members["description"] { mapping.description = settings.text(text.value, of: "description") }
        if let ignored = members["ignore-files"] {
            mapping.ignoredFiles = settings.texts(ignored.value, of: "ignore-files")
        }
        guard let files = members["files"] else {
            settings.report(root.line, "a mapping has files")
            return mapping
        }
        for member in settings.anyMembers(files.value, of: "files") { mapping.files.append(fileMapping(member)) }
        return mapping
    }

    private mutating func fileMapping(_ member: YAMLValue.Member) -> FileMapping {
        let what = "the file '\(member.key)'"
        let members = settings.members(member.value, of: what, allowing: ["types", "ignore"])
        var mapping = FileMapping(name: Placed(member.key, line: member.line), types: [], ignoredColumns: [])
        if let ignored = members["ignore"] { mapping.ignoredColumns = settings.texts(ignored.value, of: "ignore") }
        if let types = members["types"] {
            for element in settings.list(types.value, of: "types") { mapping.types.append(typeMapping(element)) }
        } else {
            settings.report(member.line, "\(what) has types; name a file of no interest under ignore-files")
        }
        return mapping
    }

    private mutating func typeMapping(_ value: YAMLValue) -> TypeMapping {
        let members = settings.members(value, of: "an entry of types", allowing: ["type", "when", "distinct", "needs", "fields"])
        var mapping = TypeMapping(
            type: Placed("", line: value.line), conditions: [], isDistinct: false, neededFields: [], fields: [])
        if let type = members["type"] {
            mapping.type = settings.placedText(type.value, of: "type") ?? mapping.type
        } else {
            settings.report(value.line, "an entry of types names its type")
        }
        if let when = members["when"] { mapping.conditions = conditions(when.value) }
        if let distinct = members["distinct"] {
            mapping.isDistinct = settings.boolean(distinct.value, of: "distinct") ?? false
        }
        if let needs = members["needs"] { mapping.neededFields = settings.texts(needs.value, of: "needs") }
        guard let fields = members["fields"] else {
            settings.report(value.line, "an entry of types has fields")
            return mapping
        }
        for member in settings.anyMembers(fields.value, of: "fields") {
            guard let source = source(member.value, of: "the field '\(member.key)'") else { continue }
            mapping.fields.append(FieldSourceMapping(field: Placed(member.key, line: member.line), source: source))
        }
        return mapping
    }

    private mutating func conditions(_ value: YAMLValue) -> [ColumnCondition] {
        var conditions: [ColumnCondition] = []
        for member in settings.anyMembers(value, of: "when") {
            let column = Placed(member.key, line: member.line)
            guard case .mapping = member.value.content else {
                let texts = settings.texts(member.value, of: "the condition on '\(member.key)'").map(\.value)
                conditions.append(ColumnCondition(column: column, test: .isOneOf(texts)))
                continue
            }
            let tests = settings.members(
                member.value, of: "the condition on '\(member.key)'", allowing: ["present", "in", "not-in"])
            if let present = tests["present"], let flag = settings.boolean(present.value, of: "present") {
                conditions.append(ColumnCondition(column: column, test: .isPresent(flag)))
            }
            if let list = tests["in"] {
                let texts = settings.texts(list.value, of: "in").map(\.value)
                conditions.append(ColumnCondition(column: column, test: .isOneOf(texts)))
            }
            if let list = tests["not-in"] {
                let texts = settings.texts(list.value, of: "not-in").map(\.value)
                conditions.append(ColumnCondition(column: column, test: .isNoneOf(texts)))
            }
        }
        return conditions
    }

    // MARK: Sources

    private static let origins = ["column", "constant", "template", "later-of", "first-of", "look-up"]
    private static let refinements = ["values", "otherwise", "characters", "part", "when", "default"]

    private mutating func source(_ value: YAMLValue, of what: String) -> ValueSource? {
        switch value.content {
        case .text(let text):
            return text.contains("{") ? template(text, line: value.line) : .column(Placed(text, line: value.line))
        case .mapping: break
        case .list, .nothing:
            settings.report(value.line, "\(what) is a column, a template or a mapping; found \(value.kind)")
            return nil
        }
        let members = settings.members(value, of: what, allowing: Self.origins + Self.refinements)
        let given = Self.origins.compactMap { members[$0] }
        guard let origin = given.first, given.count == 1 else {
            settings.report(value.line, "\(what) has one of \(Self.origins.joined(separator: ", ")); found \(given.count)")
            return nil
        }
        guard var source = self.origin(origin, of: what) else { return nil }
        if let characters = members["characters"] {
            let bounds = settings.list(characters.value, of: "characters")
            guard bounds.count == 2, let from = settings.int(bounds[0], of: "the first character", in: 1...10_000),
                let count = settings.int(bounds[1], of: "the number of characters", in: 1...10_000)
            else {
                settings.report(characters.line, "characters is [the first, counted from 1, how many]")
                return nil
            }
            source = .characters(source, from: from, count: count)
        }
        if let part = members["part"] {
            let elements = settings.list(part.value, of: "part")
            guard elements.count == 2, let number = settings.int(elements[0], of: "the number of the part", in: 1...1_000),
                let separator = settings.text(elements[1], of: "the separator"), !separator.isEmpty
            else {
                settings.report(part.line, "part is [which, counted from 1, the text between parts]")
                return nil
            }
            source = .part(source, number: number, separator: separator)
        }
        if let values = members["values"] {
            source = .translated(source, translation(values.value, of: what), otherwise: otherwise(members["otherwise"]))
        } else if let stray = members["otherwise"] {
            settings.report(stray.line, "\(what) has otherwise without values")
        }
        if let standard = members["default"], let second = constantOrSource(standard.value, of: "default") {
            source = .firstOf([source, second])
        }
        if let when = members["when"] { source = .conditional(conditions(when.value), source) }
        return source
    }

    private mutating func origin(_ member: YAMLValue.Member, of what: String) -> ValueSource? {
        switch member.key {
        case "column": return settings.placedText(member.value, of: "column").map(ValueSource.column)
        case "constant": return settings.text(member.value, of: "constant").map(ValueSource.constant)
        case "template":
            guard let text = settings.text(member.value, of: "template") else { return nil }
            return template(text, line: member.value.line)
        case "later-of", "first-of":
            let elements = settings.list(member.value, of: member.key)
            var sources: [ValueSource] = []
            for element in elements {
                if let source = source(element, of: member.key) { sources.append(source) }
            }
            guard !sources.isEmpty, sources.count == elements.count else { return nil }
            return member.key == "later-of" ? .laterOf(sources) : .firstOf(sources)
        default: return lookUp(member)
        }
    }

    private mutating func lookUp(_ member: YAMLValue.Member) -> ValueSource? {
        let members = settings.members(member.value, of: "look-up", allowing: ["file", "match", "with", "take", "otherwise"])
        guard let file = members["file"], let match = members["match"], let with = members["with"], let take = members["take"]
        else {
            settings.report(member.line, "look-up has file, match, with and take")
            return nil
        }
        guard let fileName = settings.placedText(file.value, of: "file"),
            let matchColumn = settings.placedText(match.value, of: "match"),
            let takeColumn = settings.placedText(take.value, of: "take"), let source = source(with.value, of: "with")
        else { return nil }
        return .lookUp(
            file: fileName, match: matchColumn, with: source, take: takeColumn, otherwise: otherwise(members["otherwise"]))
    }

    /// `default: x` is the text x; `default: {column: x}` is another source.
    private mutating func constantOrSource(_ value: YAMLValue, of what: String) -> ValueSource? {
        if case .text(let text) = value.content { return .constant(text) }
        return source(value, of: what)
    }

    private mutating func translation(_ value: YAMLValue, of what: String) -> [String: String] {
        var translation: [String: String] = [:]
        for member in settings.anyMembers(value, of: "the values of \(what)") {
            guard let text = settings.text(member.value, of: "a value") else { continue }
            translation[member.key] = text
        }
        return translation
    }

    /// `keep`, `refuse`, `nothing`, or `{constant: x}`.
    private mutating func otherwise(_ member: YAMLValue.Member?) -> Otherwise {
        guard let member else { return .refuse }
        switch member.value.content {
        case .text("keep"): return .keep
        case .text("refuse"): return .refuse
        case .text("nothing"): return .nothing
        case .mapping:
            let members = settings.members(member.value, of: "otherwise", allowing: ["constant"])
            if let constant = members["constant"], let text = settings.text(constant.value, of: "constant") {
                return .constant(text)
            }
        default: settings.report(member.line, "otherwise is keep, refuse, nothing or {constant: …}; found \(member.value.kind)")
        }
        return .refuse
    }

    /// `"{exit_year}-12-31"`: names in braces are columns.
    private mutating func template(_ text: String, line: Int) -> ValueSource? {
        var parts: [TemplatePart] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: "}"), close > inside.startIndex else {
                settings.report(line, "the template '\(text)' has '{' without a column name and '}'")
                return nil
            }
            parts.append(.column(Placed(String(inside[..<close]), line: line)))
            rest = inside[inside.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return .template(parts)
    }
}
