import Bytes
import Exchange
import HTTPService
import Model
import StoreColumns

/// A folder of CSV files read, checked and made the first version of a graph.
struct Importing {
    private let sample: Sample
    private let folder: String

    init(_ sample: Sample, folder: String?) {
        self.sample = sample
        self.folder = folder ?? sample.root + "/Snapshots/hanyang/data/rows"
    }

    func group() throws -> Group {
        let model = sample.register.model
        let files = try RegisterFiles.files(in: folder, extensions: ["csv"])
            .map { SourceFile(name: $0.name, bytes: $0.bytes) }
        let byteCount = files.reduce(0) { $0 + $1.bytes.count }
        let read = { Importer(model: model).read(files) }
        let rowCount = read().report.files.reduce(0) { $0 + $1.rowCount }
        let load = {
            try read().apply(to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0))
        }
        _ = try load()
        return Group(
            name: "import", title: "\(files.count) CSV files, \(byteCount) bytes, \(rowCount) rows",
            comparison: "beside the SHA-256 of the same bytes",
            bodies: [
                Body("SHA-256", .bytes(byteCount)) {
                    files.map { SHA256Digest(of: $0.bytes).bytes.count }.reduce(0, +)
                },
                Body("read", .bytes(byteCount)) { read().report.files.count },
                Body("read and made a version", .bytes(byteCount)) { Int(try load().number) },
                Body("the same, in rows", .things(rowCount, "rows")) { Int(try load().number) },
                Body("loaded in bulk by two threads", .things(rowCount, "rows")) {
                    let instant = Instant(microseconds: 0)
                    return Int(
                        try Importer(model: model).load(files, number: 1, publishedAt: instant, asOf: instant.day, workers: 2)
                            .version.number)
                },
            ])
    }
}
