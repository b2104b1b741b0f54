import Bytes
import StoreColumns
import StoreSnapshot

/// Files of a snapshot that somebody has changed on purpose, with every checksum made right again, are refused at a place or hold rows that
/// can be told, the same ones whether they are checked at opening or on first use.
enum SnapshotLaws {
    private static let folder = "/version"

    /// Up to eight changes of one file: where, how, and what.
    static func checkArrow(_ bytes: [UInt8]) throws(BrokenLaw) {
        var input = FuzzInput(bytes)
        let names = ForgedSnapshot.sample.names { $0.hasSuffix(".arrow") }
        let name = names[input.number(below: names.count)]
        var forged = ForgedSnapshot.sample
        forged.change(name) { edit(&$0, &input) }
        try check(forged)
    }

    static func checkIndex(_ bytes: [UInt8]) throws(BrokenLaw) {
        var input = FuzzInput(bytes)
        let names = ForgedSnapshot.sample.names { $0.hasPrefix("indexes/") }
        let name = names[input.number(below: names.count)]
        var forged = ForgedSnapshot.sample
        forged.change(name) { edit(&$0, &input) }
        let version = try check(forged)
        guard let version else { throw BrokenLaw("an index keeps a snapshot from being opened") }
        for type in version.catalog.nodeTypes.indices {
            let id = NodeTypeID(type)
            for row in 0..<version[id].rowCount {
                let found = version.row(of: id, forKey: version.key(of: RowNumber(row), type: id))
                try hold(found.map { Int($0) < version[id].rowCount } ?? true, "an index finds a row that is not there")
            }
        }
    }

    /// The bytes of a manifest.
    static func checkManifest(_ bytes: [UInt8]) throws(BrokenLaw) {
        var forged = ForgedSnapshot.sample
        forged.replaceManifest(by: bytes)
        try check(forged)
    }

    /// Numbers that are no length, in one, four or eight bytes, or bytes of the input's own.
    private static func edit(_ bytes: inout [UInt8], _ input: inout FuzzInput) {
        for _ in 0..<8 where !input.isAtEnd {
            let place = input.number(below: bytes.count)
            let value: [UInt8] =
                switch input.byte() % 8 {
                case 0: [0xFF, 0xFF, 0xFF, 0x7F]
                case 1: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
                case 2: [0, 0, 0, 0, 0, 1, 0, 0]
                case 3: [0xFC, 0xFF, 0xFF, 0xFF]
                case 4: input.take(4)
                case 5: input.take(8)
                default: input.take(1)
                }
            for (offset, byte) in value.enumerated() where place + offset < bytes.count { bytes[place + offset] = byte }
        }
    }

    @discardableResult
    private static func check(_ forged: ForgedSnapshot) throws(BrokenLaw) -> GraphVersion? {
        let files = try forged.written(to: folder)
        let opened: OpenSnapshot
        do throws(SnapshotError) {
            opened = try Snapshot.open(folder, on: files)
        } catch {
            try checkPlace(error)
            return nil
        }
        let text = SampleData.text(opened.version)
        let later: OpenSnapshot
        do throws(SnapshotError) {
            later = try Snapshot.open(folder, on: files, checking: .onFirstUse { _ in })
        } catch {
            throw BrokenLaw("checked on first use, it does not open: \(error)")
        }
        later.version.checkColumns()
        if let damage = later.version.damage { throw BrokenLaw("what is whole when it is opened is damaged later: \(damage)") }
        try hold(SampleData.text(later.version) == text, "checked on first use, it holds other rows")
        var isVerified = false
        do throws(SnapshotError) {
            _ = try Snapshot.verify(folder, on: files)
            isVerified = true
        } catch {
            try checkPlace(error)
        }
        if isVerified { try hold(opened.version.firstInconsistency() == nil, "what is verified contradicts itself") }
        return opened.version
    }

    private static func checkPlace(_ error: SnapshotError) throws(BrokenLaw) {
        try hold(error.path.hasPrefix(folder) && !error.message.isEmpty, "refused without a place: \(error)")
    }
}
