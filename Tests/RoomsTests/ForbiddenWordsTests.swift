import Foundation
import Testing

/// What must be absent from the Swift files of every room.
@Suite struct `Words that must be absent` {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    func lines(matching isForbidden: (_ line: Substring, _ room: String) -> Bool) throws -> [String] {
        let sources = root.appending(path: "Sources").resolvingSymlinksInPath()
        let all = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        let files = (all?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
        #expect(!files.isEmpty)
        var found: [String] = []
        for file in files {
            let path = file.path(percentEncoded: false).dropFirst(sources.path(percentEncoded: false).count)
            let room = String(path.drop { $0 == "/" }.prefix { $0 != "/" })
            let text = try String(contentsOf: file, encoding: .utf8)
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where isForbidden(line, room) {
                found.append("\(path):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))")
            }
        }
        return found
    }

    @Test func `no room knows a word of the register`() throws {
        let words = ["household", "poverty", "village", "cadre", "pairing", "impoverished", "homevisit", "workteam"]
        let found = try lines { line, room in
            let lower = line.lowercased()
            return words.contains { lower.contains($0) }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `no code reachable from a request can end the process by a forced cast, try or exit`() throws {
        let words = ["try!", "as!", "fatalError(", "NSRegularExpression", "nonisolated(unsafe)", " Regex("]
        let found = try lines { line, _ in
            let code = line.prefix(while: { _ in true })
            guard !code.trimmingCharacters(in: .whitespaces).hasPrefix("//") else { return false }
            return words.contains { code.contains($0) }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `unsafe code stands only where the map allows it`() throws {
        let allowed: Set = ["Bytes", "Patterns", "Compression", "Executors", "OfficeFiles", "Fuzz"]
        let found = try lines { line, room in
            guard !allowed.contains(room) else { return false }
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            return !trimmed.hasPrefix("//") && trimmed.split(separator: " ").contains("unsafe")
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `no room below the door reads a clock, chance or the environment`() throws {
        let doors: Set = ["HTTPService", "hearth", "Bench", "Conformance"]
        let words = [
            "Date()", "Date.now", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".random(", "getenv(",
        ]
        let found = try lines { line, room in
            guard !doors.contains(room) else { return false }
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            return !trimmed.hasPrefix("//") && words.contains { trimmed.contains($0) }
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }
}
