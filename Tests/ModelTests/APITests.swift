import Expressions
import Foundation
import GraphQLTypes
import Model
import StoreColumns
import Testing

@Suite struct `The API of a model` {
    let model: Model
    init() throws { model = try library() }

    @Test func `is generated from the model alone, with every name and description as recorded`() throws {
        try check(model.schemaText, equalsFile: libraryFolder.appending(path: "api.graphqls"))
    }

    @Test func `the same files give the same API`() throws {
        #expect(try library().schemaText == model.schemaText)
    }

    @Test func `custom scalars read values`() throws {
        let date = try #require(model.schema.type(named: "Date"))
        let behavior = try #require(model.schema[date].scalar)
        #expect(try behavior.coerce(.string("2016-02-29")) == .string("2016-02-29"))
        #expect(throws: ScalarError.self) { try behavior.coerce(.string("2015-02-29")) }
    }

    // MARK: Binding

    func type(_ name: String) throws -> TypeID { try #require(model.schema.type(named: name)) }
    func row(_ name: String) throws -> NodeTypeID { try #require(model.catalog.nodeType(named: name)) }
    func field(_ name: String, of type: String) throws -> FieldBinding {
        let id = try self.type(type)
        return model.binding.field(try #require(model.schema[id].fieldIndex(named: name)), of: id)
    }
    func arguments(of name: String, of type: String) throws -> [ArgumentBinding] {
        let id = try self.type(type)
        return model.binding.arguments(ofField: try #require(model.schema[id].fieldIndex(named: name)), of: id)
    }
    func input(_ name: String, of type: String) throws -> InputBinding {
        let id = try self.type(type)
        return model.binding.inputField(try #require(model.schema[id].inputFieldIndex(named: name)), of: id)
    }

    @Test func `every type of the API is bound to what it stands for`() throws {
        let copy = try row("Copy")
        let expected: [(String, TypeBinding)] = [
            ("Query", .query), ("Node", .nodeInterface), ("Copy", .row(copy)), ("CopyConnection", .connection(copy)),
            ("CopyEdge", .edge(copy)), ("CopyFilter", .filter(copy)), ("CopyListFilter", .listFilter(copy)),
            ("CopyOrderBy", .orderBy(copy)), ("Order", .order), ("PageInfo", .pageInfo), ("Meta", .meta),
            ("RowCount", .rowCount), ("Condition", .enumeration(EnumerationID(1))),
            ("ConditionFilter", .enumerationFilter(EnumerationID(1))),
            ("GenreListFilter", .enumerationListFilter(EnumerationID(0))), ("DecimalFilter", .scalarFilter(.decimal)),
            ("SearchResult", .searchResult), ("SearchType", .searchType), ("SearchResultConnection", .searchConnection),
            ("SearchResultEdge", .searchEdge), ("DecimalRange", .range(.decimal)), ("Period", .scalar(.period)),
            ("Int", .scalar(.int)), ("__Type", .builtIn),
        ]
        for (name, binding) in expected { #expect(model.binding[try type(name)] == binding, "\(name)") }
    }

    @Test func `fields of the root say which rows they give, and how a key is written`() throws {
        let (copy, book, author) = (try row("Copy"), try row("Book"), try row("Author"))
        #expect(try field("copies", of: "Query") == .rows(copy))
        #expect(try field("copy", of: "Query") == .rowByKey(copy))
        #expect(
            try arguments(of: "copy", of: "Query") == [.key(0, .reference(book, .value(.id))), .key(1, .value(.int))])
        #expect(try arguments(of: "loan", of: "Query") == [.key(0, .globalID(copy)), .key(1, .value(.date))])
        #expect(try arguments(of: "author", of: "Query") == [.key(0, .value(.string)), .key(1, .value(.int))])
        #expect(try arguments(of: "authors", of: "Query") == [.where, .orderBy, .first, .after, .last, .before, .offset])
        #expect(try field("authors", of: "Query") == .rows(author))
        #expect(try field("node", of: "Query") == .node)
        #expect(try field("nodes", of: "Query") == .nodesByID)
        #expect(try arguments(of: "nodes", of: "Query") == [.ids])
        #expect(try field("search", of: "Query") == .search)
        #expect(try arguments(of: "search", of: "Query") == [.text, .types, .first, .after, .last, .before])
        #expect(try field("meta", of: "Query") == .meta)
    }

    @Test func `what is searched is what the model marks, and nothing of a person unmarked`() throws {
        let marked = model.types.map { type in (type.name, type.fields.filter(\.isSearchable).map(\.name)) }.filter {
            !$1.isEmpty
        }
        #expect(marked.map { "\($0) \($1)" } == ["Branch [\"code\", \"name\"]", "Book [\"title\"]", "Reader [\"name\"]"])
        let union = model.schema[try type("SearchResult")]
        #expect(union.possibleTypes.map { model.schema[$0].name } == ["Branch", "Book", "Reader"])
        for field in try shippedModel().types.flatMap(\.fields) where field.personal != nil { #expect(!field.isSearchable) }
    }

    @Test func `a model without texts to be found by has no search`() throws {
        let model = try Model(
            sources: [ModelSource(name: "a", bytes: Array("type A @node(key: \"x\") { x: String! }".utf8))], digest: "")
        let query = model.schema[try #require(model.schema.queryType)]
        #expect(query.fieldIndex(named: "search") == nil)
        #expect(model.schema.type(named: "SearchResult") == nil && model.schema.type(named: "SearchType") == nil)
    }

    @Test func `what the model deprecates, the API deprecates wherever it stands`() throws {
        func reason(_ field: String, _ type: String) throws -> String? {
            let type = model.schema[try self.type(type)]
            return type.field(named: field)?.deprecationReason ?? type.inputField(named: field)?.deprecationReason
        }
        for type in ["Book", "BookFilter", "BookOrderBy"] {
            #expect(try reason("weightKilograms", type) == "Nobody has a \"scale\" any more.")
            #expect(try reason("series", type) == "No longer supported")
            #expect(try reason("title", type) == nil)
        }
        let values = model.schema[try type("Condition")].enumValues
        #expect(values.map(\.deprecationReason) == ["Thrown away.", nil, nil])
        #expect(model.type(named: "Book")?.field(named: "weightKilograms")?.deprecationReason != nil)
    }

    @Test func `dated fields take a date beside the rest`() throws {
        #expect(try arguments(of: "dueOn", of: "Copy") == [.on])
        #expect(try arguments(of: "copiesNow", of: "Reader") == [.where, .orderBy, .first, .after, .last, .before, .offset, .on])
        #expect(try arguments(of: "loans", of: "Reader") == [.where, .orderBy, .first, .after, .last, .before, .offset])
        #expect(try arguments(of: "home", of: "Copy") == [])
    }

    @Test func `a dated type is filtered by the date on which it is valid, others are not`() throws {
        #expect(try input("validOn", of: "LoanFilter") == .validOn)
        #expect(model.schema[try type("CopyFilter")].inputFieldIndex(named: "validOn") == nil)
    }

    @Test(arguments: ["library", "shipped"]) func `a bound field is the model's field of that name`(which: String) throws {
        let model = which == "library" ? self.model : try shippedModel()
        var seen = 0
        func check(_ binding: NodeTypeID, _ position: Int, is name: String) {
            seen += 1
            #expect(model[binding].fields[position].name == name)
        }
        for (index, type) in model.schema.types.enumerated() {
            let id = TypeID(index)
            for (position, field) in type.fields.enumerated() {
                if case .field(let row, let place) = model.binding.field(position, of: id) { check(row, place, is: field.name) }
                #expect(model.binding.arguments(ofField: position, of: id).count == field.arguments.count)
            }
            for (position, field) in type.inputFields.enumerated() {
                switch model.binding.inputField(position, of: id) {
                case .field(let row, let place): check(row, place, is: field.name)
                case .filter(let filter):
                    seen += 1
                    #expect(filter.rawValue == field.name)
                default: break
                }
            }
            if case .row(let row) = model.binding[id] { #expect(model[row].apiType == id && model[row].name == type.name) }
        }
        #expect(seen > 100)
    }

    @Test func `every row type is a field of its filter; only what has an order is in its sort`() throws {
        let fields = try #require(model.type(named: "Book")).fields.map(\.name)
        #expect(model.schema[try type("BookFilter")].inputFields.map(\.name) == ["and", "or", "not", "cel", "id"] + fields)
        #expect(
            model.schema[try type("BookOrderBy")].inputFields.map(\.name)
                == fields.filter { $0 != "genres" })
        #expect(model.schema[try type("BookOrderBy")].isOneOf)
    }

    @Test func `directions of a sort are those of the enum Order`() throws {
        #expect(
            model.schema[try type("Order")].enumValues.compactMap { SortDirection(rawValue: $0.name) } == SortDirection.allCases)
        #expect(SortDirection.descendingNullsFirst.putsNullsFirst && !SortDirection.descending.putsNullsFirst)
        #expect(SortDirection.ascendingNullsFirst.isAscending && !SortDirection.descendingNullsLast.isAscending)
    }
}
