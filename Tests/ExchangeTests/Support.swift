import Exchange
import Foundation
import Model
import Settings
import StoreColumns
import Testing

let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

func bytes(of url: URL) throws -> [UInt8] { Array(try Data(contentsOf: url)) }

/// All files of a folder, by name.
func files(in folder: URL) throws -> [SourceFile] {
    try FileManager.default.contentsOfDirectory(at: folder.resolvingSymlinksInPath(), includingPropertiesForKeys: nil)
        .sorted { $0.lastPathComponent < $1.lastPathComponent }
        .map { SourceFile(name: $0.lastPathComponent, bytes: try bytes(of: $0)) }
}

/// The model that ships, read once for all tests.
func shippedModel() throws -> Model { try shipped.get() }

private let shipped = Result { try readShippedModel() }

private func readShippedModel() throws -> Model {
    let sources = try files(in: repository.appending(path: "Schema/model"))
        .filter { $0.name.hasSuffix(".graphql") }
        .map { file in ModelSource(name: file.name, bytes: file.text.map { Array($0.utf8) } ?? []) }
    return try Model(sources: sources, digest: "shipped")
}

/// The mapping that ships, read once for all tests.
func shippedMapping() throws -> ImportMapping { try mappingThatShips.get() }

private let mappingThatShips = Result {
    try ImportMapping(
        reading: try bytes(of: repository.appending(path: "Schema/imports/register-csv.yaml")), file: "register-csv.yaml")
}

/// A small model with every kind of field.
func library() throws -> Model {
    let text = """
        type Author @node(key: "number") @label(zh: "作者", aliases: ["作家"]) {
          number: String! @label(zh: "作者编号", aliases: ["编号"])
          name: String @personal(class: PII) @label(zh: "姓名")
          idNumber: String @unique @personal(class: SPI, mask: ID_NUMBER) @label(zh: "证件号码")
          born: Date @label(zh: "出生日期")
          books: [Book!]! @inverse(of: "author") @label(zh: "书目")
        }
        type Book @node(key: ["author", "title"]) @label(zh: "书") {
          author: Author! @label(zh: "作者")
          title: String! @label(zh: "书名", aliases: ["题名", "名称"])
          genre: Genre @label(zh: "体裁")
          moods: [Genre!]
          pages: Int @label(zh: "页数")
          price: Decimal @decimal(digits: 2) @label(zh: "价格（元）")
          weight: Float
          inPrint: Boolean @label(zh: "是否在售", aliases: ["名称"])
          publishedOn: Date @label(zh: "出版日期")
          addedAt: DateTime
          seeAlso: [Book!]
          friends: [Author!]
          edition: Edition
          pageCount: Int @derived(cel: "pages")
        }
        type Edition @node(key: ["book", "year"]) {
          book: Book!
          year: Int!
          state: Genre!
          from: Date
          to: Date
        }
        type Shelf @node(key: "code") {
          code: String!
          genres: [Genre!]! @label(zh: "全部体裁")
        }
        type Loan @node(key: ["author", "from"]) @period(from: "from", to: "to") {
          author: Author!
          from: Date!
          to: Date @label(zh: "归还日期")
        }
        enum Genre { NOVEL @label(zh: "小说", aliases: ["1"]) POEM @label(zh: "诗", aliases: ["诗歌"]) ESSAY @label(zh: "散文") }
        """
    return try Model(sources: [ModelSource(name: "library.graphql", bytes: Array(text.utf8))], digest: "library")
}

extension SourceFile {
    init(_ name: String, _ text: String) { self.init(name: name, bytes: Array(text.utf8)) }

    var text: String? {
        var bytes: [UInt8] = []
        let span = self.bytes
        for index in span.indices { bytes.append(span[index]) }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// Loads files into an empty version.
func load(
    _ files: [SourceFile], _ model: Model, mapping: ImportMapping? = nil, limits: ImportLimits = ImportLimits(),
    asOf: CivilDate? = nil
) throws(ImportRefused) -> GraphVersion {
    let draft = Importer(model: model, mapping: mapping, limits: limits).read(files)
    return try draft.apply(to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0), asOf: asOf)
}
