import Bytes
import Model
import Store
import StoreColumns
import StoreJournal
import Testing

/// One kind of change to the model: what is written in place of what, and what becomes of the data.
struct ModelChange: Sendable, CustomTestStringConvertible {
    var law: String
    var edits: [(String, String)]
    /// What is told of it, with line and column; nil where nothing is to be told and no version made.
    var notes: [String]?
    /// Lines of the data that are there afterwards and were not before, and those that are not any more.
    var appears: [String] = []
    var disappears: [String] = []
    /// Whether the versions before it can still be read, each as it would be under the new model.
    var opensOldVersions = true

    var testDescription: String { law }

    func applied(to text: String = ChangingLibrary.first) -> String {
        edits.reduce(text) { text, edit in
            #expect(text.contains(edit.0), "\(edit.0)")
            return text.replacing(edit.0, with: edit.1, maxReplacements: 1)
        }
    }
}

let allowedChanges: [ModelChange] = [
    ModelChange(
        law: "labels, descriptions, checks, derived fields and indexes change no data",
        edits: [
            ("title: String", "\"The title.\" title: String @index @label(zh: \"书名\")"),
            ("type Rumor", "\"A rumor.\" type Rumor"),
            ("pages: Int!", "pages: Int!\n  thick: Boolean @derived(cel: \"pages > 50\")"),
            ("@node(key: \"number\") {", "@node(key: \"number\") @check(id: \"short\", cel: \"pages < 10\") {"),
        ]),
    ModelChange(
        law: "another order of fields, types and files changes no data",
        edits: [
            ("  title: String\n", ""), ("  shelf: String! @unique", "  shelf: String! @unique\n  title: String"),
            ("enum Mood { CALM WILD }\n", ""), ("type Copy", "enum Mood { CALM WILD }\ntype Copy"),
        ]),
    ModelChange(
        law: "an inverse is made from what is there",
        edits: [
            ("born: Date", "born: Date\n  edited: [Book!]! @inverse(of: \"editors\")"),
            ("shelf: String! @unique", "shelf: String! @unique\n  copies: [Copy!]! @inverse(of: \"book\")"),
            ("  books: [Book!]! @inverse(of: \"author\")\n", ""),
        ],
        appears: [
            "Author Ann edited=1", "Author Bo edited=1", "Author Cy edited=", "Book 1 copies=1|LEATHER", "Book 2 copies=",
            "Book 3 copies=",
        ], disappears: ["Author Ann books=1;3", "Author Bo books=2", "Author Cy books="]),
    ModelChange(
        law: "a type is added without rows",
        edits: [("type Copy", "type Room @node(key: \"name\") { name: String! }\ntype Copy")],
        notes: ["library.graphql:21:6: the type Room is new"]),
    ModelChange(
        law: "a field is added without values, in the middle of others",
        edits: [("  price: Decimal", "  genre: String\n  sequel: Book\n  price: Decimal")],
        notes: [
            "library.graphql:12:3: Book.genre is new; no row has a value",
            "library.graphql:13:3: Book.sequel is new; no row has a value",
        ],
        appears: ["1", "2", "3"].flatMap { ["Book \($0) genre=-", "Book \($0) sequel=-"] }),
    ModelChange(
        law: "a required list is added empty", edits: [("  price: Decimal", "  moods: [Mood!]!\n  price: Decimal")],
        notes: ["library.graphql:12:3: Book.moods is new; its lists are empty"],
        appears: ["Book 1 moods=", "Book 2 moods=", "Book 3 moods="]),
    ModelChange(
        law: "a required field is added with a value for the rows that are there",
        edits: [
            (
                "  price: Decimal",
                "  mood: Mood! @backfill(value: \"WILD\")\n  tax: Decimal! @backfill(value: \"0.5\")\n"
                    + "  language: String! @backfill(value: \"zh\")\n  seen: Boolean! @backfill(value: \"true\")\n  price: Decimal"
            )
        ],
        notes: ["mood", "tax", "language", "seen"].enumerated().map {
            "library.graphql:\(12 + $0):3: Book.\($1) is new; rows that are there get the value of @backfill"
        },
        appears: ["1", "2", "3"].flatMap {
            ["Book \($0) mood=WILD", "Book \($0) tax=0.50", "Book \($0) language=zh", "Book \($0) seen=true"]
        }),
    ModelChange(
        law: "a required field is added to a type without rows", edits: [("mood: Mood", "mood: Mood\n  since: Date!")],
        notes: ["library.graphql:28:3: Rumor.since is new"], opensOldVersions: false),
    ModelChange(
        law: "a field is renamed, also in a key and at the other end of an edge",
        edits: [
            ("title: String", "name: String @was(name: \"title\")"),
            ("number: Int!", "code: Int! @was(name: \"number\")"), ("key: \"number\"", "key: \"code\""),
            ("author: Author", "writer: Author @was(name: \"author\")"), ("of: \"author\"", "of: \"writer\""),
        ],
        notes: [
            "library.graphql:9:3: Book.number is now code", "library.graphql:10:3: Book.author is now writer",
            "library.graphql:11:3: Book.title is now name",
        ],
        appears: [
            "Book 1 code=1", "Book 1 name=Sand", "Book 1 writer=Ann", "Book 2 code=2", "Book 2 name=Sand", "Book 2 writer=Bo",
            "Book 3 code=3", "Book 3 name=Wind", "Book 3 writer=Ann",
        ],
        disappears: [
            "Book 1 number=1", "Book 1 title=Sand", "Book 1 author=Ann", "Book 2 number=2", "Book 2 title=Sand",
            "Book 2 author=Bo",
            "Book 3 number=3", "Book 3 title=Wind", "Book 3 author=Ann",
        ]),
    ModelChange(
        law: "a type and an enum are renamed wherever they are named",
        edits: [
            ("type Copy @node(key: [\"book\", \"state\"])", "type Item @node(key: [\"book\", \"state\"]) @was(name: \"Copy\")"),
            ("enum Binding", "enum Cover @was(name: \"Binding\")"), ("binding: Binding", "binding: Cover"),
            ("forms: [Binding!]!", "forms: [Cover!]!"), ("state: Binding!", "state: Cover!"),
        ],
        notes: ["library.graphql:1:6: the enum Binding is now Cover", "library.graphql:21:6: the type Copy is now Item"],
        appears: ["Item 1|LEATHER book=1", "Item 1|LEATHER state=LEATHER"],
        disappears: ["Copy 1|LEATHER book=1", "Copy 1|LEATHER state=LEATHER"]),
    ModelChange(
        law: "enum values are renamed, added and put into another order, also in keys",
        edits: [("PAPER CLOTH LEATHER", "SKIN @was(name: \"LEATHER\") SILK PAPER CLOTH")],
        notes: [
            "library.graphql:1:16: Binding.LEATHER is now SKIN", "library.graphql:1:43: Binding.SILK is new",
        ],
        appears: ["Book 1 binding=SKIN", "Book 1 forms=SKIN;PAPER", "Copy 1|SKIN book=1", "Copy 1|SKIN state=SKIN"],
        disappears: [
            "Book 1 binding=LEATHER", "Book 1 forms=LEATHER;PAPER", "Copy 1|LEATHER book=1", "Copy 1|LEATHER state=LEATHER",
        ]),
    ModelChange(
        law: "another order of enum values alone makes no version", edits: [("PAPER CLOTH LEATHER", "LEATHER PAPER CLOTH")]),
    ModelChange(
        law: "a dropped field is kept, hidden; with it its enum, and what it refers to",
        edits: [
            ("  title: String\n", ""), ("  author: Author\n", ""), ("  books: [Book!]! @inverse(of: \"author\")\n", ""),
            ("  editors: [Author!]\n", ""), ("  binding: Binding\n", ""),
        ],
        notes: [
            "library.graphql:7:6: Book.author is not in the model any more; its values are kept, hidden",
            "library.graphql:7:6: Book.title is not in the model any more; its values are kept, hidden",
            "library.graphql:7:6: Book.binding is not in the model any more; its values are kept, hidden",
            "library.graphql:7:6: Book.editors is not in the model any more; its values are kept, hidden",
        ],
        appears: [
            "Book 1 __hidden_author=Ann", "Book 1 __hidden_binding=LEATHER", "Book 1 __hidden_editors=Bo;Ann",
            "Book 1 __hidden_title=Sand", "Book 2 __hidden_author=Bo", "Book 2 __hidden_binding=-", "Book 2 __hidden_editors=-",
            "Book 2 __hidden_title=Sand", "Book 3 __hidden_author=Ann", "Book 3 __hidden_binding=PAPER",
            "Book 3 __hidden_editors=", "Book 3 __hidden_title=Wind",
        ],
        disappears: [
            "Author Ann books=1;3", "Author Bo books=2", "Author Cy books=", "Book 1 author=Ann", "Book 1 binding=LEATHER",
            "Book 1 editors=Bo;Ann", "Book 1 title=Sand", "Book 2 author=Bo", "Book 2 binding=-", "Book 2 editors=-",
            "Book 2 title=Sand", "Book 3 author=Ann", "Book 3 binding=PAPER", "Book 3 editors=", "Book 3 title=Wind",
        ]),
    ModelChange(
        law: "a field that is computed from now on keeps what it held, hidden",
        edits: [("pages: Int!", "pages: Int @derived(cel: \"number * 2\")")],
        notes: ["library.graphql:8:6: Book.pages is not in the model any more; its values are kept, hidden"],
        appears: ["Book 1 __hidden_pages=100", "Book 2 __hidden_pages=20", "Book 3 __hidden_pages=7"],
        disappears: ["Book 1 pages=100", "Book 2 pages=20", "Book 3 pages=7"]),
    ModelChange(
        law: "a type without rows is dropped, with its enum",
        edits: [
            ("type Rumor @node(key: \"text\") {\n  text: String!\n  mood: Mood\n  about: Book\n}", ""),
            ("enum Mood { CALM WILD }\n", ""),
        ], notes: ["the type Rumor is gone; it has no rows"], opensOldVersions: false),
    ModelChange(
        law: "an enum value that no row holds is dropped", edits: [("CALM WILD", "WILD")],
        notes: ["library.graphql:2:6: Mood.CALM is gone; no row has it"]),
    ModelChange(
        law: "a field may be null from now on, and need not be unique",
        edits: [("pages: Int!", "pages: Int"), ("shelf: String! @unique", "shelf: String")],
        notes: [
            "library.graphql:14:3: Book.pages may be null from now on",
            "library.graphql:19:3: Book.shelf may be null from now on", "library.graphql:19:3: Book.shelf is not unique any more",
        ]),
    ModelChange(
        law: "a field of which every row has a value is required from now on", edits: [("title: String", "title: String!")],
        notes: ["library.graphql:11:3: Book.title is never null from now on"]),
    ModelChange(
        law: "a field in which no value stands twice is unique from now on",
        edits: [("price: Decimal", "price: Decimal @unique"), ("weight: Float", "weight: Float @unique")],
        notes: [
            "library.graphql:12:3: Book.price is unique from now on", "library.graphql:13:3: Book.weight is unique from now on",
        ]),
]

let refusedChanges: [ModelChange] = [
    ModelChange(
        law: "rows as they are come under no model of masked ones",
        edits: [
            ("enum Binding", "extend schema @maskedFor(profile: \"P\", role: \"R\", rules: \"0123456789abcdef01\") enum Binding")
        ],
        notes: [
            "The rows are not masked, and the model is of rows that were masked for P, seen as R by the rules 0123456789abcdef…; masked rows "
                + "are shown under the model that was archived with them, and no others are."
        ]),
    ModelChange(
        law: "a field holds what it held, and every difference is told at once",
        edits: [
            ("title: String", "title: Int"), ("born: Date", "born: DateTime"), ("author: Author", "author: Copy"),
            ("  books: [Book!]! @inverse(of: \"author\")\n", ""), ("price: Decimal", "price: Decimal @decimal(digits: 4)"),
            ("binding: Binding", "binding: Mood"), ("editors: [Author!]", "editors: Author"), ("lent: Boolean", "lent: String!"),
        ],
        notes: [
            ("5:3", "Author.born as Date, and the model says DateTime"),
            ("9:3", "Book.author as Author, and the model says Copy"),
            ("10:3", "Book.title as String, and the model says Int"),
            ("11:3", "Book.price as Decimal with 2 digits, and the model says Decimal with 4 digits"),
            ("14:3", "Book.binding as Binding, and the model says Mood"),
            ("16:3", "Book.editors as [Author!], and the model says Author"),
            ("17:3", "Book.lent as Boolean, and the model says String"),
        ].map {
            "library.graphql:\($0): the data holds \($1); give the new field another name, and drop this one when its values "
                + "were brought over"
        }),
    ModelChange(
        law: "a key stays as it is", edits: [("key: [\"book\", \"state\"]", "key: [\"state\", \"book\"]")],
        notes: [
            "library.graphql:21:6: the rows of Copy are named by (book, state), and the model says (state, book); a key stays as "
                + "it is, but its fields may be renamed with @was"
        ]),
    ModelChange(
        law: "an enum keeps the values that rows hold", edits: [("PAPER CLOTH LEATHER", "PAPER SKIN")],
        notes: [("CLOTH", 1), ("LEATHER", 3)].map {
            "library.graphql:1:6: \($1) rows hold Binding.\($0), which the model does not have; keep the value, perhaps with "
                + "@deprecated, or say with @was(name: \"\($0)\") which one it is now"
        }),
    ModelChange(
        law: "a type with rows is not dropped",
        edits: [("type Copy @node(key: [\"book\", \"state\"]) {\n  book: Book!\n  state: Binding!\n}\n", "")],
        notes: [
            "the data has 1 rows of Copy, and the model has no such type; keep the type, say with @was(name: \"Copy\") which one "
                + "it is now, or delete its rows first"
        ]),
    ModelChange(
        law: "a required field without values for the rows that are there is refused",
        edits: [("  price: Decimal", "  genre: String!\n  price: Decimal")],
        notes: [
            "library.graphql:12:3: Book.genre is new and may not be null, and 3 rows have no value; write it without '!', say with "
                + "@backfill(value: …) what they get, or with @was(name: …) which field it was"
        ]),
    ModelChange(
        law: "a field that rows lack is not required from now on",
        edits: [("price: Decimal", "price: Decimal!"), ("editors: [Author!]", "editors: [Author!]!")],
        notes: ["library.graphql:12:3: Book.price", "library.graphql:17:3: Book.editors"].map {
            "\($0) may not be null, and 1 rows have no value; give them one first, or write it without '!'"
        }),
    ModelChange(
        law: "a field in which a value stands twice is not unique from now on",
        edits: [
            ("title: String", "title: String @unique"),
            ("  price: Decimal", "  isbn: String @unique @backfill(value: \"?\")\n  price: Decimal"),
        ],
        notes: [
            "library.graphql:11:3: Book.title is @unique, and 1 rows have a value that another one has too; mend them first",
            "library.graphql:12:3: Book.isbn is @unique, and @backfill would give 3 rows the same value",
        ]),
    ModelChange(
        law: "a rename without @was is not taken for two changes", edits: [("title: String", "name: String")],
        notes: [
            "library.graphql:11:3: the model has no Book.title any more, of which 3 rows have a value, and a new field 'name' of the "
                + "same kind; if that is its new name, write @was(name: \"title\"), and if not, start once without the one before "
                + "adding the other"
        ]),
]

@Suite struct `A changing model` {
    let files = MemoryFileSystem()

    func open(_ model: String, _ files: (any FileSystem)? = nil, readOnly: Bool = false) throws -> OpenedStore {
        var options = try ChangingLibrary.options(model, files ?? self.files)
        options.isReadOnly = readOnly
        return try Store.open("/data", options)
    }

    func lines(_ store: Store) -> [String] { ChangingLibrary.lines(store.current) }

    @Test(arguments: allowedChanges) func `what is allowed keeps every value`(change: ModelChange) throws {
        try ChangingLibrary.make(in: files)
        let before = try lines(open(ChangingLibrary.first, readOnly: true).store)
        #expect(before.count == 44)
        let model = change.applied()
        let expected = (Set(before).subtracting(change.disappears)).union(change.appears).sorted()
        #expect(Set(before).isSuperset(of: change.disappears))
        // Opened for reading, no file is touched, and the version keeps its number.
        let held = try ChangingLibrary.bytes(of: "/data", files)
        let reading = try open(model, readOnly: true)
        #expect(lines(reading.store) == expected && reading.store.current.number == 4)
        #expect(try ChangingLibrary.bytes(of: "/data", files) == held)

        let opened = try open(model)
        #expect(opened.migration.map(\.description) == change.notes ?? [])
        let number: UInt64 = change.notes == nil ? 4 : 5
        #expect(opened.store.current.number == number)
        #expect(lines(opened.store) == expected)
        let wanted = try ChangingLibrary.model(model).catalog
        for (type, held) in zip(wanted.nodeTypes, opened.store.current.catalog.nodeTypes) {
            #expect(type.name == held.name && type.key == held.key && type.inverses == held.inverses)
            #expect(Array(held.columns.prefix(type.columns.count)) == type.columns)
        }
        #expect(opened.store.current.firstInconsistency() == nil)
        // Before the change, each version holds what it held; a snapshot as well as what the journal made of it.
        for old in UInt64(1)...4 where change.notes != nil {
            let version = try? opened.store.version(old)
            #expect((version != nil) == (change.opensOldVersions || old != 3), "\(old)")
            #expect(version.map { $0.catalog == opened.store.current.catalog } ?? true)
            if old == 4, let version { #expect(ChangingLibrary.lines(version) == expected) }
        }
        // It goes on: with a change under the new model, and after a start.
        let author = try ChangingLibrary.rows(model, ["Author": [["name": "Dee"]]])
        _ = try opened.store.commitWaiting(Commit(author))
        let after = lines(opened.store)
        #expect(Set(after).isSuperset(of: expected))
        try opened.store.close()
        let again = try open(model)
        #expect(again.migration.isEmpty && lines(again.store) == after && again.store.current.number == number + 1)
        #expect(again.store.current.firstInconsistency() == nil)
        _ = try again.store.snapshot()
        try again.store.close()
        #expect(try Store.verify("/data", ChangingLibrary.options(model, files)).version == number + 1)
        // Everything of it was durable.
        let lost = files.afterPowerLoss(.nothingKept)
        #expect(try lines(open(model, lost).store) == after)
    }

    @Test(arguments: refusedChanges) func `what is not allowed is refused with every reason, and nothing is touched`(
        change: ModelChange
    ) throws {
        try ChangingLibrary.make(in: files)
        let before = try lines(open(ChangingLibrary.first, readOnly: true).store)
        let held = try ChangingLibrary.bytes(of: "/data", files)
        do {
            _ = try open(change.applied())
            Issue.record("it was opened")
        } catch let error as StoreError {
            #expect(error.reason == .otherModel && error.exitCode == 78)
            let told = error.message.split(separator: "\n  ").dropFirst().map(String.init)
            let last = "\nNothing was changed; with the model as it was, the data opens as before."
            #expect(told.joined(separator: "\n") == (change.notes ?? []).joined(separator: "\n") + last)
        }
        #expect(try ChangingLibrary.bytes(of: "/data", files) == held)
        #expect(try lines(open(ChangingLibrary.first).store) == before)
    }

    // MARK: Several changes

    @Test func `a field that was dropped is back with its values when a model names it again, also under another name`() throws {
        try ChangingLibrary.make(in: files)
        let without = ChangingLibrary.first.replacing("  title: String\n", with: "")
        try open(without).store.close()
        // Meanwhile rows come and go.
        let store = try open(without).store
        _ = try store.commitWaiting(
            Commit(
                try ChangingLibrary.rows(
                    without,
                    ["Book": [["number": "4", "pages": "1", "forms": "", "shelf": "d"], ["number": "2", "pages": "21"]]])))
        _ = try store.snapshot()
        try store.close()
        let renamed = ChangingLibrary.first.replacing("title: String", with: "name: String @was(name: \"title\")")
        for (model, name) in [(ChangingLibrary.first, "title"), (renamed, "name")] {
            let copy = files.afterKill()
            let opened = try open(model, copy)
            #expect(
                opened.migration.map(\.description)
                    == ["library.graphql:11:3: Book.\(name) is back, with the values that were kept"])
            let lines = lines(opened.store)
            #expect(
                lines.filter { $0.hasPrefix("Book") && $0.contains(" \(name)=") } == [
                    "Book 1 \(name)=Sand", "Book 2 \(name)=Sand", "Book 3 \(name)=Wind", "Book 4 \(name)=-",
                ])
            #expect(!lines.contains { $0.contains("hidden") })
        }
    }

    @Test func `what is hidden holds nobody up: a row it refers to can be deleted`() throws {
        try ChangingLibrary.make(in: files)
        let without = ChangingLibrary.first.replacing("  author: Author\n", with: "")
            .replacing("  books: [Book!]! @inverse(of: \"author\")\n", with: "")
            .replacing("  editors: [Author!]\n", with: "")
        let store = try open(without).store
        _ = try store.commitWaiting(
            Commit(
                ChangeSet(types: [
                    TypeChanges(type: NodeTypeID(0), columns: [], deletedKeys: [Key([.string("Ann")])])
                ])))
        let after = lines(store)
        #expect(after.contains("Book 1 __hidden_author=-") && after.contains("Book 2 __hidden_author=Bo"))
        #expect(after.contains("Book 1 __hidden_editors=Bo"))
        try store.close()
        #expect(try lines(open(without).store) == after)
        let back = try open(ChangingLibrary.first).store
        #expect(lines(back).contains("Book 1 editors=Bo") && lines(back).contains("Author Bo books=2"))
        #expect(back.current.firstInconsistency() == nil)
    }

    @Test func `under the model of before the data goes back, and says what is hidden then`() throws {
        try ChangingLibrary.make(in: files)
        let before = try lines(open(ChangingLibrary.first, readOnly: true).store)
        let renamed = ChangingLibrary.first.replacing(
            "title: String", with: "name: String @was(name: \"title\")\n  genre: String"
        )
        .replacing("CLOTH LEATHER", with: "CLOTH SKIN @was(name: \"LEATHER\") SILK")
        try open(renamed).store.close()
        let back = try open(ChangingLibrary.first)
        #expect(
            back.migration.map(\.description) == [
                "library.graphql:1:28: Binding.SKIN is now LEATHER", "library.graphql:1:6: Binding.SILK is gone; no row has it",
                "library.graphql:11:3: Book.name is now title",
                "library.graphql:8:6: Book.genre is not in the model any more; its values are kept, hidden",
            ])
        #expect(lines(back.store).filter { !$0.contains("hidden") } == before)
    }

    @Test func `a snapshot of long ago is shown through every model since, though the present one has forgotten its names`()
        throws
    {
        try ChangingLibrary.make(in: files)
        let title = try lines(open(ChangingLibrary.first, readOnly: true).store)
        let second = ChangingLibrary.first.replacing("title: String", with: "name: String @was(name: \"title\")")
        let third = second.replacing("name: String @was(name: \"title\")", with: "heading: String @was(name: \"name\")")
        let last = third.replacing(" @was(name: \"name\")", with: "")
        for model in [second, third, last] { try open(model).store.close() }
        let store = try open(last).store
        #expect(store.current.number == 6)
        let first = try store.version(1)
        #expect(first.catalog == store.current.catalog)
        let wanted = ["Book 1 heading=Sand", "Book 2 heading=Sand"]
        #expect(ChangingLibrary.lines(first).filter { $0.contains("heading=") } == wanted)
        #expect(title.contains("Book 1 title=Sand"))
        // A model on the way that nobody can read any more breaks the way, and only the way.
        var options = try ChangingLibrary.options(last, files.afterKill())
        options.readModel = { text in
            String(decoding: text, as: UTF8.self).contains("name: String @was")
                ? nil : try? ChangingLibrary.model(String(decoding: text, as: UTF8.self)).outline
        }
        let other = try Store.open("/data", options).store
        let why = "a model that the data went through since then cannot be read any more"
        let gone = #expect(throws: VersionUnavailable.self) { try other.version(1) }
        #expect(gone?.description.hasPrefix("Version 1 cannot be shown under the present model: \(why)") == true)
        #expect(lines(other) == lines(store))
    }

    @Test func `a version that the present model cannot show is gone, with the reason`() throws {
        try ChangingLibrary.make(in: files)
        let dropped = ChangingLibrary.first.replacing("  price: Decimal\n", with: "")
        try open(dropped).store.close()
        let store = try open(dropped.replacing("shelf: String! @unique", with: "shelf: String!\n  price: Decimal")).store
        #expect(lines(store).contains("Book 1 price=9.50"))
        let strict = try {
            let filling = try ChangingLibrary.rows(
                dropped.replacing("shelf: String! @unique", with: "shelf: String!\n  price: Decimal"),
                ["Book": [["number": "2", "price": "3.00"]]])
            _ = try store.commitWaiting(Commit(filling))
            try store.close()
            return try open(dropped.replacing("shelf: String! @unique", with: "shelf: String!\n  price: Decimal!")).store
        }()
        #expect(lines(strict).contains("Book 2 price=3.00"))
        let gone = #expect(throws: VersionUnavailable.self) { try strict.version(1) }
        #expect(
            gone?.description.hasPrefix(
                "Version 1 cannot be shown under the present model: Book.price may not be null, and 1 rows have no value") == true
        )
    }

    // MARK: Faults

    @Test func `a change of the model that fails at any call leaves a folder that opens, under either model`() throws {
        let whole = MemoryFileSystem()
        try ChangingLibrary.make(in: whole)
        let model = ChangingLibrary.first.replacing("title: String", with: "name: String @was(name: \"title\")")
            .replacing("PAPER CLOTH LEATHER", with: "LEATHER PAPER CLOTH SILK")
        let before = try lines(open(ChangingLibrary.first, whole.afterKill(), readOnly: true).store)
        let after = try lines(open(model, whole.afterKill(), readOnly: true).store)
        let trial = whole.afterKill()
        let start = trial.calls.count
        try open(model, trial).store.close()
        let count = trial.calls.count - start
        var ends = (old: 0, new: 0)
        for broken in 0...count {
            let files = whole.afterKill()
            let fault = StorageFault(broken.isMultiple(of: 2) ? .inputOutput : .full, writtenByteCount: 20)
            let isForever = broken.isMultiple(of: 3)
            let first = files.calls.count
            files.failing { $0.index == first + broken || (isForever && $0.index > first + broken) ? fault : nil }
            try? open(model, files).store.close()
            files.failing { _ in nil }
            for end in [files.afterKill(), files.afterPowerLoss(.drawn(seed: UInt64(broken)))] {
                do {
                    // Whoever goes back finds the old data, and whoever goes on the new.
                    let back = try open(ChangingLibrary.first, end.afterKill()).store
                    #expect(lines(back) == before, "call \(broken)")
                    if back.current.number == 4 { ends.old += 1 } else { ends.new += 1 }
                    let store = try open(model, end).store
                    #expect(lines(store) == after && store.current.number == 5, "call \(broken)")
                    _ = try store.commitWaiting(
                        Commit(try ChangingLibrary.rows(model, ["Book": [["number": "1", "binding": "SILK"]]])))
                    let last = lines(store)
                    try store.close()
                    #expect(try lines(open(model, end).store) == last, "call \(broken)")
                } catch {
                    Issue.record("call \(broken): \(error)")
                }
            }
        }
        #expect(ends.old > 0 && ends.new > 0)
        print(
            "model change crash points: \(count) calls, 2 ends each, \(ends.old) under the old model, \(ends.new) under the new")
    }
}
