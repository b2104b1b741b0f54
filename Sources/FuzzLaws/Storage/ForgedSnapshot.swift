import Bytes
import StoreSnapshot

/// The files of the sample's snapshot, any of which may be changed and is sealed anew: every checksum and digest is right, whatever it is of.
struct ForgedSnapshot {
    /// As it was written.
    static let sample = ForgedSnapshot()

    private var contents: [String: [UInt8]] = [:]
    private var entries: [Manifest.Entry] = []

    private init() {
        let files = MemoryFileSystem()
        do throws(SnapshotError) {
            let description = Snapshot.Description(model: Array(SampleData.sdl.utf8))
            entries = try Snapshot.write(SampleData.version, description, to: "/sample", on: files).files
            for name in entries.map(\.name) + [Manifest.fileName] {
                contents[name] = try? files.contents(of: "/sample/" + name, limit: 1 << 24)
            }
        } catch {
            preconditionFailure("the sample cannot be written: \(error)")
        }
        for entry in entries where entry.tail != nil {
            precondition(
                sealed(contents[entry.name] ?? [], entry) == contents[entry.name], "\(entry.name) is sealed in another way")
        }
    }

    func bytes(of name: String) -> [UInt8] { contents[name] ?? [] }

    /// In byte order.
    func names(where isWanted: (String) -> Bool) -> [String] { entries.map(\.name).filter(isWanted) }

    /// Changes a file, not its size, and seals it and the manifest.
    mutating func change(_ name: String, _ body: (inout [UInt8]) -> Void) {
        guard let place = entries.firstIndex(where: { $0.name == name }), let old = contents[name] else { return }
        var bytes = old
        body(&bytes)
        if entries[place].tail != nil {
            bytes = sealed(bytes, entries[place])
        } else if name.hasPrefix("indexes/"), bytes.count > 64 {
            bytes.replaceSubrange(12..<16, with: littleEndian(CRC32C.checksum(bytes.span.extracting(64..<bytes.count))))
        }
        contents[name] = bytes
        var manifest = contents[Manifest.fileName] ?? []
        manifest.replace(
            SHA256Digest(of: old.span).hexadecimal.utf8, with: SHA256Digest(of: bytes.span).hexadecimal.utf8)
        if let tail = entries[place].tail {
            let new = CRC32C.checksum(bytes.span.extracting(tail.offset..<bytes.count))
            manifest.replace(hexadecimal(tail.checksum), with: hexadecimal(new))
        }
        replaceManifest(by: manifest)
    }

    /// Takes other bytes for the manifest, with the checksum that they ask for.
    mutating func replaceManifest(by bytes: [UInt8]) {
        let mark = Array(",\"crc32c\":\"".utf8)
        guard let end = bytes.lastRange(of: mark)?.lowerBound else {
            contents[Manifest.fileName] = bytes
            return
        }
        let body = Array(bytes[..<end])
        contents[Manifest.fileName] = body + mark + hexadecimal(CRC32C.checksum(body)) + Array("\"}\n".utf8)
    }

    func written(to folder: String) throws(BrokenLaw) -> MemoryFileSystem {
        let files = MemoryFileSystem()
        try inMemory { () throws(FileError) in
            try files.makeFolder(folder)
            try files.makeFolder(folder + "/indexes")
            for (name, bytes) in contents { try files.writeNew(folder + "/" + name, bytes) }
        }
        return files
    }

    // MARK: The checksums of an Arrow file

    /// Makes the checksums in the footer right, of the ranges that they are of in the sample: an attacker lets them stand where they were.
    private func sealed(_ bytes: [UInt8], _ entry: Manifest.Entry) -> [UInt8] {
        guard let original = contents[entry.name], let text = sums(in: original, entry) else { return bytes }
        var bytes = bytes
        for (range, place) in zip(ranges(in: original, text), text.places) {
            bytes.replaceSubrange(place..<place + 8, with: hexadecimal(CRC32C.checksum(bytes.span.extracting(range))))
        }
        return bytes
    }

    /// Where the sums stand in the footer, and which of them begins a line.
    private func sums(in bytes: [UInt8], _ entry: Manifest.Entry) -> (places: [Int], beginsLine: [Bool])? {
        guard let tail = entry.tail, let key = bytes[tail.offset...].firstRange(of: Array("hearth.crc32c".utf8)) else {
            return nil
        }
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
        // The value is the one text of digits in lines; it may stand before or behind its key.
        var best: Range<Int> = key.lowerBound..<key.lowerBound
        var start = tail.offset
        while start < bytes.count {
            var end = start
            while end < bytes.count, isDigit(bytes[end]) || bytes[end] == 0x0A && end > start { end += 1 }
            if end - start > best.count { best = start..<end }
            start = max(end, start) + 1
        }
        guard best.count >= 9 else { return nil }
        var (places, beginsLine): ([Int], [Bool]) = ([], [])
        var place = best.lowerBound
        var isFirst = true
        while place + 8 <= best.upperBound {
            places.append(place)
            beginsLine.append(isFirst)
            place += 8
            isFirst = place < best.upperBound && bytes[place] == 0x0A
            if isFirst { place += 1 }
        }
        return (places, beginsLine)
    }

    /// What each sum is of: the head, then of each block its metadata and the buffers of each field, one behind the other.
    private func ranges(in bytes: [UInt8], _ text: (places: [Int], beginsLine: [Bool])) -> [Range<Int>] {
        func messageByteCount(at place: Int) -> Int { 8 + Int(bytes.span.littleEndian(at: place + 4, as: UInt32.self) ?? 0) }
        func sum(at place: Int) -> UInt32? { UInt32(String(decoding: bytes[place..<place + 8], as: UTF8.self), radix: 16) }
        var ranges: [Range<Int>] = []
        var position = 0
        for (place, beginsLine) in zip(text.places, text.beginsLine) {
            var end = position
            if beginsLine {
                end = position == 0 ? 8 + messageByteCount(at: 8) : position + messageByteCount(at: position)
            } else {
                // A field's buffers are as many times 64 bytes as have this sum.
                while end < bytes.count, CRC32C.checksum(bytes.span.extracting(position..<end)) != sum(at: place) { end += 64 }
            }
            ranges.append(position..<min(end, bytes.count))
            position = min(end, bytes.count)
        }
        return ranges
    }
}

private func hexadecimal(_ number: UInt32) -> [UInt8] {
    let digits = Array(String(number, radix: 16).utf8)
    return [UInt8](repeating: 0x30, count: 8 - digits.count) + digits
}

private func littleEndian(_ number: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(number)
    return bytes
}

extension [UInt8] {
    fileprivate func lastRange(of part: [UInt8]) -> Range<Int>? {
        guard part.count <= count else { return nil }
        return stride(from: count - part.count, through: 0, by: -1).first { self[$0...].starts(with: part) }
            .map { $0..<$0 + part.count }
    }
}
