/// The names most like one that is not known, nearest first; at most five.
///
/// Alike are names at an edit distance (insert, delete, replace, swap neighbours; letter case does not count) of at most
/// two fifths of the length plus one, and less than the length. The cost is bounded: only the first 2,000 candidates are looked at, names over 64
/// bytes are not compared.
package func similarNames(to name: String, among candidates: some Sequence<String>) -> [String] {
    let wanted = lowercased(name)
    guard !wanted.isEmpty, wanted.count <= 64 else { return [] }
    let threshold = min(wanted.count * 2 / 5 + 1, wanted.count - 1)
    var found: [(distance: Int, name: String)] = []
    for candidate in candidates.prefix(2_000) {
        let letters = lowercased(candidate)
        guard letters.count <= 64, abs(letters.count - wanted.count) <= threshold else { continue }
        let distance = editDistance(wanted, letters)
        if distance <= threshold { found.append((distance, candidate)) }
    }
    return found.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(5).map(\.name)
}

/// " Did you mean 'reason'?", or nothing where no known name is alike.
package func suggestion(for name: String, among candidates: some Sequence<String>, prefix: String = "") -> String {
    let names = similarNames(to: name, among: candidates).map { "'\(prefix)\($0)'" }
    guard let last = names.last else { return "" }
    let list = names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " or " + last
    return " Did you mean \(list)?"
}

private func lowercased(_ name: String) -> [UInt8] {
    name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
}

/// Optimal string alignment distance.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
            var best = min(replaced, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                best = min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
