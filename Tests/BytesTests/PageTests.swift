import Bytes
import Testing

@Suite struct `Whole pages on their way to the disk` {
    private let page = PageBuffer.pageByteCount

    /// So many bytes, none like its neighbours.
    private func bytes(_ count: Int, from start: Int = 0) -> [UInt8] {
        (start..<start + count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    }

    @Test func `a buffer takes what it has room for, and is empty when it comes from its pool again`() {
        let pool = PageBuffers(byteCount: 2 * page)
        let buffer = pool.take()
        let text = bytes(3 * page)
        let taken = [append(Array(text[..<5]), to: buffer), append(Array(text[5...]), to: buffer)]
        #expect(taken == [5, 2 * page - 5])
        #expect(append(text, to: buffer) == 0)
        #expect(buffer.count == buffer.capacity)
        #expect(copy(buffer) == Array(text[..<(2 * page)]))
        let other = pool.take()
        #expect(other !== buffer && other.count == 0)
        pool.giveBack(buffer)
        #expect(pool.take() === buffer && buffer.count == 0)
    }

    private func check(_ files: any FileSystem, _ path: String) throws {
        let text = bytes(5 * page + 17)
        let buffer = PageBuffer(byteCount: 4 * page)
        _ = buffer.append(text.span.extracting(0..<4 * page))
        let file = try files.open(path, .new)
        try file.writePages(buffer.bytes, at: 0)
        // Neither whole pages, nor in memory that begins at one.
        try file.writePages(text.span.extracting(4 * page..<5 * page), at: 4 * page)
        try file.write(text.span.extracting(5 * page..<text.count), at: 5 * page)
        #expect(try file.read(at: 3, count: text.count) == Array(text[3...]))
        try file.synchronize()
        #expect(try files.contents(of: path, limit: 1 << 20) == text)
        let mapped = try files.map(path)
        let sum = CRC32C.checksum(mapped.span)
        #expect(sum == CRC32C.checksum(text))
        let other = bytes(2 * page, from: 99)
        buffer.removeAll()
        _ = buffer.append(other.span)
        try file.writePages(buffer.bytes, at: page)
        try file.synchronize()
        let wanted = Array(text[..<page]) + other + Array(text[(3 * page)...])
        #expect(try files.contents(of: path, limit: 1 << 20) == wanted)
        #expect(try file.byteCount() == text.count)
    }

    @Test func `are read, mapped, continued and written over like any others`() throws {
        let folder = try TemporaryFolder()
        try check(POSIXFileSystem(), folder.path + "/a")
    }

    @Test func `are bytes like any others where files lie in memory`() throws {
        let files = MemoryFileSystem()
        try files.makeFolder("/pages")
        try check(files, "/pages/a")
    }

    private func append(_ bytes: [UInt8], to buffer: PageBuffer) -> Int { buffer.append(bytes.span) }

    private func copy(_ buffer: PageBuffer) -> [UInt8] {
        let bytes = buffer.bytes
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        return copy
    }
}
