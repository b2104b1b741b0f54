import Bytes

/// A bag as one file: a tar of POSIX (ustar, IEEE 1003.1 pax), given out piece by piece. The same bag is the same bytes.
///
///     ┌───────────────┬───────────────────────────────┬───┬─────────────┐
///     │ header 512 B  │ file, zeros up to 512 B       │ … │ zeros 1 KiB │   a folder is a header alone; folders come before what they hold
///     └───────────────┴───────────────────────────────┴───┴─────────────┘
///
/// A file of 8 GiB or more has its length in binary, as GNU tar, BSD's and Python's read it.
package struct BagTar: Sendable {
    private struct Member: Sendable {
        /// In the tar; a folder's ends with `/`.
        var name: [UInt8]
        /// Nil: a folder.
        var file: String?
        var byteCount = 0
    }

    private static let block = 512
    private static let pieceBytes = 256 << 10
    private static let folderDepth = 16

    package let byteCount: Int
    private let files: any FileSystem
    private let seconds: Int
    private var members: ArraySlice<Member>
    private var open: (any File)?
    private var offset = 0
    private var isOver = false

    /// Looks at every file of a bag, and reads none.
    ///
    /// - Parameters:
    ///   - name: Of the folder in the tar.
    ///   - seconds: When its files are said to have been changed, since 1970.
    /// - Throws: Where something of the bag is neither a file nor a folder, or a name is longer than a tar's may be.
    package init(_ path: String, name: String, seconds: Int, on files: any FileSystem) throws(FileError) {
        self.files = files
        self.seconds = max(0, seconds)
        var members = [Member(name: Array((name + "/").utf8))]
        try Self.walk(path, name, 0, files, &members)
        byteCount = members.reduce(2 * Self.block) { $0 + Self.block + Self.padded($1.byteCount) }
        self.members = members[...]
    }

    private static func walk(
        _ path: String, _ name: String, _ depth: Int, _ files: any FileSystem, _ members: inout [Member]
    ) throws(FileError) {
        guard depth < folderDepth else { throw FileError(.list, path, .limit, text: "folders too deep") }
        for entry in try files.list(path) {
            let (path, name) = (path + "/" + entry, name + "/" + entry)
            guard try !files.isSymbolicLink(path) else { throw FileError(.open, path, .wrongKind, text: "a symbolic link") }
            let status = try files.status(path)
            switch status.kind {
            case .folder:
                members.append(Member(name: Array((name + "/").utf8)))
                try walk(path, name, depth + 1, files, &members)
            case .file: members.append(Member(name: Array(name.utf8), file: path, byteCount: status.byteCount))
            case .other: throw FileError(.open, path, .wrongKind)
            }
            guard split(members[members.count - 1].name) != nil else {
                throw FileError(.list, path, .limit, text: "name too long")
            }
        }
    }

    private static func padded(_ count: Int) -> Int { (count + block - 1) / block * block }

    // MARK: Giving it out

    /// The next piece; nil after the last.
    ///
    /// - Throws: Also where a file has become shorter since it was looked at.
    package mutating func next() throws(FileError) -> [UInt8]? {
        guard let member = members.first else {
            defer { isOver = true }
            return isOver ? nil : [UInt8](repeating: 0, count: 2 * Self.block)
        }
        guard let file = member.file else {
            members.removeFirst()
            return header(of: member)
        }
        if open == nil {
            open = try files.open(file, .read)
            offset = 0
            return header(of: member)
        }
        let wanted = min(Self.pieceBytes, member.byteCount - offset)
        var piece = wanted == 0 ? [] : try open?.read(at: offset, count: wanted) ?? []
        guard piece.count == wanted else { throw FileError(.read, file, .tooShort) }
        offset += wanted
        if offset == member.byteCount {
            piece += [UInt8](repeating: 0, count: Self.padded(offset) - offset)
            open = nil
            members.removeFirst()
        }
        return piece
    }

    private func header(of member: Member) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: Self.block)
        func put(_ bytes: some Collection<UInt8>, at place: Int) {
            for (index, byte) in bytes.enumerated() { header[place + index] = byte }
        }
        // Names were looked at before.
        let (prefix, name) = Self.split(member.name) ?? ([], [])
        put(name, at: 0)
        put((member.file == nil ? "0000755" : "0000644").utf8, at: 100)
        put("0000000".utf8, at: 108)
        put("0000000".utf8, at: 116)
        put(Self.number(member.byteCount), at: 124)
        put(Self.number(seconds), at: 136)
        put(repeatElement(UInt8(ascii: " "), count: 8), at: 148)
        header[156] = UInt8(ascii: member.file == nil ? "5" : "0")
        put("ustar\u{0}00".utf8, at: 257)
        put(prefix, at: 345)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(Self.octal(sum, digits: 6).utf8, at: 148)
        header[154] = 0
        return header
    }

    /// Eleven octal digits, or eleven bytes behind 0x80.
    private static func number(_ value: Int) -> [UInt8] {
        guard value >= 1 << 33 else { return Array(octal(value, digits: 11).utf8) }
        return [0x80] + (0..<11).map { UInt8(truncatingIfNeeded: $0 < 3 ? 0 : value >> (8 * (10 - $0))) }
    }

    private static func octal(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// A name in at most 100 bytes, with what stands before a `/` of it in at most 155 more.
    private static func split(_ name: [UInt8]) -> (prefix: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? {
        guard name.count > 100 else { return ([], name[...]) }
        let slash = UInt8(ascii: "/")
        for place in name.indices.dropLast() where name[place] == slash && name.count - place - 1 <= 100 {
            return place <= 155 ? (name[..<place], name[(place + 1)...]) : nil
        }
        return nil
    }
}
