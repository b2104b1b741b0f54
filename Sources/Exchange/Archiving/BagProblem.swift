import Bytes

/// One thing that keeps a folder from being a whole bag.
package enum BagProblem: Error, Sendable, Hashable {
    /// There is no `bagit.txt`.
    case notABag(path: String)
    /// `bagit.txt` does not say BagIt 1.0 and UTF-8.
    case declaration(found: String)
    case missingTag(String)
    case tooLarge(file: String, byteCount: Int, limit: Int)
    case notUTF8(file: String)
    /// A line of a manifest is no digest and path.
    case notAnEntry(file: String, line: Int)
    case unsafePath(file: String, line: Int, path: String, fault: String)
    case listedTwice(file: String, line: Int, path: String)
    /// A manifest lists what it does not speak of: files outside of `data/`, or inside.
    case wrongSide(manifest: String, path: String)
    case missingFile(path: String, manifest: String)
    case unlistedFile(path: String, manifest: String)
    case changedFile(path: String, expected: SHA256Digest, found: SHA256Digest)
    case symbolicLink(path: String)
    /// Neither a file nor a folder.
    case notAFile(path: String)
    case tooDeep(path: String, limit: Int)
    case tooManyFiles(limit: Int)
    /// Files that are to be had from elsewhere: a bag that is not whole.
    case fetches
    /// Another algorithm's manifest, which nobody here checks.
    case otherManifest(String)
    case payloadSize(expected: String, found: String)
    case info(label: String, reason: String)
    case unreadable(FileError)
    case notSigned
    case wrongSignature
}

extension BagProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notABag(let path): "\(path) is no bag: it has no bagit.txt"
        case .declaration(let found):
            "bagit.txt: expected 'BagIt-Version: 1.0' and 'Tag-File-Character-Encoding: UTF-8'; found \(found)"
        case .missingTag(let name): "\(name): the file is missing, without which nothing can be checked"
        case .tooLarge(let file, let count, let limit): "\(file): \(count) bytes; at most \(limit) are read"
        case .notUTF8(let file): "\(file): the file is not UTF-8"
        case .notAnEntry(let file, let line): "\(file):\(line): the line is not 64 hexadecimal digits and a path"
        case .unsafePath(let file, let line, let path, let fault):
            "\(file):\(line): '\(path.prefix(200))' is no path in the bag: \(fault)"
        case .listedTwice(let file, let line, let path): "\(file):\(line): '\(path)' is listed twice"
        case .wrongSide(let manifest, let path):
            manifest == BagManifest.payloadName
                ? "\(manifest): lists '\(path)', which is not in data/" : "\(manifest): lists '\(path)', which is in data/"
        case .missingFile(let path, let manifest): "\(path): the file is missing, which \(manifest) lists"
        case .unlistedFile(let path, let manifest): "\(path): \(manifest) does not list the file"
        case .changedFile(let path, let expected, let found):
            "\(path): the file was changed: its SHA-256 is \(found.hexadecimal.prefix(16))…, not "
                + "\(expected.hexadecimal.prefix(16))…"
        case .symbolicLink(let path): "\(path): a symbolic link; a bag holds its files itself"
        case .notAFile(let path): "\(path): neither a file nor a folder"
        case .tooDeep(let path, let limit): "\(path): more than \(limit) folders deep"
        case .tooManyFiles(let limit): "the bag has more than \(limit) files"
        case .fetches: "fetch.txt: the bag is not whole: files are to be fetched from elsewhere"
        case .otherManifest(let name): "\(name): a manifest of another algorithm than SHA-256, which is not checked here"
        case .payloadSize(let expected, let found):
            "bag-info.txt: Payload-Oxum is \(expected), and data/ has \(found) (bytes.files)"
        case .info(let label, let reason): "bag-info.txt: \(label) \(reason)"
        case .unreadable(let error): "\(error)"
        case .notSigned: "\(Bag.signatureName): the bag is not signed"
        case .wrongSignature: "\(Bag.signatureName): the signature is not that of the key over \(BagManifest.tagName)"
        }
    }
}

/// What was found wrong, counted beyond what is listed.
package struct BagProblems: Error, Sendable {
    package private(set) var list: [BagProblem] = []
    package private(set) var count = 0
    /// More than a person reads.
    private static let listedCount = 1000

    package init() {}
    package init(_ problem: BagProblem) { add(problem) }

    package var isEmpty: Bool { count == 0 }

    mutating func add(_ problem: BagProblem) {
        count += 1
        if list.count < Self.listedCount { list.append(problem) }
    }
}

extension BagProblems: CustomStringConvertible {
    package var description: String {
        (list.map(\.description) + (count > list.count ? ["… and \(count - list.count) more"] : [])).joined(separator: "\n")
    }
}
