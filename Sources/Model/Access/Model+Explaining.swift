import Expressions

extension Model {
    /// Whether a role may be told why a condition holds: where it sees in full all that the condition is made of, through derived
    /// fields too. A verdict on what it does not see would tell of it.
    package func shows(partsOf condition: Expression) -> Bool { showsParts([condition])[0] }

    /// The same of several conditions.
    package func showsParts(_ conditions: [Expression]) -> [Bool] {
        guard let view else { return conditions.map { _ in true } }
        let reads = FieldReads(self)
        return conditions.map { condition in
            reads.reads(of: condition).allSatisfy { read in
                let field = self[read.type].fields[read.position]
                guard field.view.isFull else { return false }
                if case .derived(let id, _) = field.source { return view.shows(partsOf: id) }
                return true
            }
        }
    }
}
