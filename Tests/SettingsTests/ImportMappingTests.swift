import Settings
import Testing

@Suite("Import mappings") struct ImportMappingTests {
    func read(_ text: String) throws(SettingsErrors) -> ImportMapping {
        try ImportMapping(reading: Array(text.utf8), file: "other.yaml")
    }

    func check(_ text: String, reports expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let errors = #expect(throws: SettingsErrors.self, sourceLocation: sourceLocation) { try read(text) }
        #expect(errors?.problems.map(\.description) == expected, sourceLocation: sourceLocation)
    }

    /// The source of the one field of a mapping.
    func source(_ text: String) throws -> ValueSource? {
        try read("name: x\nfiles:\n  a.csv:\n    types:\n      - type: T\n        fields:\n          f: \(text)\n")
            .files.first?.types.first?.fields.first?.source
    }

    func column(_ name: String) -> ValueSource { .column(Placed(name, line: 7)) }

    @Test func `files, types, conditions and ignored columns are read with their lines`() throws {
        let mapping = try read(
            """
            name: other
            description: Another register.
            files:
              books.csv:
                ignore: [shelf]
                types:
                  - type: Book
                    distinct: true
                    needs: title
                    when:
                      kind: [A, B]
                      year: {present: true}
                      state: {not-in: [LOST]}
                    fields:
                      title: name
            ignore-files: [log.csv]
            """)
        #expect(mapping.name == "other")
        #expect(mapping.description == "Another register.")
        #expect(mapping.ignoredFiles == [Placed("log.csv", line: 16)])
        let file = try #require(mapping.files.first)
        #expect(file.name == Placed("books.csv", line: 4))
        #expect(file.ignoredColumns == [Placed("shelf", line: 5)])
        let type = try #require(file.types.first)
        #expect(type.type == Placed("Book", line: 7))
        #expect(type.isDistinct)
        #expect(type.neededFields == [Placed("title", line: 9)])
        #expect(
            type.conditions == [
                ColumnCondition(column: Placed("kind", line: 11), test: .isOneOf(["A", "B"])),
                ColumnCondition(column: Placed("year", line: 12), test: .isPresent(true)),
                ColumnCondition(column: Placed("state", line: 13), test: .isNoneOf(["LOST"])),
            ])
        #expect(type.fields == [FieldSourceMapping(field: Placed("title", line: 15), source: .column(Placed("name", line: 15)))])
    }

    @Test func `every kind of source is read`() throws {
        #expect(try source("id") == column("id"))
        #expect(try source("\"{year}-12-31\"") == .template([.column(Placed("year", line: 7)), .text("-12-31")]))
        #expect(try source("{constant: 01}") == .constant("01"))
        #expect(try source("{later-of: [born, {constant: 2014-01-01}]}") == .laterOf([column("born"), .constant("2014-01-01")]))
        #expect(try source("{first-of: [a, b]}") == .firstOf([column("a"), column("b")]))
        #expect(try source("{column: a, default: none}") == .firstOf([column("a"), .constant("none")]))
        #expect(try source("{column: a, characters: [1, 6]}") == .characters(column("a"), from: 1, count: 6))
        #expect(try source("{column: a, part: [2, \";\"]}") == .part(column("a"), number: 2, separator: ";"))
        #expect(
            try source("{column: a, values: {1: ONE, no: NO}, otherwise: keep}")
                == .translated(column("a"), ["1": "ONE", "no": "NO"], otherwise: .keep))
        #expect(
            try source("{column: a, values: {1: ONE}, otherwise: {constant: MANY}}")
                == .translated(column("a"), ["1": "ONE"], otherwise: .constant("MANY")))
        #expect(
            try source("{column: a, when: {b: 1}}")
                == .conditional([ColumnCondition(column: Placed("b", line: 7), test: .isOneOf(["1"]))], column("a")))
        #expect(
            try source("{look-up: {file: c.csv, match: id, with: unit, take: town}}")
                == .lookUp(
                    file: Placed("c.csv", line: 7), match: Placed("id", line: 7), with: column("unit"),
                    take: Placed("town", line: 7), otherwise: .refuse))
    }

    @Test func `mistakes are reported with their lines`() {
        check(
            """
            file: {}
            files:
              a.csv:
                typs: []
              b.csv:
                types:
                  - fields: {a: b}
                  - type: T
                    feilds: {}
                  - type: T
                    fields:
                      a: {colum: x}
                      b: {column: x, constant: y}
                      c: "{year-12-31"
                      d: {column: x, otherwise: keep}
                      e: {column: x, values: {a: [b]}, otherwise: guess}
                      f: {column: x, characters: [0, 2]}
                      g: {look-up: {file: c.csv}}
                      h: [x]
            """,
            reports: [
                "other.yaml:1: a mapping has no 'file'; it has name, description, files, ignore-files, definitions."
                    + " Did you mean 'files'?",
                "other.yaml:1: a mapping has a name",
                "other.yaml:3: the file 'a.csv' has types; name a file of no interest under ignore-files",
                "other.yaml:4: the file 'a.csv' has no 'typs'; it has types, ignore. Did you mean 'types'?",
                "other.yaml:7: an entry of types names its type",
                "other.yaml:8: an entry of types has fields",
                "other.yaml:9: an entry of types has no 'feilds'; it has type, when, distinct, needs, fields. Did you mean 'fields'?",
                "other.yaml:12: the field 'a' has no 'colum'; it has column, constant, template, later-of, first-of, look-up,"
                    + " values, otherwise, characters, part, when, default. Did you mean 'column'?",
                "other.yaml:12: the field 'a' has one of column, constant, template, later-of, first-of, look-up; found 0",
                "other.yaml:13: the field 'b' has one of column, constant, template, later-of, first-of, look-up; found 2",
                "other.yaml:14: the template '{year-12-31' has '{' without a column name and '}'",
                "other.yaml:15: the field 'd' has otherwise without values",
                "other.yaml:16: a value is a text; found a list",
                "other.yaml:16: otherwise is keep, refuse, nothing or {constant: …}; found 'guess'",
                "other.yaml:17: the first character is a whole number from 1 to 10000; found '0'",
                "other.yaml:17: characters is [the first, counted from 1, how many]",
                "other.yaml:18: look-up has file, match, with and take",
                "other.yaml:19: the field 'h' is a column, a template or a mapping; found a list",
            ])
    }
}
