import GraphQLTypes
import Model
import Settings
import Testing

/// What a role without rows asks by, held against a model, and the schema that is made of it.
@Suite struct `Cells held against a model` {
    private func view(_ role: String) throws -> RoleView { try `A role held against a model`().view(role) }

    private func check(_ role: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try `A role held against a model`().check(
            "{rows: false, \(role)}", reports: ["access.yaml:2: " + expected], sourceLocation: sourceLocation)
    }

    @Test func `what makes no groups, no figures or is not seen is told with its line`() throws {
        try check(
            "types: [Book], cells: {Bok: {}}",
            "cells of the role 'ROLE' names 'Bok', and the model has no such type. Did you mean 'Book'?")
        try check("types: [Book], cells: {Copy: {}}", "cells of the role 'ROLE' names Copy, which is not among the role's types")
        try check(
            "types: [Book], cells: {Book: {by: [[pricy]]}}",
            "a dimension of Book of the role 'ROLE' names 'pricy', which Book does not have. Did you mean 'price'?")
        try check(
            "types: [Copy, Loan], cells: {Copy: {by: [[loans.state]]}}",
            "a dimension of Copy of the role 'ROLE' goes through Copy.loans, which leads to no single row")
        try check(
            "types: [Book], cells: {Book: {by: [[genres]]}}",
            "a dimension of Book of the role 'ROLE' is genres, which is a list; groups are made by one value")
        try check(
            "types: [Loan, Copy, Reader], cells: {Loan: {by: [[reader]]}}",
            "a dimension of Loan of the role 'ROLE' is reader, whose rows are about persons (Reader.name); name a field of them")
        try check(
            "types: [Loan, Copy, Reader], cells: {Loan: {by: [[reader.phone]]}}",
            "a dimension of Loan of the role 'ROLE' asks by Reader.phone, of which the role sees neither all nor figures")
        try check(
            "types: [Loan, Reader], cells: {Loan: {by: [[copy.condition]]}}",
            "a dimension of Loan of the role 'ROLE' asks by Loan.copy, of which the role sees neither all nor figures")
        try check(
            "types: [Book], cells: {Book: {of: [title]}}",
            "'of' in the cells of Book of the role 'ROLE' names Book.title, which is no number")
        try check(
            "types: [Copy, Branch], cells: {Copy: {each: home.name}}",
            "'each' in the cells of Copy of the role 'ROLE' goes through Branch.name, which leads to no single row")
        try check(
            "types: [Book], minimum-cells: {Book.pric: 7}, cells: {Book: {}}",
            "minimum-cells of the role 'ROLE' names Book.pric, and Book has no field 'pric'. Did you mean 'price'?")
    }

    @Test func `a schema has what is asked by, in the way it is asked by, and nothing besides`() throws {
        let view = try view(
            """
            {rows: false, types: [Copy, Branch, Book], minimum-cells: {Copy.condition: 9}, cells: {Copy: {by: [[home], [condition], \
            ["scannedAt: MONTH"], ["book.price: 10, 20"]]}, Book: {of: [price], by: [[isReferenceOnly]]}}}
            """.replacing("\\\n", with: ""))
        let copy = try #require(try library().type(named: "Copy"))
        #expect(
            view.minimumCell(of: copy.position(of: "condition"), in: copy.nodeType) == 9
                && view.minimumCell(of: nil, in: copy.nodeType) == 5)
        let text = try library().restricted(to: view).schemaText
        func fields(_ type: String) throws -> [String] {
            let head = try #require(
                text.firstRange(of: "\n\(type) {\n") ?? text.firstRange(of: "\n\(type) @oneOf {\n"), "\(type)")
            let body = text[head.upperBound...].prefix { $0 != "}" }
            var isDescription = false
            return body.split(separator: "\n").map { String($0.trimmingPrefix { $0 == " " }) }.filter { line in
                if line == #"""""# { isDescription.toggle() }
                return !isDescription && !line.hasPrefix("\"")
            }
        }
        #expect(try fields("type Query").map { String($0.prefix { $0 != "(" && $0 != ":" }) } == ["books", "copies", "meta"])
        #expect(try fields("input CopyFilter") == ["and: [CopyFilter!]", "home: BranchFilter", "condition: ConditionFilter"])
        #expect(try fields("input BranchFilter") == ["and: [BranchFilter!]", "code: StringFilter"])
        #expect(try fields("input StringFilter") == ["eq: String", "in: [String!]", "isNull: Boolean"])
        #expect(
            try fields("input CopyGroupBy") == [
                "field: CopyGroupField", "book: BookGroupBy", "scannedAt: DateBucket",
            ])
        #expect(try fields("input BookGroupBy") == ["field: BookGroupField", "price: NumberBuckets"])
        #expect(try fields("enum CopyGroupField") == ["home", "condition"])
        #expect(try fields("type BranchGroupKey") == ["code: String", "name: String"])
        #expect(
            try fields("type CopyGroupKey") == [
                "book: BookGroupKey", "home: BranchGroupKey", "condition: Condition", "scannedAt: DateGroupKey",
            ])
        #expect(try fields("type CopyAggregate") == ["count: Int", "suppressed: Boolean!"])
        #expect(
            try fields("type Meta").map { String($0.prefix { $0 != ":" }) } == ["version", "publishedAt", "modelDigest", "asOf"])
        for absent in [
            "Reader", "Loan", "BranchConnection", "AggregateFilter", "ListFilter", "OrderedFilter", "totalCount", "Node", "Edge",
        ] {
            #expect(!text.contains(absent), "\(absent)")
        }
    }
}
