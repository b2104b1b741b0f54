import ArgumentParser
import Bytes
import Foundation
import Store

/// `hearth snapshot --data FOLDER`
struct SnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Writes the current version of a data folder as a snapshot.",
        discussion: """
            The journal begins anew behind it, and the oldest snapshots beyond --keep are removed. A server that has the folder \
            open is asked to do it, by a file in the folder, and keeps as many snapshots as it was told itself.
            """)

    @OptionGroup var folder: DataFolderOptions

    @Option(help: ArgumentHelp("How many snapshots are kept. Standard: 8.", valueName: "number"))
    var keep = 8

    @Option(help: ArgumentHelp("How many seconds a server that has the folder open is waited for.", valueName: "seconds"))
    var wait = 600

    func validate() throws {
        if keep < 1 { throw ValidationError("--keep is at least 1: the last good snapshot always stays.") }
        if wait < 1 { throw ValidationError("--wait is at least 1.") }
    }

    func run() throws {
        let options = try folder.writing(keeping: keep)
        let snapshot: SnapshotEntry
        do throws(StoreError) {
            let store = try folder.opened(options)
            let written = try store.snapshot()
            try store.close()
            snapshot = written
        } catch {
            guard case .locked = error.reason else { throw Failure(error) }
            snapshot = try askServer()
        }
        print("version \(snapshot.version), published \(snapshot.publishedAt), SHA-256 of its manifest \(snapshot.digest)")
    }

    private func askServer() throws(Failure) -> SnapshotEntry {
        let files = POSIXFileSystem()
        let token = "\(ProcessInfo.processInfo.processIdentifier)-\(UInt64.random(in: .min ... .max))"
        let end = ContinuousClock.now + .seconds(wait)
        do {
            try StoreRequest.askForSnapshot(of: folder.data, token: token, on: files)
            while true {
                switch try StoreRequest.state(of: folder.data, token: token, on: files) {
                case .waiting: break
                case .done(let snapshot): return snapshot
                case .failed(let code, let message):
                    throw Failure(code: ExitStatus(rawValue: code) ?? .system, message: message)
                case .forgotten:
                    throw Failure(code: .system, message: "the server that had \(folder.data) open ended before it answered")
                }
                guard ContinuousClock.now < end else {
                    StoreRequest.forget(folder.data, token: token, on: files)
                    throw Failure(code: .system, message: "no snapshot was written within \(wait) seconds")
                }
                Thread.sleep(forTimeInterval: 0.05)
            }
        } catch let error as StoreError {
            throw Failure(error)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(code: .system, message: "\(error)")
        }
    }
}
