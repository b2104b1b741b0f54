import Expressions
import Model
import StoreColumns

/// A text is an expression or has an error at a place in it. A condition is true for the same rows whether they are asked one by one or
/// all at once.
enum CELLaws {
    private static let exhibit = SampleData.model.type(named: "Exhibit")?.nodeType ?? NodeTypeID(0)

    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        let expression: Expression
        do throws(CELError) {
            expression = try parse(text)
        } catch {
            return try checkPlace(error, text)
        }
        try hold((try? parse(text)) == expression, "the same text is two expressions")
        let context = EvaluationContext(
            version: SampleData.version, rowTypes: SampleData.model.rowTypes, asOf: RequestLaws.asOf,
            budget: Budget(rowLimit: 20_000, byteLimit: 1 << 20), derived: DerivedColumns(SampleData.model.rowTypes))
        if case .boolean = expression.type {
            try checkCondition(expression, context)
        } else {
            try checkValue(expression, context)
        }
    }

    private static func parse(_ text: String) throws(CELError) -> Expression {
        try parseCEL(text, on: exhibit, in: SampleData.model.rowTypes, expecting: nil)
    }

    private static func checkCondition(_ condition: Expression, _ context: EvaluationContext) throws(BrokenLaw) {
        var found: ([RowNumber], [RowNumber])
        do throws(EvaluationError) {
            let predicate = try CompiledPredicate(condition, on: exhibit, context)
            let all = (0..<context.version[exhibit].rowCount).map { RowNumber($0) }
            found = (try predicate.rows().array(), try predicate.rows(among: all))
        } catch {
            return
        }
        try hold(found.0 == found.1, "all at once: \(found.0), one by one: \(found.1)")
    }

    private static func checkValue(_ expression: Expression, _ context: EvaluationContext) throws(BrokenLaw) {
        do throws(EvaluationError) {
            let compiled = try CompiledExpression(expression, on: exhibit, context)
            for row in 0..<context.version[exhibit].rowCount { _ = try compiled.value(of: RowNumber(row)) }
        } catch {
            return
        }
    }

    private static func checkPlace(_ error: CELError, _ text: String) throws(BrokenLaw) {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        try hold(!error.message.isEmpty, "an error without words")
        try hold(
            (1...lines.count).contains(error.line) && (1...lines[error.line - 1].count + 1).contains(error.column),
            "an error stands outside: \(error)")
    }
}
