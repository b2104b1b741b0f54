import Expressions
import StoreColumns

/// Declarations made into a catalog of columns and the source of every field; derived fields are typed, not yet compiled.
struct Structure: Sendable {
    var types: [TypeDeclaration]
    var enumerations: [EnumerationDeclaration]
    var catalog = Catalog(nodeTypes: [], enumerations: [])
    /// By type and field; nil where the field is at fault.
    var sources: [[FieldSource?]] = []
    /// By type and column: what rows get that were there before it was.
    var initialCells: [[Cell?]] = []
    /// Field positions of the key, by type.
    var keys: [[Int]] = []
    var periods: [ModelPeriod?] = []
    var trees: [ModelTree?] = []
    /// What `param` may name, and which rows set it.
    var parameters: ModelParameters?
    /// For whom the rows were masked.
    var masking: Masking?
    var problems = ProblemList()

    var typeIDs: [String: NodeTypeID] = [:]
    var enumerationIDs: [String: EnumerationID] = [:]

    /// Fraction digits of a Decimal that declares none: money.
    static let defaultDecimalDigits = 2
    /// Digits shown of a Ratio that declares none.
    static let defaultRatioDigits = 4

    /// - Parameter types: With names that are different from each other.
    init(types: [TypeDeclaration], enumerations: [EnumerationDeclaration]) {
        self.types = types
        self.enumerations = enumerations
        typeIDs = Dictionary(types.indices.map { (types[$0].name, NodeTypeID($0)) }) { first, _ in first }
        enumerationIDs = Dictionary(enumerations.indices.map { (enumerations[$0].name, EnumerationID($0)) }) { first, _ in first }
        sources = types.map { Array(repeating: nil, count: $0.fields.count) }
        initialCells = types.map { _ in [] }
        catalog = Catalog(
            nodeTypes: types.map { NodeType(name: $0.name, columns: [], key: []) },
            enumerations: enumerations.map { Enumeration(name: $0.name, values: $0.values.map(\.name)) })
        // Each step reads what the ones before it made.
        for type in types.indices { addColumns(of: type) }
        for type in types.indices { periods.append(period(of: type)) }
        for type in types.indices { trees.append(tree(of: type)) }
        for type in types.indices { addInverses(of: type) }
        for type in types.indices { addDatedFields(of: type) }
        parameters = readParameters()
        for type in types.indices { addDerivedFields(of: type) }
        for type in types.indices { keys.append(key(of: type)) }
        checkKeyCycles()
        checkPreviousNames()
    }

    // MARK: - Stored fields

    mutating func addColumns(of type: Int) {
        for (position, field) in types[type].fields.enumerated()
        where field.inverse == nil && field.valid == nil && field.derived == nil {
            guard let kind = columnKind(of: field, type: type) else { continue }
            let column = catalog.nodeTypes[type].columns.count
            catalog.nodeTypes[type].columns.append(
                ColumnDefinition(
                    name: field.name, kind: kind, isNullable: field.type.isNullable, isUnique: field.isUnique != nil))
            sources[type][position] = source(ofColumn: column, kind: kind)
            initialCells[type].append(initialCell(of: field, kind: kind, type: type))
            checkSearch(of: field, kind: kind, type: type)
        }
    }

    /// What is searched is text, and about a person only where the model says so twice.
    private mutating func checkSearch(of field: FieldDeclaration, kind: ColumnKind, type: Int) {
        guard let search = field.search else { return }
        let name = "\(types[type].name).\(field.name)"
        if kind != .string {
            problems.report(
                .directive, "\(name) is of type \(field.type.name) and has @search; it is for stored texts.", at: search.place)
        } else if field.personal != nil, !search.value {
            problems.report(
                .directive,
                "\(name) has @search and @personal; if a person is to be found by it, write @search(personal: true).",
                at: search.place)
        }
    }

    mutating func columnKind(of field: FieldDeclaration, type: Int) -> ColumnKind? {
        let (shape, owner) = (field.type, types[type].name)
        guard checkElements(of: field, type: type) else { return nil }
        if let target = typeIDs[shape.name] { return shape.isList ? .referenceList(target) : .reference(target) }
        if let id = enumerationIDs[shape.name] { return shape.isList ? .enumerationList(id) : .enumeration(id) }
        guard !shape.isList else {
            problems.report(
                .unsupported,
                "\(owner).\(field.name) is stored as '\(shape.text)'; a stored list holds enum values or rows of another type.",
                at: field.typePlace)
            return nil
        }
        switch shape.name {
        case "Boolean": return .boolean
        case "Int": return .int
        case "Float": return .float
        case "String", "ID": return .string
        case "Date": return .date
        case "DateTime": return .dateTime
        case "Decimal": return .decimal(fractionDigits: digits(of: field, type: type))
        case "Ratio":
            problems.report(
                .unsupported, "\(owner).\(field.name) is a stored Ratio; ratios are computed: give it @derived(cel: …).",
                at: field.typePlace)
        default: reportUnknownType(of: field, type: type)
        }
        return nil
    }

    func source(ofColumn column: Int, kind: ColumnKind) -> FieldSource {
        switch kind {
        case .reference(let target): .toOne(.reference(column: column, target: target), target: target)
        case .referenceList(let target): .toMany(.list(column: column, target: target), target: target)
        case .boolean: .column(column, .boolean)
        case .int: .column(column, .int)
        case .decimal(let digits): .column(column, .decimal(fractionDigits: digits))
        case .float: .column(column, .float)
        case .date: .column(column, .date)
        case .dateTime: .column(column, .dateTime)
        case .string: .column(column, .string)
        case .enumeration(let id): .column(column, .enumeration(id))
        case .enumerationList(let id): .column(column, .enumerationList(id))
        }
    }

    mutating func digits(of field: FieldDeclaration, type: Int) -> Int {
        let isRatio = field.type.name == "Ratio"
        guard let digits = field.digits else { return isRatio ? Self.defaultRatioDigits : Self.defaultDecimalDigits }
        guard (0...9).contains(digits.value) else {
            problems.report(
                .unsupported, "\(types[type].name).\(field.name) has \(digits.value) digits; 0 to 9 are possible.",
                at: digits.place)
            return 0
        }
        return digits.value
    }

    mutating func checkElements(of field: FieldDeclaration, type: Int) -> Bool {
        let (shape, owner) = (field.type, types[type].name)
        if shape.isDeeper {
            problems.report(.unsupported, "\(owner).\(field.name) is a list of lists; one list is possible.", at: field.typePlace)
            return false
        }
        if shape.elementIsNullable == true {
            problems.report(
                .unsupported, "\(owner).\(field.name) is '\(shape.text)'; elements are never null: write [\(shape.name)!].",
                at: field.typePlace)
            return false
        }
        if let digits = field.digits, shape.name != "Decimal", shape.name != "Ratio" {
            problems.report(
                .directive, "\(owner).\(field.name) is of type \(shape.name) and has @decimal; it is for Decimal and Ratio.",
                at: digits.place)
        }
        return true
    }

    mutating func reportUnknownType(of field: FieldDeclaration, type: Int) {
        problems.report(
            .unsupported,
            "\(types[type].name).\(field.name) is of type \(field.type.name), which no field of the model can have.",
            at: field.typePlace)
    }

    // MARK: - Derived fields

    /// Types derived fields; which number each gets is settled when they are compiled.
    mutating func addDerivedFields(of type: Int) {
        for (position, field) in types[type].fields.enumerated()
        where field.derived != nil && field.inverse == nil && field.valid == nil {
            guard checkElements(of: field, type: type) else { continue }
            guard !field.type.isList, typeIDs[field.type.name] == nil else {
                problems.report(
                    .unsupported, "\(types[type].name).\(field.name) is '\(field.type.text)'; a derived field is one value.",
                    at: field.typePlace)
                continue
            }
            guard let valueType = valueType(of: field, type: type) else {
                reportUnknownType(of: field, type: type)
                continue
            }
            sources[type][position] = .derived(DerivedID(0), valueType)
        }
    }

    mutating func valueType(of field: FieldDeclaration, type: Int) -> ExpressionType? {
        if let id = enumerationIDs[field.type.name] { return .enumeration(id) }
        switch field.type.name {
        case "Boolean": return .boolean
        case "Int": return .int
        case "Float": return .float
        case "String", "ID": return .string
        case "Date": return .date
        case "DateTime": return .dateTime
        case "Decimal": return .decimal(fractionDigits: digits(of: field, type: type))
        case "Ratio": return .ratio(displayDigits: digits(of: field, type: type))
        default: return nil
        }
    }
}

extension ColumnKind {
    /// What a reference, or each reference of a list, refers to.
    var target: NodeTypeID? {
        switch self {
        case .reference(let target), .referenceList(let target): target
        default: nil
        }
    }
}
