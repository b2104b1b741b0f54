import Expressions
import Model
import StoreColumns
import Testing

/// What the library's files say, as columns, edges and keys.
@Suite struct `The catalog of a model` {
    let model: Model
    init() throws { model = try library() }

    func columns(_ type: String) throws -> [ColumnDefinition] {
        let id = try #require(model.catalog.nodeType(named: type))
        return model.catalog[id].columns
    }
    func id(_ type: String) throws -> NodeTypeID { try #require(model.catalog.nodeType(named: type)) }

    @Test func `types and enums stand in the order of the files`() {
        #expect(model.catalog.nodeTypes.map(\.name) == ["Branch", "Book", "Author", "Copy", "Reader", "Loan"])
        #expect(model.catalog.enumerations.map(\.name) == ["Genre", "Condition", "LoanState"])
        #expect(model.catalog.enumerations[1].values == ["WORN", "GOOD", "NEW"])
    }

    @Test func `stored fields are columns in their order, with kind, nullability and uniqueness`() throws {
        let (book, author) = (try id("Book"), try id("Author"))
        #expect(
            try columns("Book") == [
                ColumnDefinition(name: "isbn", kind: .string, isNullable: false),
                ColumnDefinition(name: "title", kind: .string, isNullable: false),
                ColumnDefinition(name: "price", kind: .decimal(fractionDigits: 2), isNullable: true),
                ColumnDefinition(name: "weightKilograms", kind: .float, isNullable: true),
                ColumnDefinition(name: "genres", kind: .enumerationList(EnumerationID(0)), isNullable: true),
                ColumnDefinition(name: "isReferenceOnly", kind: .boolean, isNullable: true),
                ColumnDefinition(name: "series", kind: .reference(book), isNullable: true),
                ColumnDefinition(name: "authors", kind: .referenceList(author), isNullable: false),
            ])
        #expect(try columns("Reader").filter(\.isUnique).map(\.name) == ["phone"])
        #expect(try columns("Loan").map(\.name) == ["copy", "reader", "lentOn", "returnedOn", "dueOn"])
        #expect(try columns("Copy").last?.kind == .dateTime)
    }

    @Test func `keys are columns, references among them`() throws {
        #expect(model.catalog[try id("Copy")].key == [0, 1])
        #expect(model.catalog[try id("Loan")].key == [0, 2])
        #expect(model.catalog[try id("Author")].key == [0, 1])
    }

    @Test func `an inverse is the other end of the column it names`() throws {
        let book = model.catalog[try id("Book")]
        #expect(
            book.inverses == [
                InverseDefinition(name: "volumes", source: try id("Book"), column: 6),
                InverseDefinition(name: "copies", source: try id("Copy"), column: 0),
            ])
        #expect(
            model.catalog[try id("Author")].inverses == [InverseDefinition(name: "books", source: try id("Book"), column: 7)])
    }

    // MARK: Row types

    func source(_ type: String, _ field: String) throws -> FieldSource {
        try #require(model.rowTypes[try id(type)].field(named: field)).source
    }

    @Test func `dated fields look through an inverse to the row, its reference or its value`() throws {
        let (reader, loan) = (try id("Reader"), try id("Loan"))
        func lookup(inverse: Int, then reference: Int?, target: NodeTypeID) -> ValidLookup {
            ValidLookup(
                inverse: inverse, periodType: loan, fromColumn: 2, toColumn: 3, thenReference: reference, target: target)
        }
        #expect(
            try source("Copy", "reader")
                == .toOne(.valid(lookup(inverse: 0, then: 1, target: reader), on: nil), target: reader))
        #expect(
            try source("Copy", "loan") == .toOne(.valid(lookup(inverse: 0, then: nil, target: loan), on: nil), target: loan))
        #expect(
            try source("Copy", "dueOn") == .validColumn(lookup(inverse: 0, then: nil, target: loan), column: 4, .date))
        let copy = try id("Copy")
        #expect(
            try source("Reader", "copiesNow")
                == .toMany(.valid(lookup(inverse: 0, then: 0, target: copy), on: nil), target: copy))
        #expect(
            try source("Reader", "loansNow")
                == .toMany(.valid(lookup(inverse: 0, then: nil, target: loan), on: nil), target: loan))
    }

    @Test func `stored edges and inverses are followed as they stand`() throws {
        let (book, author, copy) = (try id("Book"), try id("Author"), try id("Copy"))
        #expect(try source("Copy", "book") == .toOne(.reference(column: 0, target: book), target: book))
        #expect(try source("Book", "authors") == .toMany(.list(column: 7, target: author), target: author))
        #expect(try source("Book", "copies") == .toMany(.inverse(index: 1, target: copy), target: copy))
        #expect(try source("Book", "genres") == .column(4, .enumerationList(EnumerationID(0))))
    }

    @Test func `a derived field is compiled, and comes after those it reads`() throws {
        #expect(model.rowTypes.derived.map(\.name) == ["lentOut", "lentShare", "state"])
        #expect(try source("Branch", "lentShare") == .derived(DerivedID(1), .ratio(displayDigits: 3)))
        guard case .ratio(.derived(of: _, let read, .int), _) = model.rowTypes[DerivedID(1)].expression else {
            Issue.record("lentShare should be a ratio of lentOut: \(model.rowTypes[DerivedID(1)].expression)")
            return
        }
        #expect(read == DerivedID(0))
        let state = model.rowTypes[DerivedID(2)]
        #expect(state.type == (try id("Loan")) && state.resultType == .enumeration(EnumerationID(2)))
        #expect(state.text.hasPrefix("has(dueOn)"))
    }

    @Test func `a derived field may be declared before those it reads`() throws {
        let text = #"type A @node(key: "x") { x: Int! a: Int! @derived(cel: "b + 1") b: Int! @derived(cel: "x + 1") }"#
        let model = try Model(sources: [ModelSource(name: "a.graphql", bytes: Array(text.utf8))], digest: "")
        #expect(model.rowTypes.derived.map(\.name) == ["b", "a"])
        #expect(model.types[0].fields[1].source == .derived(DerivedID(1), .int))
    }

    // MARK: What others take from it

    @Test func `a type knows its names, key and period`() throws {
        let loan = try #require(model.type(named: "Loan"))
        #expect(loan.period == ModelPeriod(fromField: 2, toField: 3, fromColumn: 2, toColumn: 3))
        #expect(loan.key == [0, 2] && loan.singular == "loan" && loan.plural == "loans")
        let book = try #require(model.type(named: "Book"))
        #expect(book.previousNames == ["Title"] && book.period == nil)
        #expect(book.label == Label(chinese: "图书", aliases: ["书"]))
        #expect(book.description == "A work in one edition.\n\nIt may be a volume of a \"series\".")
        #expect(model.type(named: "Branch")?.plural == "branches")
        #expect(model[EnumerationID(1)].values.map(\.previousNames) == [[], [], ["UNREAD"]])
    }

    @Test func `a field knows what it tells about a person, and its column`() throws {
        let reader = try #require(model.type(named: "Reader"))
        let byName = Dictionary(uniqueKeysWithValues: reader.fields.map { ($0.name, $0) })
        #expect(byName["name"]?.personal?.class == .personal && byName["name"]?.personal?.mask == .name)
        #expect(byName["passport"]?.personal?.class == .sensitive && byName["passport"]?.personal?.mask == .full)
        #expect(byName["cardNumber"]?.personal == nil && byName["phone"]?.previousNames == ["telephone"])
        #expect(byName["phone"]?.column == 2 && byName["loans"]?.column == nil && byName["copiesNow"]?.column == nil)
        #expect(byName["copiesNow"]?.isDated == true && byName["loans"]?.isDated == false)
        #expect(byName["phone"]?.isUnique == true && byName["name"]?.isUnique == false)
        #expect(model.type(named: "Book")?.field(named: "title")?.isIndexed == true)
    }
}
