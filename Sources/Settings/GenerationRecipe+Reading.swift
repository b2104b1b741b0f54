extension GenerationRecipe {
    /// Reads a recipe.
    ///
    /// - Parameter file: What messages call it.
    /// - Throws: Everything that is wrong with the file; a key that is not known is wrong.
    package init(reading bytes: [UInt8], file: String) throws(SettingsErrors) {
        let root = try YAMLFile.read(bytes, file: file)
        var reader = RecipeReader(settings: SettingsReader(file: file))
        let recipe = reader.recipe(root, file: file)
        try reader.settings.finish()
        guard let recipe else {
            throw SettingsErrors([SettingsProblem(file: file, line: 1, message: "the recipe makes no rows")])
        }
        self = recipe
    }
}

/// YAML → recipe.
private struct RecipeReader {
    var settings: SettingsReader

    mutating func recipe(_ root: YAMLValue, file: String) -> GenerationRecipe? {
        let members = settings.members(
            root, of: "a recipe", allowing: ["name", "notice", "as-of", "scale", "lists", "rows", "definitions"])
        guard let name = members["name"].flatMap({ settings.text($0.value, of: "name") }) else {
            settings.report(root.line, "a recipe has a name")
            return nil
        }
        guard let scale = members["scale"] else {
            settings.report(root.line, "a recipe has a scale")
            return nil
        }
        let scaleMembers = settings.members(scale.value, of: "scale", allowing: ["name", "rows"])
        guard let scaleName = scaleMembers["name"].flatMap({ settings.placedText($0.value, of: "the scale's name") }),
            let scaleRows = scaleMembers["rows"].flatMap({ settings.placedText($0.value, of: "the scale's rows") })
        else {
            settings.report(scale.line, "the scale has a name, which the command line uses, and rows, which it counts")
            return nil
        }
        guard let rows = members["rows"] else {
            settings.report(root.line, "a recipe has rows")
            return nil
        }
        let kinds = settings.anyMembers(rows.value, of: "rows")
        guard let top = kinds.first, kinds.count == 1 else {
            settings.report(rows.line, "rows begin with one kind, whose rows are the parts; found \(kinds.count)")
            return nil
        }
        var lists: [RecipeList] = []
        if let member = members["lists"] {
            for list in settings.anyMembers(member.value, of: "lists") {
                lists.append(RecipeList(name: Placed(list.key, line: list.line), options: words(list)))
            }
        }
        return GenerationRecipe(
            name: name, notice: members["notice"].flatMap { settings.text($0.value, of: "notice") }, file: file,
            asOf: members["as-of"].flatMap { settings.placedText($0.value, of: "as-of") }, scaleName: scaleName,
            scaleRows: scaleRows, lists: lists, parts: kind(top, depth: 0))
    }

    /// Rows within rows; a register has a handful of levels.
    private static let maximumDepth = 30

    private mutating func kind(_ member: YAMLValue.Member, depth: Int) -> RecipeRows {
        let what = "the rows '\(member.key)'"
        let members = settings.members(
            member.value, of: what, allowing: ["type", "count", "takes", "values", "fields", "rows"])
        var kind = RecipeRows(name: Placed(member.key, line: member.line), values: [], fields: [], rows: [])
        guard depth < Self.maximumDepth else {
            settings.report(member.line, "\(what) are nested more than \(Self.maximumDepth) deep")
            return kind
        }
        kind.type = members["type"].flatMap { settings.placedText($0.value, of: "type") }
        kind.count = members["count"].flatMap { value($0.value, of: "count") }
        kind.takes = members["takes"].flatMap { value($0.value, of: "takes") }
        kind.values = members["values"].map { namedValues($0) } ?? []
        kind.fields = members["fields"].map { namedValues($0) } ?? []
        if kind.type == nil, let fields = members["fields"] {
            settings.report(fields.line, "\(what) have fields without a type")
        } else if let type = kind.type, members["fields"] == nil {
            settings.report(type.line, "\(what) have a type without fields")
        }
        if kind.count != nil, let takes = members["takes"] {
            settings.report(takes.line, "\(what) have both count and takes")
        }
        if let rows = members["rows"] {
            for member in settings.anyMembers(rows.value, of: "rows") { kind.rows.append(self.kind(member, depth: depth + 1)) }
        }
        return kind
    }

    private mutating func namedValues(_ member: YAMLValue.Member) -> [RecipeNamedValue] {
        var values: [RecipeNamedValue] = []
        for member in settings.anyMembers(member.value, of: member.key) {
            // YAML's merge key: what stands under a name elsewhere stands here too, in its order.
            if member.key == "<<" {
                values += namedValues(member)
                continue
            }
            guard let value = value(member.value, of: "'\(member.key)'") else { continue }
            values.append(RecipeNamedValue(name: Placed(member.key, line: member.line), value: value))
        }
        return values
    }

    /// A list of words, words with weights, or a text whose every character is a word.
    private mutating func words(_ member: YAMLValue.Member) -> [RecipeOption] {
        switch member.value.content {
        case .text(let text): return text.map { RecipeOption(text: String($0), weight: 1) }
        case .mapping: return options(member.value, of: "the list '\(member.key)'")
        case .list, .nothing:
            let words = settings.texts(member.value, of: "the list '\(member.key)'")
            if words.isEmpty { settings.report(member.line, "the list '\(member.key)' has no words") }
            return words.map { RecipeOption(text: $0.value, weight: 1) }
        }
    }

    // MARK: Values

    private static let origins = ["choose", "by", "quantiles", "row"]

    private mutating func value(_ value: YAMLValue, of what: String) -> RecipeValue? {
        content(value, of: what).map { RecipeValue(content: $0, line: value.line) }
    }

    private mutating func content(_ value: YAMLValue, of what: String) -> RecipeValue.Content? {
        switch value.content {
        case .text(let text):
            if text.hasPrefix("=") { return formula(String(text.dropFirst()), line: value.line).map { .formula($0) } }
            return text.contains("{") ? template(text, line: value.line) : .constant(text)
        case .mapping: break
        case .list, .nothing:
            settings.report(value.line, "\(what) is a text, a formula or a mapping; found \(value.kind)")
            return nil
        }
        let members = settings.members(value, of: what, allowing: Self.origins + ["of", "below", "within", "at"])
        let given = Self.origins.compactMap { members[$0] }
        guard let origin = given.first, given.count == 1 else {
            settings.report(value.line, "\(what) has one of \(Self.origins.joined(separator: ", ")); found \(given.count)")
            return nil
        }
        let companions = ["by": ["of", "below"], "row": ["within", "at"]][origin.key] ?? []
        for (name, member) in members.sorted(by: { $0.key < $1.key }) where name != origin.key && !companions.contains(name) {
            settings.report(member.line, "\(what) has '\(name)', which does not go with '\(origin.key)'")
        }
        switch origin.key {
        case "choose": return .choice(options(origin.value, of: what))
        case "quantiles": return quantiles(origin, of: what)
        case "row": return row(origin, members, of: what)
        default: return cases(origin, members, of: what)
        }
    }

    private mutating func options(_ value: YAMLValue, of what: String) -> [RecipeOption] {
        var options: [RecipeOption] = []
        for member in settings.anyMembers(value, of: what) {
            guard let weight = number(member.value, of: "the weight of '\(member.key)'"), weight >= 0 else { continue }
            options.append(RecipeOption(text: member.key == "nothing" ? nil : member.key, weight: weight))
        }
        if !options.contains(where: { $0.weight > 0 }) { settings.report(value.line, "\(what) has no weight above 0") }
        return options
    }

    private mutating func quantiles(_ member: YAMLValue.Member, of what: String) -> RecipeValue.Content? {
        let elements = settings.list(member.value, of: "quantiles")
        var numbers: [Double] = []
        for element in elements {
            if let number = number(element, of: "a quantile") { numbers.append(number) }
        }
        guard numbers.count == elements.count else { return nil }
        guard numbers.count > 1, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            settings.report(member.line, "the quantiles of \(what) are at least two numbers that do not fall")
            return nil
        }
        return .quantiles(numbers)
    }

    private mutating func row(
        _ origin: YAMLValue.Member, _ members: [String: YAMLValue.Member], of what: String
    ) -> RecipeValue.Content? {
        guard let kind = settings.text(origin.value, of: "row"), let within = members["within"],
            let scope = settings.text(within.value, of: "within")
        else {
            settings.report(origin.line, "\(what) names the rows it takes one of, and within which row")
            return nil
        }
        guard let at = members["at"] else { return .row(of: kind, within: scope, at: nil) }
        guard let formula = formula(at.value, of: "at") else { return nil }
        return .row(of: kind, within: scope, at: formula)
    }

    private mutating func cases(
        _ origin: YAMLValue.Member, _ members: [String: YAMLValue.Member], of what: String
    ) -> RecipeValue.Content? {
        guard let selector = formula(origin.value, of: "by") else { return nil }
        guard let list = members["of"] ?? members["below"], (members["of"] == nil) != (members["below"] == nil) else {
            settings.report(origin.line, "\(what) has, beside by, either of or below")
            return nil
        }
        var otherwise: RecipeValue?
        var cases: [RecipeCase] = []
        var bands: [RecipeBand] = []
        for member in settings.anyMembers(list.value, of: list.key) {
            guard let value = value(member.value, of: "the case '\(member.key)' of \(what)") else { continue }
            if member.key == "else" {
                otherwise = value
            } else if list.key == "of" {
                cases.append(RecipeCase(text: member.key, value: value))
            } else if let bound = Double(member.key), bound.isFinite, bound > bands.last?.bound ?? -.infinity {
                bands.append(RecipeBand(bound: bound, value: value))
            } else {
                settings.report(member.line, "the bounds of \(what) are numbers that rise; found '\(member.key)'")
            }
        }
        return list.key == "of"
            ? .match(selector, cases, otherwise: otherwise) : .below(selector, bands, otherwise: otherwise)
    }

    private mutating func number(_ value: YAMLValue, of what: String) -> Double? {
        if case .text(let text) = value.content, let number = Double(text), number.isFinite { return number }
        settings.report(value.line, "\(what) is a number; found \(value.kind)")
        return nil
    }

    /// A formula where nothing else can stand: with or without `=`.
    private mutating func formula(_ value: YAMLValue, of what: String) -> RecipeFormula? {
        guard let text = settings.text(value, of: what) else { return nil }
        return formula(text.hasPrefix("=") ? String(text.dropFirst()) : text, line: value.line)
    }

    private mutating func formula(_ text: String, line: Int) -> RecipeFormula? {
        do throws(RecipeFormula.Mistake) {
            return try RecipeFormula(reading: text)
        } catch {
            settings.report(line, error.message)
            return nil
        }
    }

    /// `"{shelf.code}{ordinal:4}"`
    private mutating func template(_ text: String, line: Int) -> RecipeValue.Content? {
        var parts: [RecipeTemplatePart] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: "}") else {
                settings.report(line, "the template '\(text)' has '{' without '}'")
                return nil
            }
            let pieces = inside[..<close].split(separator: ":", omittingEmptySubsequences: false)
            let path = pieces[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let width = pieces.count > 1 ? Int(pieces[1]) : 0
            guard let width, (0...18).contains(width), pieces.count < 3, path.count < 3, path.allSatisfy({ !$0.isEmpty }) else {
                settings.report(line, "in the template '\(text)' the braces hold a name, and a width from 0 to 18 behind ':'")
                return nil
            }
            parts.append(.value(path, width: width))
            rest = inside[inside.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return .template(parts)
    }
}
