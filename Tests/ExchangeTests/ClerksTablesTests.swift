import Exchange
import Model
import StoreColumns
import Testing

/// What people write around the rows of a table, and between them: nothing of it becomes a row, and all of it is told.
@Suite("Tables as clerks keep them") struct ClerksTablesTests {
    let model: Model
    init() throws { model = try library() }

    /// The rows of authors that a table has, and what of it is passed over.
    private func check(
        _ lines: [String], give rows: [String], passing expected: [String], problems: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = SourceFile("Author.csv", lines.map { $0 + "\n" }.joined())
        let draft = Importer(model: model).read([file])
        let version = try? draft.apply(to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0))
        var report = draft.report
        do throws(ImportRefused) {
            _ = try draft.apply(to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0))
        } catch {
            report = error.report
        }
        #expect(report.problems.map(\.description) == problems, sourceLocation: sourceLocation)
        #expect(
            report.changeReport(version: 0).passedOver.map { "\($0.reason) \($0.heading ?? $0.rows)" } == expected,
            sourceLocation: sourceLocation)
        let text = CSVExporter(model: model).files(of: draft.changeSet).last?.text ?? ""
        // A column that no row fills is not written.
        func filled(_ row: String) -> [Substring] { row.split(separator: Character(",")) }
        let written = text.split(separator: Character("\n")).dropFirst().map { filled(String($0)) }
        #expect(written == rows.map { filled($0) }, sourceLocation: sourceLocation)
        // Whatever is wrong, loading in bulk comes to the same rows, or to the same problems.
        for heldBytes in [0, .max] {
            var limits = ImportLimits()
            (limits.heldBytes, limits.blockBytes) = (heldBytes, 40)
            let loaded = Result { () throws(ImportRefused) in
                try Importer(model: model, limits: limits).load(
                    [file], number: 1, publishedAt: Instant(microseconds: 0), asOf: Instant(microseconds: 0).day, workers: 2)
            }
            switch loaded {
            case .success(let loaded):
                let texts = [loaded.version, version].map { $0.map { CSVExporter(model: model).files(of: $0).map(\.text) } }
                #expect(texts[0] == texts[1], sourceLocation: sourceLocation)
                #expect(
                    loaded.report.changeReport(version: 0).passedOver == report.changeReport(version: 0).passedOver,
                    sourceLocation: sourceLocation)
            case .failure(let refused):
                #expect(version == nil && !refused.report.isClean, sourceLocation: sourceLocation)
            }
        }
    }

    private let head = "作者编号,姓名,证件号码,出生日期"

    @Test func `sums, blank rows, captions and notes make no row, wherever they stand, and each is told`() throws {
        try check(
            [
                "作者登记表,,,", "单位：甲,,,2026年", head, "A1,李白,,0701-02-03", ",,,", ",唐代,,", "A2,杜甫,,", "小计,2,,", "A3,王维,,", ",合 计：,3,",
                "注：按姓名排列。,,,",
            ],
            give: ["A1,李白,,0701-02-03", "A2,杜甫,,", "A3,王维,,"],
            passing: ["title 1–2", "blank 5", "note 6、11", "sum 8、10"])
    }

    @Test func `rows are read behind an empty one, and one without its key is refused and not lost`() throws {
        try check([head, "A1,a,,", "", ",,,", "A2,b,,"], give: ["A1,a", "A2,b"].map { $0 + ",," }, passing: ["blank 4"])
        try check(
            [head, "A1,a,,", ",b,,0701-02-03", "A2,c,,"], give: [",b,,0701-02-03", "A1,a,,", "A2,c,,"], passing: [],
            problems: ["Author.csv:3:1: 作者编号: the key is missing"])
        // Half of a row is data, wherever it stands.
        try check(
            [head, "A1,a,,", ",b,,0701-02-03"], give: [",b,,0701-02-03", "A1,a,,"], passing: [],
            problems: ["Author.csv:3:1: 作者编号: the key is missing"])
    }

    @Test func `a few words below the last key are notes, and above it a row without its key`() throws {
        let wide = "作者编号,姓名,证件号码,出生日期,,"
        try check([wide, "A1,a,,,,", ",甲,乙,,,", ",丙,丁,,,"], give: ["A1,a,,"], passing: ["note 3–4"])
        try check(
            [wide, "A1,a,,,,", ",甲,乙,,,", "A2,b,,,,"], give: [",甲,乙,", "A1,a,,", "A2,b,,"], passing: [],
            problems: ["Author.csv:3:1: 作者编号: the key is missing"])
    }

    @Test func `the last row is a row though nothing but its key is filled, and lines to sign on are none`() throws {
        try check(
            [head, "A1,a,,", "A9,,,", "填表人：某,审核人：某,日期：2026-01-01,"], give: ["A1,a,,", "A9,,,"], passing: ["note 4"])
        try check([head, "A1,a,,", "以上数据，来自各处,,,"], give: ["A1,a,,"], passing: ["note 3"])
    }

    @Test func `headings that are printed again are none`() throws {
        try check([head, "A1,a,,", head, "A2,b,,"], give: ["A1,a,,", "A2,b,,"], passing: ["repeatedHeadings 3"])
    }

    @Test func `headings in two rows are read as one`() throws {
        try check(
            ["作者编号,姓名,其他,", ",,证件号码,出生日期", "A1,a,,0701-02-03", "作者编号,姓名,其他,", "A2,b,,"],
            give: ["A1,a,,0701-02-03", "A2,b,,"], passing: ["repeatedHeadings 4"])
    }

    @Test func `a column that counts the rows is not read, and one without a heading only if it is empty`() throws {
        try check(["序 号,作者编号,姓名,,", "1,A1,a,,", "2,A2,b,,"], give: ["A1,a", "A2,b"], passing: ["rowNumbers 序 号"])
        try check(
            ["作者编号,姓名,", "A1,a,", "A2,b,c", "A3,d,e"], give: ["A1,a", "A2,b", "A3,d"], passing: [],
            problems: ["Author.csv:3:6: column 3 has no heading, and something stands in it"])
    }

    @Test func `what is passed over stands in a clerk's report, in Chinese, with its rows`() throws {
        let draft = Importer(model: model).read([SourceFile("作者.csv", head + "\nA1,a,,\n合计,1,,\n,,,\n总计,1,,\n")])
        let report = draft.report.changeReport(version: 1)
        let lines = String(decoding: report.clerkCSV(model), as: UTF8.self).split(separator: "\r\n").map(String.init)
        #expect(lines.contains("作者.csv,3、5,,,,,,合计行，没有导入,,提示,\"作者.csv: rows 3, 5 are not read: sums\""), "\(lines)")
        #expect(lines.contains("作者.csv,4,,,,,,空行，没有导入,,提示,作者.csv: row 4 is not read: blank"), "\(lines)")
        let json = String(decoding: report.json(), as: UTF8.self)
        #expect(json.contains(#"{"file":"作者.csv","rows":"3、5","rowCount":2,"reason":"sum","message":"#), "\(json)")
        for reason in PassedOver.Reason.allCases { #expect(!reason.rawValue.isEmpty) }
    }

    @Test func `each thing that is passed over has a line in a clerk's report, at its row or its heading`() {
        let lines = [
            "作者登记表,,,,", "序号,作者编号,姓名,出生日期,体重", "1,A1,李白,,7", ",,,,", "序号,作者编号,姓名,出生日期,体重", "小计,2,,,", "2,A2,杜甫,,", "注：按姓名排列,,,,",
        ]
        var choices = ImportChoices()
        choices.columns = ["体重": ""]
        let draft = Importer(model: model, choices: choices).read([SourceFile("作者.csv", lines.map { $0 + "\n" }.joined())])
        let report = draft.report.changeReport(version: 1)
        let told = String(decoding: report.clerkCSV(model), as: UTF8.self).split(separator: "\r\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).prefix(10).joined(separator: ",")
        }
        #expect(
            told.filter { $0.hasPrefix("作者.csv") }.sorted()
                == [
                    "作者.csv,,,体重,,,,选定不导入的栏目,,提示", "作者.csv,,,序号,,,,序号栏，没有导入,,提示", "作者.csv,1,,,,,,表头以上的标题，没有导入,,提示",
                    "作者.csv,4,,,,,,空行，没有导入,,提示", "作者.csv,5,,,,,,重复的表头，没有导入,,提示", "作者.csv,6,,,,,,合计行，没有导入,,提示",
                    "作者.csv,8,,,,,,说明、签名或小标题，没有导入,,提示",
                ].sorted(), "\(told)")
        #expect(told.contains(",,,,,,,作者.csv：读了 2 行,,提示"), "\(told)")
    }

    @Test func `everything that is passed over has words of its own in a clerk's report`() {
        var words: Set<String> = []
        for reason in PassedOver.Reason.allCases {
            var report = ChangeReport(version: 0)
            report.passedOver = [.init(file: "f", rows: "", rowCount: 0, reason: reason.rawValue, message: "m")]
            let line = String(decoding: report.clerkCSV(model), as: UTF8.self).split(separator: "\r\n").dropFirst().first ?? ""
            words.insert(String(line.split(separator: ",", omittingEmptySubsequences: false).dropFirst(7).first ?? ""))
        }
        #expect(words.count == PassedOver.Reason.allCases.count && words.allSatisfy { !$0.allSatisfy(\.isASCII) }, "\(words)")
    }

    @Test func `a clerk's report ends with what came of it, and hides what its problems hide`() {
        func told(_ change: (inout ChangeReport) -> Void) -> [String] {
            var report = ChangeReport(version: 3, limit: 1)
            for _ in 0..<3 {
                var problem = ChangeReport.Problem(.wrongValue, "wrong")
                problem.place = .init(
                    file: "f", line: 2, column: nil, cell: 1, heading: "h", value: "8613800001111", isValueHidden: true)
                report.add(problem)
            }
            change(&report)
            return String(decoding: report.clerkCSV(model), as: UTF8.self).split(separator: "\r\n").map(String.init)
        }
        let lines = told { report in
            report.notes = ["a note"]
            var count = ChangeReport.Count(type: "Author")
            (count.added, count.changed, count.unchanged, count.deleted) = (1, 2, 3, 4)
            report.counts = [count]
        }
        #expect(
            lines.dropFirst() == [
                "f,2,1（A）,h,,,（个人信息，不显示）,内容不合要求,按栏目的要求改正,错误,wrong", ",,,,,,,还有 2 个问题没有列出,改正后再检查一次,错误,", ",,,,,,,说明,,提示,a note",
                ",,,,,,,作者：新增 1，修改 2，未变 3，删除 4,,提示,", ",,,,,,,没有导入：发现 3 个问题；数据没有改动,,结果,",
            ], "\(lines)")
        #expect(told { $0.isRepeated = true }.last == ",,,,,,,以前已经导入过，是第 3 版；这次没有改动,,结果,")
        #expect(told { ($0.isApplied, $0.leftOutCount) = (true, 2) }.last == ",,,,,,,已导入，成为第 3 版；略过 2 行,,结果,")
        #expect(told { $0.isDryRun = true }.last == ",,,,,,,试导入发现 3 个问题；数据没有改动,,结果,")
    }

    @Test func `keys that look like none are written as texts, and read as they were`() throws {
        let keys = ["合计", "全村小计", "注：见下", "填表人：某", "total", "作者编号", "a b", "number", "一，二", "a, b"]
        for rest in ["", ",某"] {
            let lines = keys.map { "=\"\($0)\"" + (rest.isEmpty ? "," : rest) }
            let file = SourceFile("Author.csv", (["number,name"] + lines).map { $0 + ",\n" }.joined())
            let draft = Importer(model: model).read([file])
            #expect(draft.report.passedOver.isEmpty && draft.changeSet.types.first?.rowCount == keys.count)
            let written = CSVExporter(model: model).files(of: draft.changeSet)
            let again = Importer(model: model).read(written)
            #expect(
                again.report.passedOver.isEmpty && again.changeSet.types.first?.rowCount == keys.count, "\(written.map(\.text))")
            #expect(CSVExporter(model: model).files(of: again.changeSet).map(\.text) == written.map(\.text))
        }
    }

    @Test func `names that hold such words are names`() throws {
        try check(
            [head, "A1,总计生,,", "A2,小计,,", "注1,备注,,", "单位7,x,,"], give: ["A1,总计生,,", "A2,小计,,", "单位7,x,,", "注1,备注,,"], passing: [])
    }
}
