import Model
import Testing

@Suite struct `Headings of files` {
    let model: Model
    init() throws { model = try library() }

    func check(_ heading: String, in type: String, means fields: String..., sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let type = try #require(model.type(named: type))
        let found =
            switch type.field(forHeading: heading) {
            case .none: [String]()
            case .one(let position): [type.fields[position].name]
            case .several(let positions): positions.map { type.fields[$0].name }
            }
        #expect(found == fields, sourceLocation: sourceLocation)
    }

    @Test func `a field is found by name, label and alias`() throws {
        try check("isbn", in: "Book", means: "isbn")
        try check("书号", in: "Book", means: "isbn")
        try check("ISBN号", in: "Book", means: "isbn")
        try check("价格", in: "Book", means: "price")
    }

    @Test func `spaces, line breaks, letter case, width and joining signs do not matter`() throws {
        try check(" 书\n号　", in: "Book", means: "isbn")
        try check("ｉｓｂｎ号", in: "Book", means: "isbn")
        try check("weight_kilograms", in: "Book", means: "weightKilograms")
        try check("Weight-Kilograms:", in: "Book", means: "weightKilograms")
        try check("\u{FEFF}isbn", in: "Book", means: "isbn")
    }

    @Test func `units and notes in brackets do not matter, on either side`() throws {
        try check("定价", in: "Book", means: "price")
        try check("定价(万元)", in: "Book", means: "price")
        try check("书名【必填】", in: "Book", means: "title")
        try check("馆名", in: "Branch", means: "name")
    }

    @Test func `an unknown heading means nothing`() throws {
        try check("书", in: "Book")
        try check("", in: "Book")
        try check("（元）", in: "Book")
    }

    @Test func `a heading of several fields is ambiguous, unless one of them is stored`() throws {
        let text = """
            type A @node(key: "x") {
              x: String! @label(zh: "数")
              y: Int @label(zh: "年（份）", aliases: ["公共"])
              z: Int @label(zh: "年", aliases: ["共用"])
              w: Int! @derived(cel: "1") @label(zh: "数", aliases: ["共用", "公共"])
              v: Int! @derived(cel: "2") @label(zh: "算", aliases: ["公共"])
              u: Int! @derived(cel: "3") @label(zh: "算")
              t: Int @label(zh: "年(度)")
            }
            """
        let type = try Model(sources: [ModelSource(name: "a", bytes: Array(text.utf8))], digest: "").types[0]
        #expect(type.field(forHeading: "数") == .one(0))
        #expect(type.field(forHeading: "共用") == .one(2))
        #expect(type.field(forHeading: "公共") == .one(1))
        #expect(type.field(forHeading: "年") == .one(2), "as written comes before without notes")
        #expect(type.field(forHeading: "年（月）") == .several([1, 2, 6]))
        #expect(type.field(forHeading: "算") == .several([4, 5]))
    }

    @Test func `a value of an enum is found by name, label and alias`() {
        let genre = model.enumerations[0]
        #expect(genre.value(forText: "novel") == .one(0))
        #expect(genre.value(forText: " 长篇小说") == .one(0))
        #expect(genre.value(forText: "1") == .one(0))
        #expect(genre.value(forText: "非虚构") == .one(2))
        #expect(genre.value(forText: "NON FICTION") == .one(2))
        #expect(genre.value(forText: "戏剧") == .none)
    }

    @Test func `a type is found by its name, its list's name, label and alias`() {
        #expect(model.type(forHeading: "branches") == .one(0))
        #expect(model.type(forHeading: "Book") == .one(1))
        #expect(model.type(forHeading: "书") == .one(1))
        #expect(model.type(forHeading: "shelf") == .none)
    }
}
