import Bytes

/// A folder that was found to be a whole bag (RFC 8493): every file is the one that its manifests list, and there is no other.
package struct Bag: Sendable {
    package static let declarationName = "bagit.txt"
    package static let signatureName = "tagmanifest-sha256.txt.sig"
    package static let payloadFolder = "data"
    static let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

    package let path: String
    package let info: BagInfo
    /// Below `data/`, by path.
    package let payload: [BagEntry]
    /// The SHA-256 of the tag manifest: of everything.
    package let digest: SHA256Digest
    package let isSigned: Bool
    package let byteCount: Int
    let files: any FileSystem

    /// Bounds of what a foreign bag may make us read.
    package struct Limits: Sendable {
        /// A manifest has a line a file.
        package var tagBytes = 64 << 20
        package var folderDepth = 16
        package var fileCount = 1 << 20
        package init() {}
    }

    /// Whether a folder says that it is a bag.
    package static func isBag(_ path: String, on files: any FileSystem) -> Bool {
        (try? files.exists(path + "/" + declarationName)) ?? false
    }

    /// What a bag says of itself; nil where it is none that can be read. Nothing is checked.
    package static func info(of path: String, on files: any FileSystem) -> BagInfo? {
        guard isBag(path, on: files), let bytes = try? files.contents(of: path + "/" + BagInfo.fileName, limit: 1 << 20)
        else { return nil }
        var problems = BagProblems()
        let info = BagInfo(reading: bytes, into: &problems)
        return problems.count == 0 ? info : nil
    }

    /// Checks every byte of a bag.
    ///
    /// - Parameters:
    ///   - publicKey: Whose signature the bag must have; nil: it need have none, and one that it has is not looked at.
    ///   - step: Called with the number of bytes that were read since the last call, and of all.
    /// - Throws: Everything that is wrong, each with its file.
    package static func examine(
        _ path: String, on files: any FileSystem, publicKey: Ed25519PublicKey? = nil, limits: Limits = Limits(),
        step: (_ byteCount: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(BagProblems) -> Bag {
        guard isBag(path, on: files) else { throw BagProblems(.notABag(path: path)) }
        var examination = BagExamination(path, files, limits)
        return try examination.run(publicKey, step)
    }

    /// The bytes of a file of the bag.
    /// - Parameter name: One that it has.
    package func contents(of name: String, limit: Int = 64 << 20) throws(FileError) -> [UInt8] {
        try files.contents(of: path + "/" + name, limit: limit)
    }

    package func holds(_ name: String) -> Bool { payload.contains { $0.path == name } }
}

/// The state of one examination.
private struct BagExamination {
    private let path: String
    private let files: any FileSystem
    private let limits: Bag.Limits
    private var problems = BagProblems()
    /// Path in the bag → bytes.
    private var found: [String: Int] = [:]

    init(_ path: String, _ files: any FileSystem, _ limits: Bag.Limits) {
        self.path = path
        self.files = files
        self.limits = limits
    }

    mutating func run(
        _ publicKey: Ed25519PublicKey?, _ step: (_ byteCount: Int, _ total: Int) -> Void
    ) throws(BagProblems) -> Bag {
        walk("", depth: 0)
        checkDeclaration()
        let info = tag(BagInfo.fileName).map { BagInfo(reading: $0, into: &problems) } ?? BagInfo()
        let payload = manifest(BagManifest.payloadName)
        let tags = manifest(BagManifest.tagName)
        if found["fetch.txt"] != nil { problems.add(.fetches) }
        for name in found.keys.sorted() where Self.isOtherManifest(name) { problems.add(.otherManifest(name)) }
        compare(payload, BagManifest.payloadName) { $0.hasPrefix(Bag.payloadFolder + "/") }
        compare(tags, BagManifest.tagName) { !$0.hasPrefix(Bag.payloadFolder + "/") && !Self.isUnlisted($0) }
        checkSize(info)
        let total = found.values.reduce(0, +)
        for entry in tags.entries + payload.entries where found[entry.path] != nil { check(entry, total, step) }
        let signature = tag(Bag.signatureName, isNeeded: false)
        let listing = tag(BagManifest.tagName, isNeeded: false) ?? []
        if let publicKey {
            if let signature {
                if !publicKey.isSignature(signature, of: listing) { problems.add(.wrongSignature) }
            } else {
                problems.add(.notSigned)
            }
        }
        guard problems.isEmpty else { throw problems }
        return Bag(
            path: path, info: info, payload: payload.entries, digest: SHA256Digest(of: listing.span), isSigned: signature != nil,
            byteCount: total, files: files)
    }

    /// The tag manifest cannot list itself, nor what is signed over it.
    private static func isUnlisted(_ path: String) -> Bool { path == BagManifest.tagName || path == Bag.signatureName }

    private static func isOtherManifest(_ name: String) -> Bool {
        (name.hasPrefix("manifest-") || name.hasPrefix("tagmanifest-")) && name.hasSuffix(".txt")
            && name != BagManifest.payloadName
            && name != BagManifest.tagName
    }

    // MARK: What is there

    /// Finds every file. Links are not followed.
    private mutating func walk(_ folder: String, depth: Int) {
        guard depth <= limits.folderDepth else { return problems.add(.tooDeep(path: folder, limit: limits.folderDepth)) }
        do throws(FileError) {
            for name in try files.list(folder.isEmpty ? path : path + "/" + folder) {
                let inner = folder.isEmpty ? name : folder + "/" + name
                guard found.count < limits.fileCount else {
                    if problems.list.last != .tooManyFiles(limit: limits.fileCount) {
                        problems.add(.tooManyFiles(limit: limits.fileCount))
                    }
                    return
                }
                if try files.isSymbolicLink(path + "/" + inner) {
                    problems.add(.symbolicLink(path: inner))
                    continue
                }
                let status = try files.status(path + "/" + inner)
                switch status.kind {
                case .folder: walk(inner, depth: depth + 1)
                case .file: found[inner] = status.byteCount
                case .other: problems.add(.notAFile(path: inner))
                }
            }
        } catch {
            problems.add(.unreadable(error))
        }
    }

    private mutating func tag(_ name: String, isNeeded: Bool = true) -> [UInt8]? {
        guard let count = found[name] else {
            if isNeeded { problems.add(.missingTag(name)) }
            return nil
        }
        guard count <= limits.tagBytes else {
            problems.add(.tooLarge(file: name, byteCount: count, limit: limits.tagBytes))
            return nil
        }
        do throws(FileError) {
            return try files.contents(of: path + "/" + name, limit: limits.tagBytes)
        } catch {
            problems.add(.unreadable(error))
            return nil
        }
    }

    private mutating func checkDeclaration() {
        guard let bytes = tag(Bag.declarationName) else { return }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: BagText.endsLine)
        guard lines != Bag.declaration.split(whereSeparator: BagText.endsLine) else { return }
        problems.add(.declaration(found: lines.prefix(3).map { "'\($0.prefix(60))'" }.joined(separator: ", ")))
    }

    private mutating func manifest(_ name: String) -> BagManifest {
        guard let bytes = tag(name) else { return BagManifest([]) }
        return BagManifest(reading: bytes, file: name, into: &problems)
    }

    // MARK: What is listed

    private mutating func compare(_ manifest: BagManifest, _ name: String, _ isIts: (String) -> Bool) {
        // Without the list, every file would be one that is not listed.
        guard found[name] != nil else { return }
        var listed: Set<String> = []
        for entry in manifest.entries {
            listed.insert(entry.path)
            if !isIts(entry.path) {
                problems.add(.wrongSide(manifest: name, path: entry.path))
            } else if found[entry.path] == nil {
                problems.add(.missingFile(path: entry.path, manifest: name))
            }
        }
        for path in found.keys.sorted() where isIts(path) && !listed.contains(path) {
            problems.add(.unlistedFile(path: path, manifest: name))
        }
    }

    private mutating func checkSize(_ info: BagInfo) {
        guard let expected = info["Payload-Oxum"] else { return }
        let payload = found.filter { $0.key.hasPrefix(Bag.payloadFolder + "/") }
        let size = "\(payload.values.reduce(0, +)).\(payload.count)"
        if size != expected { problems.add(.payloadSize(expected: expected, found: size)) }
    }

    private mutating func check(_ entry: BagEntry, _ total: Int, _ step: (_ byteCount: Int, _ total: Int) -> Void) {
        do throws(FileError) {
            let file = try files.open(path + "/" + entry.path, .read)
            var hash = SHA256Hasher()
            var offset = 0
            while true {
                let piece = try file.read(at: offset, count: 1 << 20)
                if piece.isEmpty { break }
                hash.update(piece.span)
                offset += piece.count
                step(piece.count, total)
            }
            let digest = hash.digest
            if digest != entry.digest {
                problems.add(.changedFile(path: entry.path, expected: entry.digest, found: digest))
            }
        } catch {
            problems.add(.unreadable(error))
        }
    }
}
