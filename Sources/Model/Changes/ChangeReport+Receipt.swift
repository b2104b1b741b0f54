/// What stays of a report for those who send the same changes again: its counts.
extension ChangeReport {
    /// A line a type: its name, then how many rows were added, changed, unchanged and deleted.
    package var receipt: [UInt8] {
        let lines = counts.map { "\($0.type) \($0.added) \($0.changed) \($0.unchanged) \($0.deleted)" }
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// The report on changes that were applied as a version. A receipt that cannot be read has no counts.
    package init(_ receipt: [UInt8], version: UInt64) {
        self.init(version: version)
        isApplied = true
        for line in String(decoding: receipt, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int($0) }
            guard let type = words.first, numbers.count == 4, words.count == 5 else { continue }
            var count = Count(type: String(type))
            (count.added, count.changed, count.unchanged, count.deleted) = (numbers[0], numbers[1], numbers[2], numbers[3])
            counts.append(count)
        }
    }
}
