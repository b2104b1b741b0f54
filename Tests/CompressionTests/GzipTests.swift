import Foundation
import Testing

@testable import Compression

@Suite struct `Bytes as gzip` {
    /// What the system's own program makes of them.
    func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
        let program = Process()
        program.executableURL = URL(filePath: "/bin/gzip")
        program.arguments = ["-dc"]
        let input = Pipe()
        let output = Pipe()
        program.standardInput = input
        program.standardOutput = output
        try program.run()
        // Few enough for a pipe's buffer, so that neither waits for the other.
        input.fileHandleForWriting.write(Data(bytes))
        try input.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        program.waitUntilExit()
        #expect(program.terminationStatus == 0)
        return Array(data)
    }

    @Test(arguments: [0, 1, 7, 4_000, 40_000]) func `another program reads them back`(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 50 &* 37) }
        let packed = try #require(gzip(bytes))
        #expect(try unpacked(packed) == bytes)
        if count >= 4_000 { #expect(packed.count < bytes.count / 2) }
    }

    @Test func `the same bytes give the same file`() {
        #expect(gzip([1, 2, 3]) == gzip([1, 2, 3]))
    }
}
