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
    private let roles: KnownRoles
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
    ///   - roles: A key with another role opens nothing, and that is told.
    /// - Returns: Nil where there are no keys.
    static func open(
        _ named: String?, _ data: String?, roles: KnownRoles, limits: LimitValues, proxy: String?
    ) throws(Failure) -> KeyWatch? {
        guard let path = named ?? data.map(standardPath) else { return nil }
        let file: KeyFile
        do throws(KeyFileError) {
            file = try KeyFile.read(path, on: POSIXFileSystem())
            tellUnknownRoles(file, roles)
            guard KeyRing(file.keys, roles: roles).usableCount(at: Clock.now()) > 0 else { throw .noUsableKey(path) }
        } catch {
            if case .absent = error, named == nil { return nil }
            throw Failure(code: .configuration, message: "\(error)")
        }
        let ring = KeyRing(file.keys, roles: roles)
        return KeyWatch(path, Doorkeeper(ring, roles: roles, limits: limits, proxy: proxy, now: Clock.now), file)
    }

    private init(_ path: String, _ doorkeeper: Doorkeeper, _ first: KeyFile) {
        self.path = path
        self.doorkeeper = doorkeeper
        roles = doorkeeper.roles
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

    /// What a key's holder would wonder about, and its owner can mend.
    private static func tellUnknownRoles(_ file: KeyFile, _ roles: KnownRoles) {
        let now = Clock.now()
        for key in file.keys where key.isUsable(at: now) && !roles.contains(key.role) {
            Terminal.tell(
                "hearth: the key \(key.id) has the role \(key.role), which is none of those known here (\(roles.text)); it opens nothing"
            )
        }
    }

    private func take(_ result: Result<KeyFile, KeyFileError>) {
        switch result {
        case .success(let file):
            Self.tellUnknownRoles(file, roles)
            doorkeeper.replace(with: KeyRing(file.keys, roles: roles))
        case .failure(let error):
            // Nobody can say which keys are revoked by now; so none opens anything until the file can be read again.
            doorkeeper.replace(with: .none)
            Terminal.tell("hearth: no key is accepted until this is mended: \(error)")
        }
    }
}
