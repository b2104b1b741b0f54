import Foundation
import Testing

/// The rooms of `Sources/README.md` against the imports that the files really have.
@Suite struct `Allowed imports` {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What the map allows a room: rooms of ours (nil: any) and modules from outside.
    struct Door {
        var rooms: Set<String>?
        var outside: Set<String>
    }

    /// What every room may use of the toolchain.
    let standard: Set<String> = ["Swift", "Synchronization", "Glibc", "Musl", "Dispatch"]
    /// The only rooms that may import Foundation.
    let mayImportFoundation: Set<String> = ["HTTPService", "Bench", "hearth"]

    func doors() throws -> [String: Door] {
        let map = try String(contentsOf: root.appending(path: "Sources/README.md"), encoding: .utf8)
        var doors: [String: Door] = [:]
        for line in map.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == 6, let name = codes(in: cells[1]).first else { continue }
            let allowsAny = cells[3].trimmingCharacters(in: .whitespaces) == "any"
            doors[name] = Door(rooms: allowsAny ? nil : Set(codes(in: cells[3])), outside: Set(codes(in: cells[4])))
        }
        return doors
    }

    /// The words between backquotes.
    func codes(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    func swiftFiles(under folder: URL) -> [URL] {
        let all = FileManager.default.enumerator(at: folder.resolvingSymlinksInPath(), includingPropertiesForKeys: nil)
        return (all?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
    }

    /// The modules a file imports, with whatever access level or attribute stands before the word.
    func imports(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            var words = line.split(whereSeparator: { $0 == " " || $0 == "." }).map(String.init)
            while let first = words.first,
                first.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(first)
            {
                words.removeFirst()
            }
            guard words.first == "import", words.count > 1 else { return nil }
            let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
            return kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
        }
    }

    func roomFolders() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: root.appending(path: "Sources").resolvingSymlinksInPath(), includingPropertiesForKeys: [.isDirectoryKey]
        ).filter { $0.hasDirectoryPath }
    }

    @Test func `every folder under Sources is a room on the map, and every room has its folder`() throws {
        let folders = Set(try roomFolders().map(\.lastPathComponent))
        #expect(folders == Set(try doors().keys))
    }

    @Test func `no file imports what its room's row does not allow`() throws {
        let doors = try doors()
        let ours = Set(doors.keys)
        var seen = 0
        for folder in try roomFolders() {
            let room = folder.lastPathComponent
            let door = try #require(doors[room], "\(room) is not on the map")
            for file in swiftFiles(under: folder) {
                for module in try imports(of: file) where !standard.contains(module) {
                    seen += 1
                    let place = "\(room)/\(file.lastPathComponent) imports \(module)"
                    if module == "Foundation" || module == "FoundationEssentials" {
                        #expect(mayImportFoundation.contains(room), "\(place)")
                    } else if ours.contains(module) {
                        #expect(door.rooms?.contains(module) ?? true, "\(place)")
                    } else {
                        #expect(door.outside.contains(module), "\(place)")
                    }
                }
            }
        }
        #expect(seen > 0, "no import was found at all: the test looks in the wrong place")
    }

    @Test func `the two hemispheres do not know each other`() throws {
        for folder in try roomFolders() {
            let room = folder.lastPathComponent
            let forbidden = room.hasPrefix("GraphQL") ? "Store" : room.hasPrefix("Store") ? "GraphQL" : nil
            guard let forbidden else { continue }
            for file in swiftFiles(under: folder) {
                for module in try imports(of: file) {
                    #expect(!module.hasPrefix(forbidden), "\(room)/\(file.lastPathComponent) imports \(module)")
                }
            }
        }
    }

    @Test func `the package manifest lends no room more than the map allows`() throws {
        let manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        let doors = try doors()
        // `room("X", sees: ["A", "B"], …)` and `command(…)`, with white space folded away.
        let folded = manifest.split(whereSeparator: \.isWhitespace).joined()
        for (room, door) in doors {
            guard let allowed = door.rooms else { continue }
            guard let start = folded.range(of: "room(\"\(room)\",sees:[") ?? folded.range(of: "command(\"\(room)\",sees:[")
            else { continue }
            let list = folded[start.upperBound...].prefix { $0 != "]" }
            for seen in list.split(separator: ",").map({ $0.trimmingCharacters(in: ["\""]) }) {
                #expect(allowed.contains(seen), "Package.swift lets \(room) see \(seen)")
            }
        }
    }
}
