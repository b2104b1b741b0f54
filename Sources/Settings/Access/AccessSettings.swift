/// Who may see what, as `Schema/access.yaml` says it: roles, and what each may use. `Schema/formats/Access.md`
///
/// Names of row types, fields and classes of data are as they were written: whoever has the model holds them against it.
package struct AccessSettings: Hashable, Sendable {
    /// What messages call the file.
    package var file: String
    /// In the file's order; names are different from each other.
    package var roles: [RoleSettings]
    /// The row types whose rows the audit names where something sensitive was read of them, or of rows that refer to them.
    package var subjects: [Placed<String>]
    /// What the audit can be asked by name, in the file's order.
    package var auditQuestions: [AuditQuestionSettings]
    /// For whom archives are written, in the file's order.
    package var profiles: [ArchiveProfileSettings]

    package init(
        file: String, roles: [RoleSettings], subjects: [Placed<String>] = [], auditQuestions: [AuditQuestionSettings] = [],
        profiles: [ArchiveProfileSettings] = []
    ) {
        self.file = file
        self.profiles = profiles
        self.roles = roles
        self.subjects = subjects
        self.auditQuestions = auditQuestions
    }

    /// The role of exactly that name, or nil.
    package subscript(role name: String) -> RoleSettings? { roles.first { $0.name.value == name } }
}

/// What one role may use. What is not named, it may not.
package struct RoleSettings: Hashable, Sendable {
    /// What is seen of a field.
    package enum View: String, Hashable, Sendable, CaseIterable { case full, masked, aggregate, none }

    package var name: Placed<String>
    package var chinese: String?
    package var english: String?
    /// The row types of which anything is seen.
    package var types: [Placed<String>] = []
    /// By class of personal data; classes that are absent are `none`.
    package var views: [Named<View>] = []
    /// Of single fields, `Type.field`, whatever their class says.
    package var fields: [Named<View>] = []
    /// Which rows are seen, where not all are.
    package var scopes: [RoleScope] = []
    /// What the person's token says that scopes read.
    package var claims: [RoleClaim] = []
    /// Whether single rows are seen; if not, figures of many only.
    package var seesRows = true
    /// Without single rows: of which rows figures are told, and by what those rows are told apart.
    package var cells: [RoleCells] = []
    /// Without single rows: how many a figure needs, and where classes of data, or single fields, `Type.field`, take part.
    package var minimumCell = Self.leastMinimumCell
    package var minimumCells: [Named<Int>] = []
    /// Row types whose rows may be changed.
    package var writes: [Placed<String>] = []
    /// Classes of data for which a reason has to be stated, and of which the audit keeps who saw them.
    package var reasonRequired: [Placed<String>] = []
    /// Masking profiles for which it may have archives written, and be given them.
    package var archives: [Placed<String>] = []
    /// Whether the audit may be asked: who was shown what, and no row of the data.
    package var asksAudit = false
    package var questions = RoleQuestions.all
    /// Whether the schema may be asked for.
    package var introspects = true

    /// What a request counts as few, unless a role asks for more.
    package static let leastMinimumCell = 5

    package init(name: Placed<String>) { self.name = name }

    /// Something said of a class or a field.
    package struct Named<Value: Hashable & Sendable>: Hashable, Sendable {
        package var name: Placed<String>
        package var value: Value
        package init(_ name: Placed<String>, _ value: Value) {
            self.name = name
            self.value = value
        }
    }
}

/// Which rows of a type are seen: those of which a condition in the model's language is TRUE.
package struct RoleScope: Hashable, Sendable {
    package var type: Placed<String>
    package var cel: Placed<String>
    package init(type: Placed<String>, cel: Placed<String>) {
        self.type = type
        self.cel = cel
    }
}

/// Something a token says of the person, with what it is.
package struct RoleClaim: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable { case string, strings, int, ints, date, boolean }
    package var name: Placed<String>
    package var kind: Kind
    package init(name: Placed<String>, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// Which saved questions a role may ask.
package enum RoleQuestions: Hashable, Sendable {
    /// Every one that its schema lets be asked.
    case all
    /// Those with these names, and nothing that is not saved.
    case only([Placed<String>])
}

/// Of what figures a role without single rows is told that are made of the rows of one type.
package struct RoleCells: Hashable, Sendable {
    package var type: Placed<String>
    /// The fields that lead to whom a row is about, joined by dots, where one of them may have several rows; nil where each row is about
    /// another.
    package var each: Placed<String>?
    /// The dimensions, each as its levels, the coarsest first: `home.area: TOWN`, `home`, `born: YEAR`.
    package var by: [[Placed<String>]] = []
    /// The fields whose values are added up, averaged and compared.
    package var of: [Placed<String>] = []

    package init(type: Placed<String>) { self.type = type }
}

/// For whom archives are written: as one of some roles sees the register.
package struct ArchiveProfileSettings: Hashable, Sendable {
    package var name: Placed<String>
    package var chinese: String?
    package var english: String?
    /// As which of them is said where there are several.
    package var roles: [Placed<String>] = []

    /// The profile of archives that hold everything. No file defines it.
    package static let unmasked = "INTERNAL"

    package init(name: Placed<String>) { self.name = name }
}

/// A question that the audit can be asked by name: who was told some classes of data.
package struct AuditQuestionSettings: Hashable, Sendable {
    package var name: Placed<String>
    package var chinese: String?
    package var english: String?
    /// As the model names them; none: any.
    package var classes: [Placed<String>] = []
    /// In which way they were told, in the audit's words; none: any.
    package var views: [Placed<String>] = []

    package init(name: Placed<String>) { self.name = name }
}
