import GraphQLSyntax

/// A row type as its file declares it.
struct TypeDeclaration: Sendable {
    var name: String
    var place: Place
    var description: String?
    var label = Label()
    var previousNames: [String] = []
    /// The parts of the key, with where they stand.
    var key: [Placed<String>] = []
    var plural: Placed<String>?
    /// `@node(figures:)`
    var hasFigures = true
    var period: PeriodDeclaration?
    var tree: TreeDeclaration?
    var parameters: ParametersDeclaration?
    var fields: [FieldDeclaration] = []
    var checks: [CheckDeclaration] = []
    var procedures = ProcedureDeclarations()

    func field(named name: String) -> Int? { fields.firstIndex { $0.name == name } }
}

/// `@period(from:, to:)`
struct PeriodDeclaration {
    var from: Placed<String>
    var to: Placed<String>
}

/// `@tree(parent:, level:)`
struct TreeDeclaration {
    var parent: Placed<String>
    var level: Placed<String>
}

/// `@parameters(name:, value:, variant:, place:, document:)`, and every `@parameter`
struct ParametersDeclaration {
    var name: Placed<String>
    var value: Placed<String>
    var variant: Placed<String>?
    var place: Placed<String>?
    var document: Placed<String>?
    var parameters: [ParameterDeclaration]
}

/// `@parameter(name:, type:, …)`
struct ParameterDeclaration {
    var name: Placed<String>
    var type: Placed<String>
    var value: Placed<String>?
    /// `NAME=value`
    var variants: [Placed<String>]
    var source: String?
    var label: Label
    var explanation: String?
}

/// `@check(id:, cel:, severity:)`
struct CheckDeclaration {
    var id: Placed<String>
    var text: Placed<ExpressionText>
    var severity: CheckSeverity
    var label: Label
    var explanation: String?
}

struct FieldDeclaration: Sendable {
    var name: String
    var place: Place
    var description: String?
    var label = Label()
    var previousNames: [String] = []
    var type: TypeShape
    var typePlace: Place
    /// `@inverse(of:)`
    var inverse: Placed<String>?
    /// `@valid(in:)`
    var valid: Placed<String>?
    /// `@derived(cel:)`
    var derived: Placed<ExpressionText>?
    /// `@decimal(digits:)`
    var digits: Placed<Int>?
    var isUnique: Place?
    var isIndexed: Place?
    var personal: Personal?
    /// `@personal(class: NONE)`
    var tellsOfNobody: Place?
    /// Its class of data, for all that.
    var givenWith: String?
    /// `@search`: where, and whether a person's data is meant to be found.
    var search: Placed<Bool>?
    /// `@deprecated(reason:)`
    var deprecationReason: String?
    /// `@backfill(value:)`
    var backfill: Placed<String>?
    /// `@fixed`
    var isFixed: Place?
}

struct EnumerationDeclaration: Sendable {
    var name: String
    var place: Place
    var description: String?
    var label = Label()
    var previousNames: [String] = []
    var values: [ModelEnumerationValue] = []
    /// By code.
    var valuePlaces: [Place] = []
}

/// Something with the place where it was written.
struct Placed<Value: Sendable>: Sendable {
    var value: Value
    var place: Place
}

/// The type of a field, as far as a model goes: a name, perhaps in one list.
struct TypeShape: Hashable {
    var name: String
    var isNullable: Bool
    /// Nil where it is no list; else whether elements may be null.
    var elementIsNullable: Bool?
    /// Lists of lists.
    var isDeeper = false

    var isList: Bool { elementIsNullable != nil }
    /// `[Book!]!`
    var text: String {
        let inner = elementIsNullable.map { "[\(name)\($0 ? "" : "!")]" } ?? name
        return (isDeeper ? "[\(inner)]" : inner) + (isNullable ? "" : "!")
    }
}
