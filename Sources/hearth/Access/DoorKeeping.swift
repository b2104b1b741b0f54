import Access
import Bytes
import Foundation
import HTTPService
import Settings
import StoreColumns

/// The doorkeeper of a running server, kept up with the file of keys and the rules for tokens: what opens nothing any more there opens
/// nothing here a second later.
final class DoorKeeping: Sendable {
    let doorkeeper: Doorkeeper
    /// What digests in the audit are made with.
    let digestKey: [UInt8]
    private let keys: FileWatch<KeyFile, KeyFileError>?
    private let tokens: FileWatch<[UInt8], PrivateFileError>?

    /// The file of keys' place beside a data folder, where neither a backup of the folder nor its erasure reaches it.
    static func standardPath(beside data: String) -> String {
        withoutSlash(data) + ".keys"
    }

    static func withoutSlash(_ folder: String) -> String {
        var folder = folder
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        return folder
    }

    /// What a server is told of its door.
    struct Request {
        /// A file of keys that must be there.
        var keys: String?
        /// The data folder, beside which there may be one.
        var data: String?
        /// The rules for tokens; they must be there.
        var tokens: String?
        /// A key or a token with another role opens nothing.
        var roles: KnownRoles
        var limits: LimitValues
        var proxy: String?
        var speaksTLS: Bool
    }

    /// - Returns: Nil where there are neither keys nor rules for tokens.
    static func open(_ request: Request) throws(Failure) -> DoorKeeping? {
        let keys = try openKeys(request)
        guard keys != nil || request.tokens != nil else { return nil }
        let ring = KeyRing(keys?.file.keys ?? [], roles: request.roles)
        let doorkeeper = Doorkeeper(
            ring, roles: request.roles, limits: request.limits, proxy: request.proxy, speaksTLS: request.speaksTLS, now: Clock.now
        )
        let digestKey = keys?.file.digestKey ?? (0..<32).map { _ in UInt8.random(in: 0...255) }
        return DoorKeeping(
            doorkeeper, digestKey, keys: keys.map { watchKeys($0.path, $0.file, doorkeeper) },
            tokens: try request.tokens.map { path throws(Failure) in
                try watchTokens(path, doorkeeper, AuditDigests(key: digestKey))
            })
    }

    private init(
        _ doorkeeper: Doorkeeper, _ digestKey: [UInt8], keys: FileWatch<KeyFile, KeyFileError>?,
        tokens: FileWatch<[UInt8], PrivateFileError>?
    ) {
        self.doorkeeper = doorkeeper
        self.digestKey = digestKey
        self.keys = keys
        self.tokens = tokens
    }

    func start() {
        keys?.start()
        tokens?.start()
    }

    /// Waits for what is being done, and looks no more.
    func stop() {
        keys?.stop()
        tokens?.stop()
    }

    // MARK: Keys

    private static func openKeys(_ request: Request) throws(Failure) -> (path: String, file: KeyFile)? {
        guard let path = request.keys ?? request.data.map(standardPath) else { return nil }
        do throws(KeyFileError) {
            let file = try KeyFile.read(path, on: POSIXFileSystem())
            tellUnknownRoles(file, request.roles)
            guard KeyRing(file.keys, roles: request.roles).usableCount(at: Clock.now()) > 0 else { throw .noUsableKey(path) }
            return (path, file)
        } catch {
            if case .absent = error, request.keys == nil { return nil }
            throw Failure(code: .configuration, message: "\(error)")
        }
    }

    private static func watchKeys(_ path: String, _ first: KeyFile, _ doorkeeper: Doorkeeper) -> FileWatch<KeyFile, KeyFileError>
    {
        FileWatch("hearth.keys", first: first) {
            Result { () throws(KeyFileError) in try KeyFile.read(path, on: POSIXFileSystem()) }
        } take: { result in
            switch result {
            case .success(let file):
                tellUnknownRoles(file, doorkeeper.roles)
                doorkeeper.replace(with: KeyRing(file.keys, roles: doorkeeper.roles))
            case .failure(let error):
                // Nobody can say which keys are revoked by now; so none opens anything until the file can be read again.
                doorkeeper.replace(with: .none)
                Terminal.tell("hearth: no key is accepted until this is mended: \(error)")
            }
        }
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

    // MARK: Tokens

    /// More is no such file.
    private static let tokenFileByteLimit = 1 << 20

    private static func watchTokens(
        _ path: String, _ doorkeeper: Doorkeeper, _ digests: AuditDigests
    ) throws(Failure) -> FileWatch<[UInt8], PrivateFileError> {
        let first: [UInt8]
        do throws(PrivateFileError) {
            first = try PrivateFile.read(path, limit: tokenFileByteLimit, on: POSIXFileSystem())
        } catch {
            throw Failure(code: .configuration, message: "the rules for tokens: \(error)")
        }
        switch rules(first, path, digests) {
        case .success(let check): doorkeeper.replaceTokens(with: check)
        case .failure(let problem): throw problem
        }
        return FileWatch("hearth.tokens", first: first) {
            Result { () throws(PrivateFileError) in
                try PrivateFile.read(path, limit: tokenFileByteLimit, on: POSIXFileSystem())
            }
        } take: { result in
            let reason: String
            switch result {
            case .success(let bytes):
                switch rules(bytes, path, digests) {
                case .success(let check):
                    doorkeeper.replaceTokens(with: check)
                    return
                case .failure(let problem): reason = problem.message
                }
            case .failure(let error): reason = "\(error)"
            }
            // Nobody can say which tokens are denied by now.
            doorkeeper.replaceTokens(with: nil)
            Terminal.tell("hearth: no token is accepted until this is mended: \(reason)")
        }
    }

    private static func rules(_ bytes: [UInt8], _ path: String, _ digests: AuditDigests) -> Result<TokenCheck, Failure> {
        do {
            return .success(try TokenCheck(try TokenSettings(reading: bytes, file: path), digests: digests))
        } catch let problem as TokenKeyProblem {
            return .failure(Failure(code: .configuration, message: "\(path):\(problem.line): \(problem)"))
        } catch {
            return .failure(Failure(code: .configuration, message: "\(error)"))
        }
    }
}
