extension AccessSettings {
    /// More roles than anyone has thought of; each costs a schema.
    package static let maximumRoleCount = 100

    /// Reads who may see what.
    ///
    /// - Parameter file: What messages call it.
    /// - Throws: Everything that is wrong with the file; a key that is not known is wrong.
    package init(reading bytes: [UInt8], file: String) throws(SettingsErrors) {
        let root = try YAMLFile.read(bytes, file: file)
        var reader = AccessReader(settings: SettingsReader(file: file))
        let settings = reader.access(root, file: file)
        try reader.settings.finish()
        self = settings
    }
}

/// YAML → roles.
private struct AccessReader {
    var settings: SettingsReader
    /// Row types under a name, so that roles can share them.
    private var sets: [String: [Placed<String>]] = [:]

    init(settings: SettingsReader) { self.settings = settings }

    mutating func access(_ root: YAMLValue, file: String) -> AccessSettings {
        let members = settings.members(
            root, of: "an access file", allowing: ["sets", "subjects", "audit-questions", "profiles", "roles"])
        if let member = members["sets"] {
            for set in settings.anyMembers(member.value, of: "sets") {
                sets[set.key] = settings.texts(set.value, of: "the set '\(set.key)'")
            }
        }
        var roles: [RoleSettings] = []
        if let member = members["roles"] {
            for role in settings.anyMembers(member.value, of: "roles") { roles.append(self.role(role)) }
        }
        if roles.isEmpty { settings.report(root.line, "an access file names roles; found none") }
        if roles.count > AccessSettings.maximumRoleCount {
            settings.report(
                root.line, "an access file has at most \(AccessSettings.maximumRoleCount) roles; found \(roles.count)")
        }
        let subjects = members["subjects"].map { types($0.value, of: "subjects") } ?? []
        var questions: [AuditQuestionSettings] = []
        if let member = members["audit-questions"] {
            for question in settings.anyMembers(member.value, of: "audit-questions") {
                questions.append(auditQuestion(question))
            }
        }
        let profiles = members["profiles"].map { self.profiles($0, roles) } ?? []
        checkArchives(roles, profiles)
        return AccessSettings(file: file, roles: roles, subjects: subjects, auditQuestions: questions, profiles: profiles)
    }

    private mutating func auditQuestion(_ member: YAMLValue.Member) -> AuditQuestionSettings {
        let what = "the question '\(member.key)' of the audit"
        if !Self.isName(member.key) {
            settings.report(
                member.line, "a question of the audit is named by 1 to 64 of A-Z, a-z, 0-9, '_' and '-'; found '\(member.key)'")
        }
        let members = settings.members(member.value, of: what, allowing: ["zh", "en", "classes", "views"])
        var question = AuditQuestionSettings(name: Placed(member.key, line: member.line))
        question.chinese = members["zh"].flatMap { settings.text($0.value, of: "zh of \(what)") }
        question.english = members["en"].flatMap { settings.text($0.value, of: "en of \(what)") }
        question.classes = members["classes"].map { settings.texts($0.value, of: "classes of \(what)") } ?? []
        question.views = members["views"].map { settings.texts($0.value, of: "views of \(what)") } ?? []
        let words = ["full", "masked", "figures", "asked"]
        for view in question.views where !words.contains(view.value) {
            settings.report(view.line, "views of \(what) are \(words.joined(separator: ", ")); found '\(view.value)'")
        }
        return question
    }

    private static let members = [
        "zh", "en", "rows", "types", "views", "fields", "scopes", "claims", "cells", "minimum-cell", "minimum-cells", "writes",
        "reason-required", "archives", "audit", "questions", "introspection",
    ]

    private mutating func role(_ member: YAMLValue.Member) -> RoleSettings {
        let name = member.key
        let what = "the role '\(name)'"
        if !Self.isName(name) {
            settings.report(
                member.line,
                "a role is named by 1 to 64 of A-Z, a-z, 0-9, '_' and '-', and not 'local', who is asked for no key; found '\(name)'"
            )
        }
        let members = settings.members(member.value, of: what, allowing: Self.members)
        var role = RoleSettings(name: Placed(name, line: member.line))
        role.chinese = members["zh"].flatMap { settings.text($0.value, of: "zh of \(what)") }
        role.english = members["en"].flatMap { settings.text($0.value, of: "en of \(what)") }
        role.seesRows = members["rows"].flatMap { settings.boolean($0.value, of: "rows of \(what)") } ?? true
        role.introspects = members["introspection"].flatMap { settings.boolean($0.value, of: "introspection of \(what)") } ?? true
        role.types = members["types"].map { types($0.value, of: "types of \(what)") } ?? []
        role.writes = members["writes"].map { types($0.value, of: "writes of \(what)") } ?? []
        role.views = members["views"].map { views($0, of: what) } ?? []
        role.fields = members["fields"].map { views($0, of: what, arePaths: true) } ?? []
        role.cells = members["cells"].map { cells($0, of: what) } ?? []
        role.reasonRequired = members["reason-required"].map { settings.texts($0.value, of: "reason-required of \(what)") } ?? []
        role.archives = members["archives"].map { settings.texts($0.value, of: "archives of \(what)") } ?? []
        role.asksAudit = members["audit"].flatMap { settings.boolean($0.value, of: "audit of \(what)") } ?? false
        role.claims = members["claims"].map { claims($0, of: what) } ?? []
        role.scopes = members["scopes"].map { scopes($0, of: what) } ?? []
        role.questions = members["questions"].map { questions($0.value, of: what) } ?? .all
        readCells(members, &role, what)
        checkTogether(members, role, what)
        return role
    }

    // MARK: - Archives

    private mutating func profiles(_ member: YAMLValue.Member, _ roles: [RoleSettings]) -> [ArchiveProfileSettings] {
        settings.anyMembers(member.value, of: "profiles").map { entry in
            let what = "the profile '\(entry.key)'"
            if !Self.isName(entry.key) || entry.key == ArchiveProfileSettings.unmasked {
                settings.report(
                    entry.line,
                    "a profile is named by 1 to 64 of A-Z, a-z, 0-9, '_' and '-', and not '\(ArchiveProfileSettings.unmasked)', "
                        + "which holds everything; found '\(entry.key)'")
            }
            let members = settings.members(entry.value, of: what, allowing: ["zh", "en", "roles"])
            var profile = ArchiveProfileSettings(name: Placed(entry.key, line: entry.line))
            profile.chinese = members["zh"].flatMap { settings.text($0.value, of: "zh of \(what)") }
            profile.english = members["en"].flatMap { settings.text($0.value, of: "en of \(what)") }
            profile.roles = members["roles"].map { settings.texts($0.value, of: "roles of \(what)") } ?? []
            if profile.roles.isEmpty {
                settings.report(entry.line, "\(what) names the roles as which archives are seen; found none")
            }
            for name in profile.roles { checkRole(name, of: what, among: roles) }
            return profile
        }
    }

    /// An archive holds rows, and whoever opens it states no reason.
    private mutating func checkRole(_ name: Placed<String>, of what: String, among roles: [RoleSettings]) {
        guard let role = roles.first(where: { $0.name.value == name.value }) else {
            settings.report(
                name.line,
                "\(what) names the role '\(name.value)', and there is none."
                    + didYouMean(name.value, among: roles.map(\.name.value)))
            return
        }
        if !role.seesRows {
            settings.report(name.line, "\(what) names '\(name.value)', which sees no rows, and so nothing to archive")
        }
        if !role.reasonRequired.isEmpty {
            settings.report(name.line, "\(what) names '\(name.value)', which states reasons, and an archive asks for none")
        }
    }

    private mutating func checkArchives(_ roles: [RoleSettings], _ profiles: [ArchiveProfileSettings]) {
        let known = profiles.map(\.name.value)
        for role in roles {
            for name in role.archives where !known.contains(name.value) {
                settings.report(
                    name.line,
                    "archives of the role '\(role.name.value)' names the profile '\(name.value)'; there are "
                        + (known.isEmpty ? "none" : known.joined(separator: ", ")))
            }
        }
    }

    /// Names go into logs, tokens and the keys of caches.
    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text != "local"
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    /// Names of row types, and of sets of them; each type once.
    private mutating func types(_ value: YAMLValue, of what: String) -> [Placed<String>] {
        var types: [Placed<String>] = []
        for name in settings.texts(value, of: what) {
            for type in sets[name.value] ?? [name] where !types.contains(where: { $0.value == type.value }) {
                types.append(Placed(type.value, line: name.line))
            }
        }
        return types
    }

    private mutating func views(_ member: YAMLValue.Member, of what: String, arePaths: Bool = false) -> [RoleSettings.Named<
        RoleSettings.View
    >] {
        var views: [RoleSettings.Named<RoleSettings.View>] = []
        for entry in settings.anyMembers(member.value, of: "\(member.key) of \(what)") {
            let words = RoleSettings.View.allCases.map(\.rawValue)
            guard let word = settings.choice(entry.value, of: "the view of '\(entry.key)'", among: words),
                let view = RoleSettings.View(rawValue: word)
            else { continue }
            let name = Placed(entry.key, line: entry.line)
            guard !arePaths || isPath(name, of: "\(member.key) of \(what)") else { continue }
            views.append(RoleSettings.Named(name, view))
        }
        return views
    }

    // MARK: - Figures of many

    private mutating func cells(_ member: YAMLValue.Member, of what: String) -> [RoleCells] {
        settings.anyMembers(member.value, of: "cells of \(what)").map { entry in
            let name = "the cells of '\(entry.key)'"
            var cells = RoleCells(type: Placed(entry.key, line: entry.line))
            let members = settings.members(entry.value, of: name, allowing: ["each", "by", "of"])
            cells.each = members["each"].flatMap { settings.placedText($0.value, of: "'each' in \(name)") }
            cells.of = members["of"].map { settings.texts($0.value, of: "'of' in \(name)") } ?? []
            for dimension in members["by"].map({ settings.list($0.value, of: "'by' in \(name)") }) ?? [] {
                cells.by.append(levels(dimension, of: "a dimension of \(name)"))
            }
            return cells
        }
    }

    /// A text, or what YAML makes of one with a colon.
    private mutating func levels(_ value: YAMLValue, of what: String) -> [Placed<String>] {
        var levels: [Placed<String>] = []
        for level in settings.list(value, of: what) {
            if case .mapping(let members) = level.content, members.count == 1, case .text(let unit) = members[0].value.content {
                levels.append(Placed("\(members[0].key): \(unit)", line: members[0].line))
            } else if let text = settings.placedText(level, of: "a level of \(what)") {
                levels.append(text)
            }
        }
        if levels.isEmpty { settings.report(value.line, "\(what) has at least one level; found none") }
        return levels
    }

    /// `Type.field`
    private mutating func isPath(_ path: Placed<String>, of what: String) -> Bool {
        let parts = path.value.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) { return true }
        settings.report(path.line, "\(what) names fields as Type.field; found '\(path.value)'")
        return false
    }

    private mutating func claims(_ member: YAMLValue.Member, of what: String) -> [RoleClaim] {
        var claims: [RoleClaim] = []
        for entry in settings.anyMembers(member.value, of: "claims of \(what)") {
            let words = RoleClaim.Kind.allCases.map(\.rawValue)
            guard let word = settings.choice(entry.value, of: "the claim '\(entry.key)'", among: words),
                let kind = RoleClaim.Kind(rawValue: word)
            else { continue }
            claims.append(RoleClaim(name: Placed(entry.key, line: entry.line), kind: kind))
        }
        return claims
    }

    private mutating func scopes(_ member: YAMLValue.Member, of what: String) -> [RoleScope] {
        var scopes: [RoleScope] = []
        for entry in settings.anyMembers(member.value, of: "scopes of \(what)") {
            guard let cel = settings.placedText(entry.value, of: "the scope of '\(entry.key)'") else { continue }
            for type in sets[entry.key] ?? [Placed(entry.key, line: entry.line)] {
                if scopes.contains(where: { $0.type.value == type.value }) {
                    settings.report(entry.line, "\(what) has two scopes for '\(type.value)'")
                }
                scopes.append(RoleScope(type: Placed(type.value, line: entry.line), cel: cel))
            }
        }
        return scopes
    }

    private mutating func questions(_ value: YAMLValue, of what: String) -> RoleQuestions {
        if case .text("all") = value.content { return .all }
        return .only(settings.texts(value, of: "questions of \(what)"))
    }

    private mutating func readCells(_ members: [String: YAMLValue.Member], _ role: inout RoleSettings, _ what: String) {
        let range = RoleSettings.leastMinimumCell...1_000_000
        if let member = members["minimum-cell"], let cell = settings.int(member.value, of: "minimum-cell of \(what)", in: range) {
            role.minimumCell = cell
        }
        guard let member = members["minimum-cells"] else { return }
        for entry in settings.anyMembers(member.value, of: "minimum-cells of \(what)") {
            guard let cell = settings.int(entry.value, of: "minimum-cells of '\(entry.key)'", in: range) else { continue }
            role.minimumCells.append(RoleSettings.Named(Placed(entry.key, line: entry.line), cell))
        }
    }

    /// What goes with single rows only, or only without.
    private mutating func checkTogether(_ members: [String: YAMLValue.Member], _ role: RoleSettings, _ what: String) {
        if role.seesRows {
            for name in ["cells", "minimum-cell", "minimum-cells"] {
                guard let member = members[name] else { continue }
                settings.report(member.line, "\(what) has '\(name)', which is for roles without rows ('rows: false')")
            }
        } else {
            for name in ["writes", "scopes"] {
                guard let member = members[name] else { continue }
                settings.report(member.line, "\(what) sees no rows and has '\(name)', which goes with rows")
            }
        }
        for write in role.writes where !role.types.contains(where: { $0.value == write.value }) {
            settings.report(
                write.line,
                "\(what) writes '\(write.value)', which is not among its types."
                    + didYouMean(write.value, among: role.types.map(\.value)))
        }
    }
}
