import Bytes
import StoreColumns

extension SnapshotReader {
    /// Checks what opening does not: digests, keys, unique values, texts, edges, and indexes against the columns.
    func verify() throws(SnapshotError) {
        _ = try model()
        // Opening names the byte, a digest only the file; so it comes first.
        let version = try version(refusesLists: true)
        for entry in manifest.files { try checkDigest(entry) }
        if let found = version.firstInconsistency() {
            let place = [found.field, found.row.map { "row \($0)" }].compactMap(\.self).joined(separator: ", ")
            throw SnapshotError(
                .damaged, path: path(Snapshot.arrowFileName(of: found.type)),
                "\(place.isEmpty ? "" : place + ": ")\(found.description)")
        }
    }

    private func checkDigest(_ entry: Manifest.Entry) throws(SnapshotError) {
        let isIndex = entry.name.hasPrefix("indexes/")
        let file: MappedFile
        do throws(SnapshotError) {
            file = try map(entry.name)
        } catch {
            if isIndex, error.reason == .absent { return }
            throw error
        }
        guard file.byteCount == entry.byteCount, SHA256Digest(of: file.span).hexadecimal == entry.digest else {
            throw SnapshotError(
                .damaged, path: path(entry.name), at: 0,
                "the file's SHA-256 is not the one that the manifest lists"
                    + (isIndex ? "; without the file it is made anew" : ""))
        }
    }
}
