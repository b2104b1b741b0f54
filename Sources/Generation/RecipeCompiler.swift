import Settings

/// Recipe → program: names become slots, texts become places, formulas become nodes.
struct RecipeCompiler {
    let recipe: GenerationRecipe
    private(set) var problems: [SettingsProblem] = []

    var kinds: [KindProgram] = []
    var types: [GenerationProgram.TypeProgram] = []
    var nodes: [Node] = []
    var operands: [Int32] = []
    var pieces: [GenerationProgram.Piece] = []
    var choices: [GenerationProgram.Choice] = []
    var matches: [[(word: Int64, node: Int)]] = []
    var bands: [[(bound: Double, node: Int)]] = []
    var quantiles: [[Double]] = []
    private var texts: [UInt8] = []
    private var textPlaces: [String: Int64] = [:]
    private(set) var lists: [String: Int] = [:]
    var slotCount = 1
    var scopeCount = 0

    /// Names of a kind's values, with slot and kind.
    var names: [[String: (slot: Int, kind: ValueKind)]] = []
    /// Kinds from the outermost to the one at hand.
    var path: [Int] = []
    /// Which rows stored kinds are below.
    private var outerKinds: [[Int]] = []
    /// What tells the draws of a value apart.
    var siteName = ""
    var siteCount = 0
    var line = 1

    private init(_ recipe: GenerationRecipe) { self.recipe = recipe }

    /// - Throws: Everything that is wrong with the recipe.
    static func compile(_ recipe: GenerationRecipe) throws(SettingsErrors) -> GenerationProgram {
        var compiler = RecipeCompiler(recipe)
        _ = compiler.text("")
        for list in recipe.lists {
            compiler.line = list.name.line
            let (choice, _) = compiler.choice(list.options, areWords: true)
            if compiler.lists.updateValue(choice, forKey: list.name.value) != nil {
                compiler.report("the list '\(list.name.value)' stands twice")
            }
        }
        compiler.kind(recipe.parts, below: nil)
        compiler.checkScale()
        guard compiler.problems.isEmpty else {
            throw SettingsErrors(compiler.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
        compiler.markTexts()
        return GenerationProgram(
            kinds: compiler.kinds, types: compiler.types, nodes: compiler.nodes, operands: compiler.operands,
            pieces: compiler.pieces, choices: compiler.choices, matches: compiler.matches, bands: compiler.bands,
            quantiles: compiler.quantiles, texts: compiler.texts, slotCount: compiler.slotCount,
            scopeCount: compiler.scopeCount, asOfSlot: 0)
    }

    mutating func report(_ message: String) {
        problems.append(SettingsProblem(file: recipe.file, line: line, message: message))
    }

    /// The place of a text that does not change.
    mutating func text(_ text: String) -> Int64 {
        if let place = textPlaces[text] { return place }
        let place = TextPlace(start: texts.count, count: text.utf8.count).word
        texts.append(contentsOf: text.utf8)
        textPlaces[text] = place
        return place
    }

    mutating func newSlot() -> Int {
        slotCount += 1
        return slotCount - 1
    }

    // MARK: Rows

    private mutating func kind(_ rows: RecipeRows, below outer: Int?) {
        line = rows.name.line
        let position = kinds.count
        let outerName = outer.map { kinds[$0].name } ?? ""
        if kinds.contains(where: { $0.name == rows.name.value }) { report("rows '\(rows.name.value)' stand twice") }
        var kind = KindProgram(
            name: rows.name.value, key: CounterRandom.key(of: "\(outerName)/\(rows.name.value)"))
        kind.outerShareSlot = outer.map { kinds[$0].shareSlot } ?? 0
        let firstSlot = slotCount
        kind.ordinalSlot = newSlot()
        kind.shareSlot = newSlot()
        kinds.append(kind)
        names.append(["ordinal": (kind.ordinalSlot, .integer)])
        outerKinds.append(path)
        // How many there are is said by the row above.
        siteName = "\(rows.name.value)/count"
        siteCount = 0
        if let count = rows.count {
            let (node, type) = value(count)
            kinds[position].count = type == .boolean || type == .integer || type == .nothing ? node : nil
            if kinds[position].count == nil { report("count is a whole number, or true or false; found \(type.description)") }
        }
        path.append(position)
        kinds[position].values = rows.values.map { named in
            let (slot, node, _) = add(named, to: position)
            return (slot, node)
        }
        if let takes = rows.takes {
            siteName = "\(rows.name.value)/takes"
            siteCount = 0
            let (node, type) = value(takes)
            line = takes.line
            if type != .integer { report("takes is a whole number; found \(type.description)") }
            kinds[position].takes = node
            names[position]["share"] = (kind.shareSlot, .integer)
        }
        if let type = rows.type { fields(rows, of: type, at: position) }
        kinds[position].slots = firstSlot..<slotCount
        for child in rows.rows {
            kinds[position].children.append(kinds.count)
            self.kind(child, below: position)
        }
        path.removeLast()
    }

    private mutating func fields(_ rows: RecipeRows, of type: Placed<String>, at position: Int) {
        let typePosition = types.firstIndex { $0.name == type.value } ?? types.count
        if typePosition == types.count { types.append(.init(name: type.value, columns: [])) }
        kinds[position].type = typePosition
        for named in rows.fields {
            let (slot, node, kind) = add(named, to: position)
            line = named.name.line
            switch kind {
            case .real: report("the field '\(named.name.value)' is a number without a number of digits; use round or decimal")
            case .row: report("the field '\(named.name.value)' is a row; name a value of it")
            default: break
            }
            let column = types[typePosition].columns.firstIndex(of: named.name.value) ?? types[typePosition].columns.count
            if column == types[typePosition].columns.count { types[typePosition].columns.append(named.name.value) }
            kinds[position].fields.append((slot, node, kind, column))
        }
        kinds[position].fields.sort { $0.column < $1.column }
    }

    private mutating func add(_ named: RecipeNamedValue, to position: Int) -> (slot: Int, node: Int, kind: ValueKind) {
        siteName = "\(kinds[position].name)/\(named.name.value)"
        siteCount = 0
        let (node, kind) = value(named.value)
        line = named.name.line
        let slot = newSlot()
        // A field may repeat a value under its own name.
        if names[position].updateValue((slot, kind), forKey: named.name.value) != nil {
            report("'\(named.name.value)' stands twice in the rows '\(kinds[position].name)'")
        }
        return (slot, node, kind)
    }

    // MARK: Stored rows

    /// Marks a kind as one whose rows others take.
    ///
    /// - Returns: The slot of the scope, or nil where the kind is not there to be taken.
    mutating func store(_ name: String, within scopeName: String) -> (kind: Int, scope: Int)? {
        guard let kind = kinds.firstIndex(where: { $0.name == name }), !path.contains(kind) else {
            report("rows '\(name)' do not come before those that take one of them")
            return nil
        }
        guard let scope = path.first(where: { kinds[$0].name == scopeName }), outerKinds[kind].contains(scope) else {
            report("no row '\(scopeName)' holds both the rows '\(name)' and those that take one of them")
            return nil
        }
        kinds[kind].isStored = true
        if let opened = kinds[scope].scopes.first(where: { $0.stored == kind }) { return (kind, opened.slot) }
        scopeCount += 1
        kinds[scope].scopes.append((kind, scopeCount - 1))
        return (kind, scopeCount - 1)
    }

    /// Texts below a row can go with it unless rows that outlive it hold some.
    private mutating func markTexts() {
        func keeps(_ kind: Int) -> Bool { kinds[kind].isStored || kinds[kind].children.contains(where: keeps) }
        for kind in kinds.indices { kinds[kind].releasesTexts = !keeps(kind) }
    }

    // MARK: Scale

    /// From the parts to the scale's rows every kind takes its share from the one above.
    private mutating func checkScale() {
        line = recipe.scaleRows.line
        guard let scale = kinds.firstIndex(where: { $0.name == recipe.scaleRows.value }) else {
            report("no rows are called '\(recipe.scaleRows.value)'")
            return
        }
        kinds[scale].countsScale = true
        for outer in outerKinds[scale] where kinds[outer].takes == nil {
            report("the rows '\(kinds[outer].name)' lie between the parts and the scale's rows and have no takes")
        }
        if outerKinds[scale].isEmpty { report("the scale's rows lie below the parts") }
        if kinds[scale].takes != nil || kinds[scale].count != nil {
            report("the scale's rows are counted by the shares of those above, not by takes or count")
        }
        for kind in kinds.indices where kinds[kind].takes != nil && !outerKinds[scale].contains(kind) {
            report("the rows '\(kinds[kind].name)' take shares, but the scale's rows are not below them")
        }
    }
}
