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

    @Test func `that cannot be had is the heap's, and is told`() {
        let scratch = Scratch(folder: "/no such folder")
        let writer = ElementWriter<UInt64>(count: 10, capacity: 10, in: scratch)
        writer[9] = 7
        #expect(writer.finish()[9] == 7)
        #expect(scratch.failure?.reason == .absent)
    }
}
