import Bytes

/// Writes a bag beside its place and gives it its name when it is whole: after any interruption there is the whole bag, or none.
/// Without a place it only learns the digests.
struct BagWriter: ~Copyable {
    private let files: any FileSystem
    private let path: String?
    /// What is written until it is whole; what an interruption left of it is removed by the next that writes here.
    private let partial: String
    private var folders: Set<String> = []
    private(set) var payload: [BagEntry] = []
    private var tags: [BagEntry] = []
    private(set) var payloadByteCount = 0
    /// Files below it are read again before the bag is whole. Where nothing is written, they are held.
    private let keptFolder: String?
    private var kept: [(name: String, bytes: [UInt8])] = []

    /// - Parameters:
    ///   - path: A folder that is not there yet; nil: nothing is written.
    ///   - folder: Below `data/`, whose files `payloadFiles` gives.
    init(_ path: String?, keeping folder: String? = nil, on files: any FileSystem) throws(ArchiveError) {
        self.files = files
        keptFolder = folder.map { Bag.payloadFolder + "/" + $0 + "/" }
        self.path = path
        partial = (path ?? "") + ".hearth-partial"
        guard let path else { return }
        guard try storing({ () throws(FileError) in try !files.exists(path) }) else { throw .occupied(path: path) }
        let partial = partial
        try storing { () throws(FileError) in
            if try files.exists(partial) { try files.removeTree(partial) }
            try files.makeFolder(partial)
        }
    }

    /// Adds a file of the payload.
    /// - Parameter name: Below `data/`.
    mutating func addPayload(_ name: String, _ bytes: [UInt8]) throws(ArchiveError) {
        try addPayload(name) { (sink) throws(ArchiveError) in try sink(bytes.span) }
    }

    /// As above, piece by piece.
    mutating func addPayload(
        _ name: String, _ write: ((Span<UInt8>) throws(ArchiveError) -> Void) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        let entry = try file(Bag.payloadFolder + "/" + name, write)
        payload.append(entry.entry)
        payloadByteCount += entry.byteCount
    }

    /// The files of the folder that is kept, as they were written.
    func payloadFiles(below folder: String) throws(ArchiveError) -> [SourceFile] {
        guard path != nil else { return kept.map { SourceFile(name: $0.name, bytes: $0.bytes) } }
        let prefix = Bag.payloadFolder + "/" + folder + "/"
        var made: [SourceFile] = []
        for entry in payload where entry.path.hasPrefix(prefix) {
            let name = String(entry.path.dropFirst(prefix.count))
            let path = partial + "/" + entry.path
            made.append(SourceFile(name: name, mapped: try storing { () throws(FileError) in try files.map(path) }))
        }
        return made
    }

    mutating func addTag(_ name: String, _ bytes: [UInt8]) throws(ArchiveError) {
        tags.append(try file(name) { (sink) throws(ArchiveError) in try sink(bytes.span) }.entry)
    }

    /// Writes what makes a folder a bag, and gives it its name.
    ///
    /// - Parameter info: Without the size of the payload, which is told here.
    /// - Returns: The digest of the tag manifest.
    mutating func finish(_ info: BagInfo, signedBy key: Ed25519PrivateKey?) throws(ArchiveError) -> SHA256Digest {
        var info = info
        info.add("Payload-Oxum", "\(payloadByteCount).\(payload.count)")
        try addTag(Bag.declarationName, Array(Bag.declaration.utf8))
        try addTag(BagInfo.fileName, info.bytes)
        try addTag(BagManifest.payloadName, BagManifest(payload).bytes)
        let listing = BagManifest(tags).bytes
        _ = try file(BagManifest.tagName) { (sink) throws(ArchiveError) in try sink(listing.span) }
        if let key {
            guard let signature = key.signature(of: listing) else { throw .notSigned }
            _ = try file(Bag.signatureName) { (sink) throws(ArchiveError) in try sink(signature.span) }
        }
        if let path {
            let (partial, folders) = (partial, folders)
            try storing { () throws(FileError) in
                for folder in folders.sorted(by: >) { try files.synchronizeFolder(partial + "/" + folder) }
                try files.synchronizeFolder(partial)
                try files.rename(partial, to: path)
                try files.synchronizeFolder(Self.parent(of: path))
            }
        }
        return SHA256Digest(of: listing.span)
    }

    /// Removes what was written of a bag that will not be.
    consuming func abandon() {
        guard path != nil else { return }
        do throws(FileError) { try files.removeTree(partial) } catch {
            // The next archive of this name removes it.
        }
    }

    private mutating func file(
        _ name: String, _ write: ((Span<UInt8>) throws(ArchiveError) -> Void) throws(ArchiveError) -> Void
    ) throws(ArchiveError) -> (entry: BagEntry, byteCount: Int) {
        var hash = SHA256Hasher()
        var offset = 0
        let open = try opened(name)
        let isKept = path == nil && keptFolder.map { name.hasPrefix($0) } ?? false
        var held: [UInt8] = []
        try write { (bytes) throws(ArchiveError) in
            hash.update(bytes)
            if isKept { for place in bytes.indices { held.append(bytes[place]) } }
            if let open {
                do throws(FileError) { try open.write(bytes, at: offset) } catch { throw .file(error) }
                open.beginWriting(offset..<offset + bytes.count)
            }
            offset += bytes.count
        }
        if let open { try storing { () throws(FileError) in try open.synchronize() } }
        if isKept { kept.append((String(name.dropFirst(keptFolder?.count ?? 0)), held)) }
        return (BagEntry(path: name, digest: hash.digest), offset)
    }

    private mutating func opened(_ name: String) throws(ArchiveError) -> (any File)? {
        guard path != nil else { return nil }
        do throws(FileError) {
            var folder = ""
            for part in name.split(separator: "/").dropLast() {
                folder += folder.isEmpty ? String(part) : "/" + part
                if folders.insert(folder).inserted { try files.makeFolder(partial + "/" + folder) }
            }
            return try files.open(partial + "/" + name, .new)
        } catch {
            throw .file(error)
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// Does what touches files, and tells what goes wrong as an archive's fault.
private func storing<Value>(_ body: () throws(FileError) -> Value) throws(ArchiveError) -> Value {
    do throws(FileError) {
        return try body()
    } catch {
        throw .file(error)
    }
}
