import Bytes
import Foundation
import Testing

@Suite struct `Room outside the heap` {
    @Test func `is zero, aligned, and nobody else's`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scratch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scratch = Scratch(folder: folder.path(percentEncoded: false), slabByteCount: 4_096)
        var lists: [Elements<UInt32>] = []
        // The larger ones do not fit a slab.
        for (number, count) in [1, 17, 900, 3, 2_000, 1_024, 1].enumerated() {
            let writer = ElementWriter<UInt32>(count: count, capacity: count, in: scratch)
            for index in 0..<count {
                #expect(writer[index] == 0)
                writer[index] = UInt32(number * 10_000 + index)
            }
            lists.append(writer.finish())
        }
        for (number, list) in lists.enumerated() {
            #expect((0..<list.count).allSatisfy { list[$0] == UInt32(number * 10_000 + $0) })
        }
        #expect(scratch.failure == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).isEmpty)
    }

    @Test func `is the system's again when nobody holds its list, though others in its file are held`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scratch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scratch = Scratch(folder: folder.path(percentEncoded: false), slabByteCount: 16 << 20)
        func filled(_ value: UInt64) -> Elements<UInt64> {
            let writer = ElementWriter<UInt64>(count: 1 << 19, capacity: 1 << 19, in: scratch)
            for index in 0..<writer.count { writer[index] = value }
            return writer.finish()
        }
        let (first, last) = (filled(1), filled(3))
        var between: Elements<UInt64>? = filled(2)
        #expect(between?[77] == 2)
        let before = try residentKilobytes(of: folder.lastPathComponent)
        between = nil
        let after = try residentKilobytes(of: folder.lastPathComponent)
        // Four mebibytes, less what the system had taken already, and pages at the ends.
        #expect(after <= max(8 << 10, before - (4 << 10)) + 16)
        #expect(first.span.indices.allSatisfy { first[$0] == 1 } && last.span.indices.allSatisfy { last[$0] == 3 })
    }

    @Test func `is counted while it is held`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scratch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scratch = Scratch(folder: folder.path(percentEncoded: false), slabByteCount: 1 << 20)
        var lists = (0..<3).map { number in
            Elements<UInt8>(copying: [UInt8](repeating: UInt8(number), count: 300_000), in: scratch)
        }
        #expect(scratch.heldByteCount == 1 << 20)
        lists[1] = Elements()
        // Whole pages of it: it begins with one.
        #expect(scratch.heldByteCount == 1 << 20 - 300_000 / 4_096 * 4_096)
        // The system may have them any time, and what was written stays.
        scratch.releasePages()
        for number in [0, 2] { #expect((0..<300_000).allSatisfy { lists[number][$0] == UInt8(number) }) }
        lists = []
        // The file that is open for more is the scratch's own.
        #expect(scratch.heldByteCount <= 1 << 20 - 3 * (300_000 / 4_096 * 4_096))
        let large = Elements<UInt8>(copying: [UInt8](repeating: 7, count: 3 << 20), in: scratch)
        #expect(scratch.heldByteCount >= large.count)
        #expect(scratch.byteCount == 4 << 20)
    }

    /// How much memory mapped files with a name like this take in this process.
    private func residentKilobytes(of name: String) throws -> Int {
        var (sum, isTheirs) = (0, false)
        for line in try String(contentsOfFile: "/proc/self/smaps", encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count >= 5, words[0].contains("-") { isTheirs = line.contains(name) }
            if isTheirs, words.first == "Rss:", words.count > 1 { sum += Int(words[1]) ?? 0 }
        }
        return sum
    }

    @Test func `that cannot be had is the heap's, and is told`() {
        let scratch = Scratch(folder: "/no such folder")
        let writer = ElementWriter<UInt64>(count: 10, capacity: 10, in: scratch)
        writer[9] = 7
        #expect(writer.finish()[9] == 7)
        #expect(scratch.failure?.reason == .absent)
    }
}
