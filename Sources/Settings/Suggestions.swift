/// `" Did you mean 'x'?"` where a known name is near enough to what was written, else nothing.
package func didYouMean(_ given: String, among known: some Sequence<String>) -> String {
    let wanted = Array(given.lowercased().unicodeScalars.prefix(64))
    // A third of the letters may differ; more is another word.
    var best: (name: String, distance: Int)?
    for name in known {
        let candidate = Array(name.lowercased().unicodeScalars.prefix(64))
        let allowed = max(1, max(wanted.count, candidate.count) / 3)
        guard abs(wanted.count - candidate.count) <= allowed else { continue }
        let distance = editDistance(wanted, candidate)
        // What shares no letter is no misspelling.
        if distance <= allowed, distance < max(wanted.count, candidate.count), distance < best?.distance ?? .max {
            best = (name, distance)
        }
    }
    return best.map { " Did you mean '\($0.name)'?" } ?? ""
}

/// Letters to insert, delete, replace or swap with their neighbour (optimal string alignment).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 1...left.count {
        var current = [row] + [Int](repeating: 0, count: right.count)
        for column in 1...right.count {
            let replaced = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
            current[column] = min(replaced, last[column] + 1, current[column - 1] + 1)
            if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                current[column] = min(current[column], beforeLast[column - 2] + 1)
            }
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
