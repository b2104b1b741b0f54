import Bytes
import Exchange
import Foundation
import HTTPService
import Model
import Query
import Store
import StoreColumns
import StoreJournal
import Synchronization

/// An archive that a command verifies or restores.
struct ArchiveReading {
    private let path: String
    private let publicKey: Ed25519PublicKey?
    private let files = POSIXFileSystem()

    /// - Parameter publicKeyFile: Whose signature it must have.
    init(_ path: String, _ publicKeyFile: String?) throws(Failure) {
        self.path = path
        guard let publicKeyFile else {
            publicKey = nil
            return
        }
        guard let key = Ed25519PublicKey(pem: try Self.contents(of: publicKeyFile)) else {
            throw Failure(
                code: .configuration,
                message: "\(publicKeyFile) is no PEM file of an Ed25519 public key, as 'openssl pkey -pubout' writes it")
        }
        publicKey = key
    }

    static func contents(of path: String) throws(Failure) -> [UInt8] {
        do throws(FileError) {
            return try POSIXFileSystem().contents(of: path, limit: 1 << 20)
        } catch {
            throw Failure(code: .system, message: "\(error)")
        }
    }

    private func examined() throws(Failure) -> ArchivedRegister {
        var line = ProgressLine()
        defer { line.finish() }
        var done = 0
        do throws(BagProblems) {
            let bag = try Bag.examine(path, on: files, publicKey: publicKey) { count, total in
                done += count
                line.show(Double(done) / Double(max(total, 1)), "\(done) bytes checked")
            }
            return try Self.opened(bag)
        } catch {
            throw Failure(code: .data, message: "\(path) is not whole:\n\(error)")
        }
    }

    private static func opened(_ bag: Bag) throws(BagProblems) -> ArchivedRegister {
        do throws(ArchivedRegister.Problem) {
            return try ArchivedRegister(bag)
        } catch {
            if case .bag(let problems) = error { throw problems }
            throw BagProblems(.info(label: "data/model", reason: "\(error)"))
        }
    }

    private func load(_ register: ArchivedRegister) throws(Failure) -> GraphVersion {
        let line = Mutex(ProgressLine())
        defer { line.withLock { $0.finish() } }
        do throws(ArchivedRegister.Problem) {
            return try register.load { done in line.withLock { $0.show(done.share, "\(done.rowCount) rows read") } }
        } catch {
            throw Failure(code: .data, message: "\(path): \(error)")
        }
    }

    func verify(_ limits: QueryLimits) throws(Failure) {
        let register = try examined()
        let version = try load(register)
        var line = ProgressLine()
        defer { line.finish() }
        let threads = ScanThreads(count: ProcessInfo.processInfo.activeProcessorCount - 1)
        defer { threads.end() }
        do throws(ArchivedRegister.Problem) {
            try register.check(version, limits: limits, threads: threads) { done, total in
                line.show(Double(done) / Double(max(total, 1)), "\(done) rows written again")
                return false
            }
        } catch {
            throw Failure(code: .data, message: "\(path): \(error)")
        }
        line.finish()
        let archive = register.archive
        let signature =
            publicKey != nil
            ? "signed with the given key" : archive.bag.isSigned ? "signed; give --public-key to check by whom" : "not signed"
        print(
            """
            whole: version \(archive.version), published \(archive.publishedAt), \(archive.rowCount) rows, \
            \(archive.bag.payload.count) files of data, \(archive.bag.byteCount) bytes
            content SHA-256 \(archive.contentDigest.hexadecimal)
            archive SHA-256 \(archive.bag.digest.hexadecimal)
            masking profile \(archive.masking?.text ?? Masking.unmasked); \(signature)
            \(archive.answer.map { answer in
                "the archived answer\(answer.name.map { " to \($0)" } ?? "") follows from the archived rows, byte by byte"
            } ?? "no question was archived")
            """)
    }

    func restore(to folder: String) throws(Failure) {
        let register = try examined()
        let version = try load(register)
        let options = DataOptions.storeOptions(register.model, register.modelText)
        do throws(StoreError) {
            try Store.make(
                folder, version, id: FolderID(high: .random(in: .min ... .max), low: .random(in: .min ... .max)), options)
        } catch {
            throw Failure(error)
        }
        print("version \(version.number), published \(version.publishedAt): \(register.archive.rowCount) rows in \(folder)")
        guard let masking = register.archive.masking else { return }
        print(
            """
            its rows were masked for \(masking.text), and it takes no changes;
            it is served under its own model: hearth serve --data \(folder) --model \(path)/data/model --access none
            """)
    }
}
