import Model
import StoreColumns

extension Pages {
    /// A question that the start page offers.
    package struct Example: Sendable {
        package var titleChinese: String
        package var titleEnglish: String
        package var document: String
    }

    /// Reads the pages of a folder: `start.html`, `explain.html`, `question.html`, `questions.html` and `sign-in.html`, what `assetFolders`
    /// hold, the questions in `examples`, and every folder with a `page.html`, which stands at the folder's name with the other files beside it.
    ///
    /// - Parameter showsSchema: Whether the page leads to the schema.
    /// - Throws: What keeps a file from being read; a template that cannot be filled counts as unreadable.
    package static func load(
        folder: String, model: Model, showsSchema: Bool = true
    ) throws(RegisterFiles.Problem) -> (pages: Pages, examples: [Example]) {
        var assets: [String: FixedContent] = [:]
        let pageFolders = try RegisterFiles.folders(in: folder, holding: pageFile)
        for subfolder in assetFolders + pageFolders {
            for file in try RegisterFiles.files(in: folder + "/" + subfolder, extensions: Set(contentTypes.keys)) {
                let end = file.name.split(separator: ".").last.map(String.init) ?? ""
                guard let contentType = contentTypes[end] else { continue }
                assets[subfolder + "/" + file.name] = FixedContent(contentType: contentType, bytes: file.bytes)
            }
        }
        let examples = try RegisterFiles.files(in: folder + "/examples", extensions: ["graphql"]).map {
            example(String(decoding: $0.bytes, as: UTF8.self))
        }
        let template = try Self.template(folder + "/start.html")
        let explanation = try Self.template(folder + "/explain.html")
        let signIn = try Self.template(folder + "/sign-in.html")
        let consoleScripts = Self.scripts(of: "console", assets)
        let filling = Filling(model: model, examples: examples, scripts: consoleScripts, showsSchema: showsSchema)
        var pages = Pages(
            start: { Array(template.filled(with: filling.values($0, $1, tellsCounts: $2)).utf8) }, assets: assets,
            signIn: signIn)
        for name in pageFolders {
            let template = try Self.template("\(folder)/\(name)/\(pageFile)")
            pages.named[name] = page(template, scripts: Self.scripts(of: name, assets))
        }
        pages.question = try Self.template(folder + "/question.html")
        pages.questions = try Self.template(folder + "/questions.html")
        pages.explanation = { page in Array(explanation.filled(with: page.values).utf8) }
        return (pages, examples)
    }

    private static func template(_ path: String) throws(RegisterFiles.Problem) -> Template {
        let text = String(decoding: try RegisterFiles.bytes(of: path), as: UTF8.self)
        do throws(Template.Problem) {
            return try Template(text)
        } catch {
            throw .unreadable(path, reason: "its holes do not close: \(error)")
        }
    }

    /// The scripts of a folder, which a page names so that they come all at once, instead of each when another that needs it has come.
    private static func scripts(of folder: String, _ assets: [String: FixedContent]) -> [String] {
        assets.keys.filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(".js") }.sorted()
    }

    /// A page of its own, which asks for everything else by itself.
    private static func page(_ template: Template, scripts: [String]) -> FixedContent {
        var values = Template.Values()
        values.lists["scripts"] = scripts.map { Template.Values(texts: ["script": $0]) }
        // Where this server tells of new versions, if it does.
        let events = "/events"
        if Route(target: events).map({ !$0.isPage }) == true {
            values.lists["events"] = [Template.Values(texts: ["address": events])]
        }
        return FixedContent(contentType: "text/html; charset=utf-8", bytes: Array(template.filled(with: values).utf8))
    }

    private static let pageFile = "page.html"
    /// Folders whose files are sent as they are.
    private static let assetFolders = ["console", "explain", "sign-in"]
    private static let contentTypes = [
        "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
    ]

    /// `# title-zh: …` and `# title-en: …` before the document.
    private static func example(_ text: String) -> Example {
        var titles: [String: String] = [:]
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let line = lines.first, line.hasPrefix("#") {
            let parts = line.dropFirst().split(separator: ":", maxSplits: 1)
            if parts.count == 2 { titles[trimmed(parts[0])] = trimmed(parts[1]) }
            lines.removeFirst()
        }
        return Example(
            titleChinese: titles["title-zh"] ?? "", titleEnglish: titles["title-en"] ?? "",
            document: trimmed(Substring(lines.joined(separator: "\n"))))
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}

/// What the start page tells.
private struct Filling: Sendable {
    let model: Model
    let examples: [Pages.Example]
    let scripts: [String]
    let showsSchema: Bool

    func values(_ version: GraphVersion, _ day: CivilDate, tellsCounts: Bool) -> Template.Values {
        var values = Template.Values()
        values.texts = [
            "version": String(version.number), "publishedAt": "\(version.publishedAt)", "asOf": "\(day)",
        ]
        values.lists["types"] = (tellsCounts ? model.types : []).map { type in
            Template.Values(texts: [
                "name": type.name, "label": type.label.chinese ?? "", "field": type.plural,
                "count": grouped(version[type.nodeType].liveRowCount),
            ])
        }
        // Where a value tells of a person: what is asked by it does not go into a link unseen.
        values.lists["personal"] = model.types.flatMap { type in
            type.fields.filter { $0.personal != nil }.map { field in
                Template.Values(texts: ["type": type.name, "field": field.name])
            }
        }
        values.lists["schema"] = showsSchema ? [Template.Values()] : []
        values.lists["examples"] = examples.map { example in
            Template.Values(texts: [
                "titleZh": example.titleChinese, "titleEn": example.titleEnglish, "document": example.document,
            ])
        }
        values.lists["scripts"] = scripts.map { Template.Values(texts: ["script": $0]) }
        return values
    }

    /// Digits in threes.
    private func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
