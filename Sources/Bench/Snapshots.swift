import Bytes
import Foundation
import HTTPService
import StoreColumns
import StoreSnapshot

/// A version written as a snapshot, beside a copy of the same files by `cp` that is made durable too; and opened again.
struct Snapshots {
    private let version: GraphVersion
    private let description: Snapshot.Description
    private let folder: String

    /// - Parameter snapshot: a snapshot's folder; nil: the sample is written.
    init(_ sample: Sample, snapshot: String?) throws {
        folder = NSTemporaryDirectory() + "hearth-bench-\(ProcessInfo.processInfo.processIdentifier)"
        if let snapshot {
            let opened = try Snapshot.open(snapshot, on: files, checking: .everything)
            (version, description) = (opened.version, Snapshot.Description(model: opened.model))
        } else {
            (version, description) = (sample.register.version, Snapshot.Description(model: []))
        }
    }

    private let files = POSIXFileSystem()

    func group() throws -> Group {
        if try files.exists(folder) { try files.removeTree(folder) }
        try files.makeFolder(folder)
        let original = folder + "/original"
        let manifest = try Snapshot.write(version, description, to: original, on: files)
        // What is written may not be in the system's cache, from where it is copied: it is read once.
        for entry in manifest.files {
            let mapped = try files.map(original + "/" + entry.name)
            _ = CRC32C.checksum(mapped.span)
        }
        let byteCount = manifest.files.reduce(0) { $0 + $1.byteCount }
        let rowCount = manifest.types.reduce(0) { $0 + $1.rowCount }
        return Group(
            name: "snapshot", title: "A snapshot of \(rowCount) rows, \(byteCount) bytes",
            comparison: "beside cp and fsync of the same files",
            bodies: [
                Body("cp and fsync", .bytes(byteCount)) {
                    let copy = folder + "/copy"
                    let command = Process()
                    command.executableURL = URL(filePath: "/bin/cp")
                    command.arguments = ["-r", original, copy]
                    try command.run()
                    command.waitUntilExit()
                    for entry in manifest.files { try files.open(copy + "/" + entry.name, .readAndWrite).synchronize() }
                    try files.synchronizeFolder(copy)
                    try files.removeTree(copy)
                    return byteCount
                },
                Body("written", .bytes(byteCount)) {
                    let again = folder + "/again"
                    let written = try Snapshot.write(version, description, to: again, on: files)
                    try files.removeTree(again)
                    return written.files.count
                },
                Body("opened, nothing checked", .bytes(byteCount)) {
                    let opened = try Snapshot.open(original, on: files, checking: .onFirstUse { _ in })
                    return opened.manifest.files.count
                },
                Body("opened, everything checked", .bytes(byteCount)) {
                    try Snapshot.open(original, on: files, checking: .everything).manifest.files.count
                },
            ], end: { try? files.removeTree(folder) })
    }
}
