import Foundation
import Testing

/// `Sources/PROMISES.md` against the tests and lanes that there are.
@Suite struct `What shows a promise` {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The numbers of the procedures on crashes, disks, damage and copies: none of them may be without a test.
    let numbers = [1, 4, 6, 9, 10, 12, 14, 15, 16, 21, 25, 28, 29, 30, 31, 33, 34, 36, 37, 38, 40, 99, 100]

    /// The rows of the page: a number, and what stands between backquotes in the last cell.
    func rows() throws -> [(number: String, names: [String])] {
        let page = try String(contentsOf: root.appending(path: "Sources/PROMISES.md"), encoding: .utf8)
        return page.split(separator: "\n").filter { $0.hasPrefix("| T") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let parts = cells[2].split(separator: "`", omittingEmptySubsequences: false)
            return (cells[0], parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) })
        }
    }

    @Test func `is there, by the name that the page gives it`() throws {
        for (number, names) in try rows() {
            #expect(!names.isEmpty, "\(number) is shown by nothing")
            var file = ""
            for name in names {
                if name.hasSuffix(".swift") {
                    file = (try? String(contentsOf: root.appending(path: name), encoding: .utf8)) ?? ""
                    #expect(!file.isEmpty, "\(number): there is no \(name)")
                } else if name.contains(" ") {
                    #expect(file.contains("func `\(name)`("), "\(number): no test '\(name)' in the file before it")
                } else {
                    let path = root.appending(path: name).path(percentEncoded: false)
                    #expect(FileManager.default.isExecutableFile(atPath: path), "\(number): \(name) is no lane")
                }
            }
        }
    }

    @Test func `is named for every number`() throws {
        let listed = try rows().map(\.number)
        #expect(Set(listed).count == listed.count, "a number is listed twice")
        for number in numbers { #expect(listed.contains("T\(number)"), "T\(number) is shown by nothing") }
    }
}
