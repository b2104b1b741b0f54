extension Expression {
    /// Gathers the comparisons that hold something against a parameter: as they read once values stand in place of parameters, which
    /// is how an explanation meets them. Of two that read alike the first counts.
    package func addParameterThresholds(_ values: ParameterValues, to found: inout [Expression: ParameterID]) {
        if case .compare(_, let left, let right) = self {
            for operand in [right, left] {
                guard case .parameter(let id, _) = operand else { continue }
                let bound = self.bound(to: values)
                if found[bound] == nil { found[bound] = id }
                break
            }
        }
        for part in parts { part.addParameterThresholds(values, to: &found) }
    }
}
