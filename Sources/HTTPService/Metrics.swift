import Foundation
import Synchronization

/// What was answered since the server began, counted by route and class of status. No name, address or document of anybody.
final class RequestCounts: Sendable {
    struct Key: Hashable, Sendable {
        var route: String
        /// 200, 300, 400 or 500; 304 by itself.
        var status: Int
    }

    /// Answers that took at most so many milliseconds.
    static let bounds: [Double] = [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000]

    struct Count: Sendable {
        var count = 0
        var milliseconds = 0.0
        var bytes = 0
        /// By the places of `bounds`; each answer once.
        var within = [Int](repeating: 0, count: RequestCounts.bounds.count)

        mutating func add(_ milliseconds: Double, _ byteCount: Int) {
            count += 1
            self.milliseconds += milliseconds
            bytes += byteCount
            if let place = RequestCounts.bounds.firstIndex(where: { milliseconds <= $0 }) { within[place] += 1 }
        }
    }

    private let counts = Mutex<[Key: Count]>([:])
    private let repeated = Atomic(0)

    /// Of all answers, those that were given where the bytes of a request came again on their connection.
    var repeatedCount: Int { repeated.load(ordering: .relaxed) }

    func addRepeated() { repeated.add(1, ordering: .relaxed) }

    func add(route: String, status: Int, milliseconds: Double, byteCount: Int) {
        let key = Key(route: route, status: status == 304 ? 304 : status / 100 * 100)
        counts.withLock { counts in
            counts[key, default: Count()].add(milliseconds, byteCount)
        }
    }

    var all: [(key: Key, count: Count)] {
        counts.withLock { $0.map { (key: $0.key, count: $0.value) } }
            .sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
    }
}

/// Figures in Prometheus' text format, version 0.0.4.
struct MetricsText {
    private var text = ""

    var bytes: [UInt8] { Array(text.utf8) }

    mutating func begin(_ name: String, _ kind: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    /// - Parameter labels: Values of ours: nothing in them needs to be escaped but quotes and backslashes.
    mutating func value(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += name + (list.isEmpty ? "" : "{\(list)}") + " " + Self.number(value) + "\n"
    }

    mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        begin(name, "gauge", help)
        self.value(name, [], value)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if character == "\\" || character == "\"" { result.append("\\") }
            result.append(character)
        }
        return result
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}

/// What the system says of this process.
enum ProcessFigures {
    /// Bytes in memory; nil where the system does not tell.
    static var residentBytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * 4_096
    }

    static var threadCount: Int? { try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count }
}
