/// The name that may have been meant.
enum Suggestion {
    /// " Did you mean 'x'?", or nothing where no candidate is near: at most a third of the letters differ.
    static func text(for name: String, among candidates: some Sequence<String>) -> String {
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let limit = max(name.count, candidate.count) / 3 + 1
            guard let distance = distance(name, candidate, limit: limit) else { continue }
            if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
        }
        return best.map { " Did you mean '\($0.name)'?" } ?? ""
    }

    /// Letters inserted, deleted, replaced or swapped with their neighbour, case aside; nil where over the limit.
    private static func distance(_ left: String, _ right: String, limit: Int) -> Int? {
        let left = Array(left.lowercased().unicodeScalars.prefix(64))
        let right = Array(right.lowercased().unicodeScalars.prefix(64))
        guard abs(left.count - right.count) <= limit else { return nil }
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var cost = min(previous[j] + (left[i] == right[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, beforePrevious[j - 1] + 1) }
                row.append(cost)
            }
            beforePrevious = previous
            previous = row
        }
        return previous[right.count] <= limit ? previous[right.count] : nil
    }
}
