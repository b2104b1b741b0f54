import Bytes

/// `SHA256SUMS`, as `sha256sum -c` reads it: a digest and a path a line, in byte order of the paths.
struct Checksums {
    static let fileName = "SHA256SUMS"

    /// By path.
    var digests: [String: String]

    var names: [String] { digests.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    var text: [UInt8] {
        var text = ""
        for name in names { if let digest = digests[name] { text += "\(digest)  \(name)\n" } }
        return Array(text.utf8)
    }

    /// Checks every file of a folder against its `SHA256SUMS`: none may be missing, changed or too many.
    static func check(_ folder: String, on files: any FileSystem) throws(StoreError) -> Checksums {
        let path = folder + "/" + fileName
        guard try storing({ () throws(FileError) in try files.exists(path) }) else {
            throw StoreError(.damaged, path: path, "the backup has no checksums")
        }
        let bytes = try storing { () throws(FileError) in try files.contents(of: path, limit: 64 << 20) }
        var sums = Checksums(digests: [:])
        var offset = 0
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, SHA256Digest(hexadecimal: String(parts[0])) != nil, parts[1].hasPrefix(" "),
                !parts[1].contains("..")
            else { throw StoreError(.damaged, path: path, at: offset, "no line of checksums: \(line)") }
            sums.digests[String(parts[1].dropFirst())] = String(parts[0])
            offset += line.utf8.count + 1
        }
        guard sums.text == bytes else { throw StoreError(.damaged, path: path, at: 0, "the checksums are not in order") }
        let found = try storing { () throws(FileError) in try TreeCopy.files(in: folder, on: files) }
        for name in found where name != fileName && name != "LOCK" && sums.digests[name] == nil {
            throw StoreError(.damaged, path: folder + "/" + name, "the file is not among the checksums of the backup")
        }
        for name in sums.names {
            let place = folder + "/" + name
            guard try storing({ () throws(FileError) in try TreeCopy.digest(of: place, on: files) }) == sums.digests[name]
            else { throw StoreError(.damaged, path: place, "the file does not have the digest that \(fileName) lists") }
        }
        return sums
    }
}
