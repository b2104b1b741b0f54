import Expressions
import StoreColumns

/// Compiles the checks of a sound structure.
struct Checks {
    private let structure: Structure
    private let rowTypes: RowTypes
    private(set) var byType: [[ModelCheck]] = []
    private(set) var problems = ProblemList()

    init(_ structure: Structure, _ rowTypes: RowTypes) {
        self.structure = structure
        self.rowTypes = rowTypes
    }

    /// Compiles all of them; `problems` says which could not be.
    mutating func compile() {
        var owners: [String: String] = [:]
        for (index, type) in structure.types.enumerated() {
            var checks: [ModelCheck] = []
            for declaration in type.checks {
                let id = declaration.id.value
                if let owner = owners[id] {
                    problems.report(
                        .name, "Two checks are called '\(id)', of \(owner) and of \(type.name); call one otherwise.",
                        at: declaration.id.place)
                }
                owners[id] = type.name
                guard let expression = expression(of: declaration, on: NodeTypeID(index)) else { continue }
                checks.append(
                    ModelCheck(
                        id: id, type: NodeTypeID(index), severity: declaration.severity, expression: expression,
                        label: declaration.label, explanation: declaration.explanation ?? declaration.text.value.text))
            }
            byType.append(checks)
        }
    }

    private mutating func expression(of check: CheckDeclaration, on type: NodeTypeID) -> Expression? {
        do throws(CELError) {
            return try parseCEL(check.text.value.text, on: type, in: rowTypes, expecting: .boolean)
        } catch {
            let source = check.text.place.source
            problems.report(
                .expression, "The check '\(check.id.value)' is not understood: \(error.message)", in: source,
                at: check.text.value.location(line: error.line, column: error.column, in: source))
            return nil
        }
    }
}
