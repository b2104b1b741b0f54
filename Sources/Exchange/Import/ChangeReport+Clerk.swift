import Model

/// The report of an import for whoever keeps the files: a table in Chinese, a line for each thing to put right, which spreadsheets open.
extension ChangeReport {
    package func clerkCSV(_ model: Model) -> [UInt8] {
        var writer = TableCSVWriter(hasMark: true, isExact: false)
        for heading in ["文件", "行", "列", "栏目", "对象", "字段", "内容", "问题", "怎么办", "程度", "原文"] { writer.text(heading) }
        writer.endRow()
        for problem in problems { problem.write(to: &writer, model) }
        let left = problemCount - problems.count
        if left > 0 { line("还有 \(left) 个问题没有列出", "改正后再检查一次", "错误", to: &writer) }
        for part in passedOver { part.write(to: &writer) }
        for note in notes { line("说明", "", "提示", note, to: &writer) }
        for file in files {
            let bad = file.badRowCount > 0 ? "，其中 \(file.badRowCount) 行有错" : ""
            line("\(file.name)：读了 \(file.rowCount) 行\(bad)", "", "提示", to: &writer)
        }
        for count in counts {
            let label = model.type(named: count.type)?.label.chinese ?? count.type
            line(
                "\(label)：新增 \(count.added)，修改 \(count.changed)，未变 \(count.unchanged)，删除 \(count.deleted)", "", "提示",
                to: &writer)
        }
        line(outcomeForClerk, "", "结果", to: &writer)
        return writer.finish()
    }

    private var outcomeForClerk: String {
        if isRepeated { return "以前已经导入过，是第 \(version) 版；这次没有改动" }
        if isApplied { return "已导入，成为第 \(version) 版\(leftOutCount > 0 ? "；略过 \(leftOutCount) 行" : "")" }
        if isDryRun { return problemCount == 0 ? "试导入没有问题；数据没有改动" : "试导入发现 \(problemCount) 个问题；数据没有改动" }
        return "没有导入：发现 \(problemCount) 个问题；数据没有改动"
    }

    private func line(
        _ text: String, _ advice: String, _ degree: String, _ original: String = "", to writer: inout TableCSVWriter
    ) {
        for _ in 0..<7 { writer.none() }
        writer.text(text)
        advice.isEmpty ? writer.none() : writer.text(advice)
        writer.text(degree)
        original.isEmpty ? writer.none() : writer.text(original)
        writer.endRow()
    }
}

extension ChangeReport.PassedOver {
    fileprivate func write(to writer: inout TableCSVWriter) {
        writer.text(file)
        rows.isEmpty ? writer.none() : writer.text(rows)
        writer.none()
        if let heading { writer.text(heading) } else { writer.none() }
        for _ in 0..<3 { writer.none() }
        writer.text(PassedOver.Reason(rawValue: reason)?.clerkWords ?? reason)
        writer.none()
        writer.text("提示")
        writer.text(message)
        writer.endRow()
    }
}

extension ChangeReport.Problem {
    fileprivate func write(to writer: inout TableCSVWriter, _ model: Model) {
        func text(_ text: String?) { if let text, !text.isEmpty { writer.text(text) } else { writer.none() } }
        func number(_ number: Int?) { if let number { writer.value(String(number)) } else { writer.none() } }
        text(place?.file)
        number(place?.line)
        text(place?.cell.map { "\($0)（\(Self.letters(ofColumn: $0))）" })
        text(place?.heading)
        let type = self.type.flatMap { model.type(named: $0) }
        text(type?.label.chinese ?? self.type)
        text(field.map { type?.field(named: $0)?.label.chinese ?? $0 })
        text(place?.isValueHidden == true ? "（个人信息，不显示）" : place?.value ?? key)
        let words = ClerkWords(self)
        writer.text(words.problem)
        text(words.advice)
        switch severity {
        case .hard: writer.text("错误")
        case .soft: writer.text("警告：说明理由后可以导入")
        case .report: writer.text("提示")
        }
        writer.text(message)
        writer.endRow()
    }

    /// What spreadsheets call a column: A … Z, AA, AB …
    private static func letters(ofColumn number: Int) -> String {
        let before = (number - 1) / 26
        return (before == 0 ? "" : letters(ofColumn: before)) + String(UnicodeScalar(UInt8(0x41 + (number - 1) % 26)))
    }
}

/// What is wrong, and what to do, in the words of an office.
private struct ClerkWords {
    var problem: String
    var advice: String?

    init(_ told: ChangeReport.Problem) {
        if told.code == .unreadable || told.code == .missingValue,
            let reason = told.reason.flatMap(ImportProblem.Reason.init(rawValue:))
        {
            self.init(reason)
        } else {
            self.init(told.code, check: told.check)
        }
    }

    private init(_ problem: String, _ advice: String? = nil) {
        self.problem = problem
        self.advice = advice
    }

    private init(_ code: ChangeProblemCode, check: String?) {
        self =
            switch code {
            case .missingKey: Self("没有填编号", "填上能认出这一行的编号")
            case .duplicateKey: Self("同一编号出现了两次", "只留一行，或改正编号")
            case .missingValue: Self("必填的内容没有填", "补填")
            case .wrongValue: Self("内容不合要求", "按栏目的要求改正")
            case .danglingReference: Self("所指的编号不存在", "核对编号，或先导入所指的那一行")
            case .notUnique: Self("内容与另一行重复，而这一栏不能重复", "核对两行，改正其中一行")
            case .noSuchRow: Self("要删除的行不存在")
            case .stillReferenced: Self("还有别的行用到要删除的行", "先改正那些行")
            case .tooManyRows: Self("行数超过上限")
            case .checkFailed: Self("不符合检查规则\(check.map { " \($0)" } ?? "")", "按“原文”一栏的说明核对")
            case .unknownCheck: Self("没有这条可以说明理由的规则")
            case .otherVersion: Self("数据在此期间已经变了", "重新检查后再导入")
            case .changeIDReused: Self("这个导入名称已用于别的文件", "换一个名称")
            case .outOfScope: Self("这一行不在您可以更改的范围内", "由主管这一行的人更改")
            case .unreadable: Self("读不了", "按“原文”一栏的说明改正")
            }
    }

    private init(_ reason: ImportProblem.Reason) {
        self =
            switch reason {
            case .unknownFile: Self("不知道这个文件或工作表是什么表", "文件或工作表改用表的名称")
            case .missingFile: Self("缺少文件")
            case .sameTypeTwice: Self("同一种表有两个文件", "合成一个文件")
            case .changedFile: Self("文件与清单不符", "用原来的文件，或重做清单")
            case .emptyFile: Self("文件是空的", "第一行应是栏目名称")
            case .unreadableWorkbook: Self("打不开这个工作簿", "用电子表格软件另存为 .xlsx")
            case .notUTF8: Self("文字编码认不出", "另存为 CSV UTF-8")
            case .truncated: Self("文件不完整", "重新导出")
            case .wrongQuoting: Self("引号用法不对", "重新另存为 CSV")
            case .tooLong: Self("内容超过上限")
            case .unknownHeading: Self("不认识的栏目", "改正栏目名称，或删去这一列")
            case .missingHeading: Self("缺少必需的栏目", "补上这一列")
            case .duplicateHeading: Self("栏目重复", "只留一列")
            case .ambiguousHeading: Self("栏目名称有多种意思", "改用“原文”一栏列出的名称")
            case .computedField: Self("这一栏由系统计算", "删去这一列")
            case .unknownType: Self("模型里没有这种表")
            case .cellCount: Self("这一行的列数与栏目不符", "检查有没有多出或缺少单元格")
            case .notBoolean: Self("不是“是”或“否”", "填 是 或 否")
            case .notWholeNumber: Self("不是整数", "只填数字")
            case .notNumber: Self("不是数字", "只填数字和小数点")
            case .notDate: Self("不是日期", "写成 2019-07-31")
            case .notDateTime: Self("不是时间", "写成 2019-07-31T08:00:00Z")
            case .outOfRange: Self("数字太大或太小", "核对数字")
            case .tooManyDigits: Self("小数位数太多", "按规定的位数填写")
            case .unknownValue: Self("不在可选内容之内", "从可选内容中选填")
            case .ambiguousValue: Self("内容有多种意思", "改用明确的写法")
            case .lostPrecision: Self("长号码的末几位已经丢失（如 4.20E+17）", "把这一列设为文本，重新填写完整号码")
            case .wrongKey: Self("编号的写法不对", "核对编号")
            case .endsBeforeItBegins: Self("结束早于开始", "核对两个日期")
            case .missingKey: Self(.missingKey, check: nil)
            case .duplicateKey: Self(.duplicateKey, check: nil)
            case .missingValue: Self(.missingValue, check: nil)
            case .wrongKind: Self(.wrongValue, check: nil)
            case .danglingReference: Self(.danglingReference, check: nil)
            case .notUnique: Self(.notUnique, check: nil)
            case .noSuchRow: Self(.noSuchRow, check: nil)
            case .stillReferenced: Self(.stillReferenced, check: nil)
            case .tooManyRows: Self(.tooManyRows, check: nil)
            case .checkFailed: Self(.checkFailed, check: nil)
            }
    }
}
