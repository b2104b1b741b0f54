import Foundation
import JSONText

/// What was measured, as tables for people or as JSON. Ratios and rates are those of the least times: whatever else runs on the
/// machine only ever adds.
struct Report {
    private let command: Command
    private var results: [Group.Result] = []

    init(_ command: Command) { self.command = command }

    private var cores: Int { ProcessInfo.processInfo.activeProcessorCount }
    private var extent: String { command.isQuick ? "quick" : "full" }

    func begin() {
        guard command.format == .table else { return }
        print("\(cores) cores, a \(extent) run; nanoseconds and heap blocks a call")
    }

    mutating func add(_ result: Group.Result) {
        results.append(result)
        if command.format == .table { print(Self.table(result)) }
    }

    func end() {
        if command.format == .json { print(String(decoding: json(), as: UTF8.self)) }
    }

    // MARK: - Tables

    private static func table(_ result: Group.Result) -> String {
        var table = [["", "median", "least", "ratio", "rate", "blocks", "heap bytes", "peak bytes"]]
        for row in result.rows {
            var cells = [
                row.name, String(Int(row.median.rounded())), String(Int(row.least.rounded())),
                short(row.least / (result.rows.first?.least ?? 1)),
            ]
            cells.append(
                row.work.map { work in
                    let rate = work.rate(nanoseconds: row.least)
                    return "\(short(rate.value)) \(rate.unit)"
                } ?? "")
            cells += [row.allocations?.blocks, row.allocations?.bytes, row.allocations?.peakBytes].map {
                $0.map(String.init) ?? "–"
            }
            table.append(cells)
        }
        let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        let lines = table.map { cells in
            cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }.joined(separator: "  ")
        }
        let head = "\n\(result.group.title)\n./hearth bench \(result.group.name): \(result.group.comparison)\n"
        return head + (lines + besideDatabases(result)).map { "  " + $0 }.joined(separator: "\n")
    }

    /// What each of our rows takes of the time of the fastest database, by medians and by least times.
    private static func besideDatabases(_ result: Group.Result) -> [String] {
        guard result.group.peerKind == .database else { return [] }
        let others = result.rows.filter(\.isPeer)
        guard let median = others.map(\.median).min(), let least = others.map(\.least).min() else { return [] }
        let shares = result.rows.filter { !$0.isPeer }.map { row in
            let name = row.name.prefix { $0 != ":" }
            return "\(name) \(short(row.median / median)) (\(short(row.least / least)))"
        }
        return ["of the fastest database's time, by medians (least times): " + shares.joined(separator: ", ")]
    }

    /// Three digits that matter, or all of a large whole number.
    private static func short(_ value: Double) -> String {
        if value >= 100 { return String(Int(value.rounded())) }
        var unit = 0.01
        while value > 0, value < 10 * unit, unit > 1e-6 { unit /= 10 }
        return String(format: unit == 0.01 ? "%.2f" : "%.4f", value)
    }

    // MARK: - JSON

    private func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("cores")
        writer.int(cores)
        writer.name("run")
        writer.string(extent)
        writer.name("groups")
        writer.beginArray()
        for result in results {
            writer.separate()
            Self.write(result, to: &writer)
        }
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    private static func write(_ result: Group.Result, to writer: inout JSONWriter) {
        writer.beginObject()
        for (name, text) in [
            ("name", result.group.name), ("command", "./hearth bench \(result.group.name)"), ("title", result.group.title),
            ("comparison", result.group.comparison),
        ] {
            writer.name(name)
            writer.string(text)
        }
        writer.name("rows")
        writer.beginArray()
        for row in result.rows {
            writer.separate()
            writer.beginObject()
            writer.name("name")
            writer.string(row.name)
            writer.name("peer")
            writer.boolean(row.isPeer)
            writer.name("medianNanoseconds")
            writer.float(row.median)
            writer.name("leastNanoseconds")
            writer.float(row.least)
            writer.name("ratio")
            writer.float(row.least / (result.rows.first?.least ?? 1))
            if let rate = row.work?.rate(nanoseconds: row.least) {
                writer.name("rate")
                writer.float(rate.value)
                writer.name("rateUnit")
                writer.string(rate.unit)
            }
            for (name, count) in [
                ("heapBlocks", row.allocations?.blocks), ("heapBytes", row.allocations?.bytes),
                ("peakBytes", row.allocations?.peakBytes),
            ] {
                guard let count else { continue }
                writer.name(name)
                writer.int(count)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
