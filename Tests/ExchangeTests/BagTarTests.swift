import Bytes
import Exchange
import Testing

@Suite struct `A bag as one file` {
    private func bytes(_ tar: BagTar) throws -> [UInt8] {
        var (tar, bytes) = (tar, [UInt8]())
        while let piece = try tar.next() { bytes += piece }
        #expect(bytes.count == tar.byteCount)
        return bytes
    }

    @Test func `holds folders and files with their lengths, and is the same each time`() throws {
        let files = MemoryFileSystem()
        for folder in ["/bag", "/bag/data", "/bag/data/empty"] { try files.makeFolder(folder) }
        let long = [UInt8](repeating: 7, count: (256 << 10) + 513)
        for (name, content) in [("bagit.txt", Array("BagIt".utf8)), ("data/none", []), ("data/long", long)] {
            try files.writeNew("/bag/" + name, content)
        }
        let made = try bytes(BagTar("/bag", name: "x", seconds: 1_500_000_000, on: files))
        #expect(made == (try bytes(BagTar("/bag", name: "x", seconds: 1_500_000_000, on: files))))
        // Each header begins a block with its name.
        var (place, found) = (0, [String]())
        while made[place] != 0 {
            let header = made[place..<place + 512]
            found.append(String(decoding: header.prefix { $0 != 0 }, as: UTF8.self))
            let count = Int(String(decoding: header.dropFirst(124).prefix(11), as: UTF8.self), radix: 8) ?? 0
            place += 512 + (count + 511) / 512 * 512
        }
        #expect(found == ["x/", "x/bagit.txt", "x/data/", "x/data/empty/", "x/data/long", "x/data/none"])
        #expect(String(decoding: made[136..<147], as: UTF8.self) == "13132027400")
        #expect(made.count == place + 1024)
    }

    @Test func `has long names in two parts and long files in binary, and tells what it cannot hold`() throws {
        let files = MemoryFileSystem()
        try files.makeFolder("/bag")
        let folder = String(repeating: "f", count: 90)
        try files.makeFolder("/bag/" + folder)
        try files.writeNew("/bag/\(folder)/\(String(repeating: "n", count: 60))", [1])
        let made = try bytes(BagTar("/bag", name: "x", seconds: 0, on: files))
        let header = made[1024..<1536]
        #expect(String(decoding: header.dropFirst(345).prefix { $0 != 0 }, as: UTF8.self) == "x/" + folder)
        #expect(String(decoding: header.prefix { $0 != 0 }, as: UTF8.self) == String(repeating: "n", count: 60))
        try files.writeNew("/bag/" + String(repeating: "m", count: 101), [1])
        #expect(throws: FileError.self) { try BagTar("/bag", name: "x", seconds: 0, on: files) }
    }

    @Test func `a file that became shorter meanwhile ends it`() throws {
        let files = MemoryFileSystem()
        try files.makeFolder("/bag")
        try files.writeNew("/bag/a", [1, 2, 3])
        var tar = try BagTar("/bag", name: "x", seconds: 0, on: files)
        try files.open("/bag/a", .readAndWrite).truncate(to: 1)
        #expect(try tar.next()?.count == 512)
        #expect(try tar.next()?.count == 512)
        #expect(throws: FileError.self) { try tar.next() }
    }
}
