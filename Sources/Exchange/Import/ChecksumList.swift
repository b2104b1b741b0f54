import Bytes
import Dispatch
import Settings
import Synchronization

/// `SHA256SUMS`: the digest of every file of a folder, a line each, as `sha256sum` writes and checks them.
package struct ChecksumList: Sendable, Hashable {
    package static let fileName = "SHA256SUMS"

    package struct Entry: Sendable, Hashable {
        /// 64 lower-case hexadecimal digits.
        package var digest: String
        package var fileName: String
    }

    package var entries: [Entry]

    /// The digests of files, by name.
    package init(of files: [SourceFile]) {
        entries = files.map { Entry(digest: SHA256Digest(of: $0.bytes).hexadecimal, fileName: $0.name) }
            .sorted { $0.fileName.utf8.lexicographicallyPrecedes($1.fileName.utf8) }
    }

    /// The list as a file.
    package var file: SourceFile {
        let text = entries.map { "\($0.digest)  \($0.fileName)\n" }.joined()
        return SourceFile(name: Self.fileName, bytes: Array(text.utf8))
    }

    /// What keeps files from being those of a list: a line that is none, a file that is missing, changed, or not listed.
    ///
    /// - Parameter list: One of the files.
    static func problems(of files: [SourceFile], by list: SourceFile) -> [ImportProblem] {
        var problems: [ImportProblem] = []
        var listed: Set<String> = []
        let digests = digests(of: files)
        for (line, text) in String(checked: list.bytes).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !text.isEmpty {
            guard let entry = entry(text) else {
                problems.append(
                    ImportProblem(
                        .changedFile, file: list.name, line: line + 1,
                        message: "the line is not 64 hexadecimal digits, two spaces and a file name"))
                continue
            }
            listed.insert(entry.fileName)
            guard let place = files.firstIndex(where: { $0.name.utf8.elementsEqual(entry.fileName.utf8) }) else {
                problems.append(
                    ImportProblem(
                        .missingFile, file: entry.fileName, message: "the file is missing, which \(list.name) lists"))
                continue
            }
            let (file, digest) = (files[place], digests[place])
            if digest != entry.digest {
                problems.append(
                    ImportProblem(
                        .changedFile, file: file.name,
                        message: "the file is not the one that \(list.name) lists: its SHA-256 is \(digest.prefix(16))…,"
                            + " not \(entry.digest.prefix(16))…; restore it, or write the list anew"))
            }
        }
        for file in files where file.name.hasSuffix(".csv") && !listed.contains(file.name) {
            problems.append(
                ImportProblem(
                    .unknownFile, file: file.name,
                    message: "\(list.name) does not list the file.\(didYouMean(file.name, among: listed.sorted()))"))
        }
        return problems
    }

    /// The digest of each file, several at a time.
    private static func digests(of files: [SourceFile]) -> [String] {
        let found = Mutex(files.map { _ in "" })
        DispatchQueue.concurrentPerform(iterations: files.count) { place in
            let file = files[place]
            let digest = SHA256Digest(of: file.bytes).hexadecimal
            file.release(0..<file.byteCount)
            found.withLock { $0[place] = digest }
        }
        return found.withLock { $0 }
    }

    /// `digest  name`; an asterisk before the name says that the file was read as bytes.
    private static func entry(_ line: Substring) -> Entry? {
        let bytes = Array(line.utf8)
        guard bytes.count > 66, bytes[64] == UInt8(ascii: " "), bytes[65] == UInt8(ascii: " ") || bytes[65] == UInt8(ascii: "*")
        else { return nil }
        let digest = bytes[..<64].map { $0 | 0x20 }
        guard digest.allSatisfy({ (0x30...0x39).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }) else {
            return nil
        }
        var name = bytes[66...]
        if name.last == UInt8(ascii: "\r") { name.removeLast() }
        return Entry(digest: String(decoding: digest, as: UTF8.self), fileName: String(decoding: name, as: UTF8.self))
    }
}
