import Bytes

/// A file of a bag, by its digest.
package struct BagEntry: Sendable, Hashable {
    /// In the bag, as it is, parted by `/`.
    package var path: String
    package var digest: SHA256Digest

    package init(path: String, digest: SHA256Digest) {
        self.path = path
        self.digest = digest
    }
}

/// `manifest-sha256.txt` and `tagmanifest-sha256.txt`: a digest and a path a line, as `sha256sum` writes and checks them.
package struct BagManifest: Sendable {
    package static let payloadName = "manifest-sha256.txt"
    package static let tagName = "tagmanifest-sha256.txt"

    /// By the bytes of their paths.
    package let entries: [BagEntry]

    package init(_ entries: [BagEntry]) {
        self.entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    package var bytes: [UInt8] {
        Array(entries.map { "\($0.digest.hexadecimal)  \(BagPath.encoded($0.path))\n" }.joined().utf8)
    }

    /// Reads a manifest. Lines that are none, paths that leave the bag, and paths that stand twice are told.
    init(reading bytes: [UInt8], file: String, into problems: inout BagProblems) {
        var entries: [BagEntry] = []
        var known: Set<String> = []
        guard let text = String(validating: bytes, as: UTF8.self) else {
            problems.add(.notUTF8(file: file))
            self.init([])
            return
        }
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: BagText.endsLine).enumerated()
        where !line.isEmpty {
            let place = number + 1
            let digits = line.prefix { $0 != " " && $0 != "\t" }
            var rest = line.dropFirst(digits.count).drop { $0 == " " || $0 == "\t" }
            // How `sha256sum` says that it has read bytes.
            if rest.first == "*" { rest = rest.dropFirst() }
            guard let digest = SHA256Digest(hexadecimal: String(digits)), !rest.isEmpty else {
                problems.add(.notAnEntry(file: file, line: place))
                continue
            }
            let path = BagPath.decoded(String(rest))
            if let fault = BagPath.fault(of: path) {
                problems.add(.unsafePath(file: file, line: place, path: path, fault: fault))
            } else if !known.insert(path).inserted {
                problems.add(.listedTwice(file: file, line: place, path: path))
            } else {
                entries.append(BagEntry(path: path, digest: digest))
            }
        }
        self.init(entries)
    }
}
