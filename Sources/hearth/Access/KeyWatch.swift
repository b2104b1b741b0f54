import Access
import Bytes
import Dispatch
import Foundation
import HTTPService
import Settings
import Synchronization

/// Looks at the file of keys twice a second, so that a key that is revoked opens nothing a second later.
final class KeyWatch: Sendable {
    let doorkeeper: Doorkeeper
    /// What digests in the audit are made with.
    let digestKey: [UInt8]
    private let path: String
    private let queue = DispatchQueue(label: "hearth.keys")
    private let state: Mutex<State>

    private struct State {
        /// What was found last.
        var seen: Result<KeyFile, KeyFileError>
        var isStopped = false
    }

    /// The file's place beside a data folder, where neither a backup of the folder nor its erasure reaches it.
    static func standardPath(beside data: String) -> String {
        withoutSlash(data) + ".keys"
    }

    static func withoutSlash(_ folder: String) -> String {
        var folder = folder
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        return folder
    }

    /// - Parameters:
    ///   - named: A file that must be there.
    ///   - data: The data folder, beside which there may be one.
    /// - Returns: Nil where there are no keys.
    static func open(
        _ named: String?, _ data: String?, limits: LimitValues, proxy: String?
    ) throws(Failure) -> KeyWatch? {
        guard let path = named ?? data.map(standardPath) else { return nil }
        let file: KeyFile
        do throws(KeyFileError) {
            file = try KeyFile.read(path, on: POSIXFileSystem())
            guard KeyRing(file.keys).usableCount(at: Clock.now()) > 0 else { throw .noUsableKey(path) }
        } catch {
            if case .absent = error, named == nil { return nil }
            throw Failure(code: .configuration, message: "\(error)")
        }
        return KeyWatch(path, Doorkeeper(KeyRing(file.keys), limits: limits, proxy: proxy, now: Clock.now), file)
    }

    private init(_ path: String, _ doorkeeper: Doorkeeper, _ first: KeyFile) {
        self.path = path
        self.doorkeeper = doorkeeper
        digestKey = first.digestKey
        state = Mutex(State(seen: .success(first)))
    }

    func start() { lookLater() }

    /// Waits for what is being done, and looks no more.
    func stop() {
        state.withLock { $0.isStopped = true }
        queue.sync {}
    }

    private func lookLater() {
        queue.asyncAfter(deadline: .now() + .milliseconds(500)) { [weak self] in self?.look() }
    }

    private func look() {
        guard !state.withLock({ $0.isStopped }) else { return }
        let path = self.path
        let result = Result { () throws(KeyFileError) in try KeyFile.read(path, on: POSIXFileSystem()) }
        let isNew = state.withLock { state in
            defer { state.seen = result }
            return state.seen != result
        }
        if isNew { take(result) }
        lookLater()
    }

    private func take(_ result: Result<KeyFile, KeyFileError>) {
        switch result {
        case .success(let file): doorkeeper.replace(with: KeyRing(file.keys))
        case .failure(let error):
            // Nobody can say which keys are revoked by now; so none opens anything until the file can be read again.
            doorkeeper.replace(with: .none)
            Terminal.tell("hearth: no key is accepted until this is mended: \(error)")
        }
    }
}
